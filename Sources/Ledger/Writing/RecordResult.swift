internal import Glibc
internal import SystemCalls

/// Where events ended up.
package enum RecordResult: Sendable {
    /// In the ledger, on the disk; `began` tells that the ledger began with this.
    case written(
        head: Head, drained: Int, swept: [SweptDeployment], began: LedgerBeginning? = nil)
    /// In a spool directory, on the disk; the next healthy run takes them to the ledger.
    case spooled(directory: String, reason: String)
    /// In the system's log only.
    case syslog(reason: String)
    /// Nowhere; the caller prints them, see `words`.
    case lost([EventEnvelope], reason: String)

    /// Whether the events are safe on a disk.
    package var isDurable: Bool {
        switch self {
        case .written, .spooled: true
        case .syslog, .lost: false
        }
    }

    /// One sentence for people; nil when all is well.
    package var warning: String? {
        switch self {
        case .written(_, _, _, let began): began?.words
        case .spooled(let directory, let reason):
            "the ledger could not be written (\(reason)); its events wait in \(directory) and "
                + "will be added by the next run\(Self.reader(of: directory)) that can write the ledger"
        case .syslog(let reason):
            "neither the ledger nor a spool could be written (\(reason)); its events are in "
                + "the system log"
        case .lost(_, let reason):
            "neither the ledger nor a spool nor the system log could be written (\(reason)); "
                + "this is all there is of its events:"
        }
    }

    /// Whose runs look into a directory of a spool: everybody's beside a ledger that is shared, its
    /// owner's elsewhere.
    private static func reader(of directory: String) -> String {
        let isShared = (try? FileSystem.status(directory)).map { $0.mode & S_IWGRP != 0 }
        return isShared == true ? "" : " of \(User.name(of: User.effectiveID))"
    }

    /// What to tell people, line by line: the warning and, when no other place is left for them,
    /// the events themselves.
    package var words: [String] {
        guard case .lost(let lines, _) = self else { return warning.map { [$0] } ?? [] }
        let texts = lines.flatMap { $0.text.split(separator: "\n") }
        return (warning.map { [$0] } ?? []) + texts.map { "event: \($0)" }
    }
}
