import Glibc
import JSON
package import SystemCalls

/// A place in the queue: a file that its owner keeps locked for as long as it lives.
///
/// The kernel lets go of the lock when its last process ends however it ends, so a ticket is alive
/// exactly while its wrapper or its keeper is. Its text begins with `RunLine` and grows by whole
/// lines: `facts {…}` (the last one counts) and entries that other layers keep here until they are
/// safe elsewhere.
package struct Ticket: ~Copyable, Sendable {
    /// The deployment's number.
    package let number: Int64
    /// Where the file is.
    package let path: String
    /// Whether the last number was not known beside the lock: after a restart of the machine, or
    /// when somebody removed the queue.
    package let counterWasLost: Bool
    /// The open file, whose lock a keeper shares.
    package let descriptor: FileDescriptor

    /// Takes over the ticket of a wrapper that was lost, from its keeper.
    package init(number: Int64, path: String, inheriting descriptor: consuming FileDescriptor) {
        self.init(
            number: number, path: path, counterWasLost: false, descriptor: descriptor)
    }

    init(
        number: Int64, path: String, counterWasLost: Bool, descriptor: consuming FileDescriptor
    ) {
        self.number = number
        self.path = path
        self.counterWasLost = counterWasLost
        self.descriptor = descriptor
    }

    /// Opens the ticket again for `RunLine`: what is written through it goes where it is told to.
    ///
    /// A descriptor that appends cannot do that, pwrite(2).
    package func openForRunLine() throws(SystemError) -> FileDescriptor {
        try FileDescriptor.open("/proc/self/fd/\(descriptor.rawValue)", O_WRONLY)
    }

    /// What stands in it.
    package var text: TicketText {
        TicketText(parsing: (try? descriptor.contents(limit: TicketText.longest)) ?? [])
    }

    /// Whether a forced unlock has decided, or is about to decide, how the deployment ends.
    package var isForced: Bool {
        TicketText.isForced((try? descriptor.contents(limit: TicketText.longest)) ?? [])
    }

    /// Takes over into `facts` what keeper and command wrote of themselves.
    package func readRunLine(into facts: inout DeploymentFacts) {
        guard let bytes = try? descriptor.read(count: RunLine.length, at: 0) else { return }
        RunLine(line: bytes[...])?.note(in: &facts)
    }

    /// Whether no deployment runs inside this one any more; none can begin from then on.
    ///
    /// See `NestedHold`.
    package func closesToInnerDeployments() -> Bool {
        (try? descriptor.tryRecordLock(.exclusive)) ?? true
    }

    /// Adds new facts and other entries in one write; a full disk is no reason to stop.
    package func note(_ facts: DeploymentFacts?, entries: [String] = []) {
        try? descriptor.write(TicketText.encode(facts, entries: entries))
    }

    /// The same in the place of an owner that may have been killed in the middle of a line.
    package func resume(entries: [String]) {
        let bytes = (try? descriptor.contents(limit: TicketText.longest)) ?? []
        try? descriptor.write(
            TicketText.ending(bytes) + TicketText.encode(nil, entries: entries))
    }

    /// Adds the last entries, those that tell how the deployment ended.
    ///
    /// Either they or a forced unlock come first, never both: whoever decides the outcome holds the
    /// ticket's writing lock from looking to writing.
    ///
    /// - Parameter entries: asked with what stands in the ticket when a forced unlock has left its
    ///   mark there.
    /// - Returns: the same.
    package func end(_ entries: (TicketText?) -> [String]) -> TicketText? {
        // In vain only while somebody who may just read the ticket has a lock on it, too: then no
        // forced unlock can write either.
        let isLocked = (try? descriptor.lockWriting(within: Self.patience)) == true
        defer { if isLocked { try? descriptor.unlockWriting() } }
        let bytes = (try? descriptor.contents(limit: TicketText.longest)) ?? []
        let text = TicketText.isForced(bytes) ? TicketText(parsing: bytes) : nil
        try? descriptor.write(
            TicketText.ending(bytes) + TicketText.encode(nil, entries: entries(text))
                + TicketText.endMark)
        return text
    }

    /// How long a lock on the ticket is waited for that takes microseconds, in µs.
    static let patience: Int64 = 1_000_000

    /// Lets the next in line pass; the file and its text stay, and are still ours, see
    /// `TicketFile.isOwned`.
    package func release() {
        _ = try? descriptor.tryRecordLock(.exclusive)
        try? descriptor.unlock()
    }

    /// Removes the file: nothing in it is needed any more.
    package func remove() {
        try? FileSystem.unlink(path)
    }

    /// Removes the file of a deployment that was abandoned, which has another name by then.
    package func removeAbandoned() {
        try? FileSystem.unlink(TicketFile.abandonedPath(path))
    }
}

/// What stands in a ticket.
package struct TicketText: Hashable, Sendable {
    /// The newest facts.
    package let facts: DeploymentFacts?
    /// The other entries, in the order they were written; each may be several lines.
    package let entries: [String]
    /// What the newest forced unlock has to say.
    package let forced: UnlockNotice?
    /// Whether the owner has written how its deployment ended.
    package let hasEnded: Bool
    /// How the command ended, of a keeper that could write no more than that.
    package let rawEnd: RawEnd?

    /// More than any ticket has: what is unbounded in a deployment's facts is cut off.
    static let longest = 4 << 20
    private static let factsMark = "facts "
    private static let entryMark = "event "
    private static let continuationMark = "  "
    private static let forcedMark = "forced "
    static let endMark = Array("ended\n".utf8)

    /// Reads a ticket's text; a last line cut short by a kill is left out.
    package init(parsing bytes: [UInt8]) {
        var facts: DeploymentFacts?
        var entries: [String] = []
        var forced: UnlockNotice?
        var hasEnded = false
        var run: RunLine?
        var rawEnd: RawEnd?
        let end = bytes.lastIndex(of: UInt8(ascii: "\n")) ?? 0
        for line in bytes[..<end].split(separator: UInt8(ascii: "\n")) {
            if let json = line.rest(after: Self.factsMark) {
                facts = DeploymentFacts(parsing: Array(json)) ?? facts
            } else if let entry = line.rest(after: Self.entryMark) {
                entries.append(String(decoding: entry, as: UTF8.self) + "\n")
            } else if let more = line.rest(after: Self.continuationMark), !entries.isEmpty {
                entries[entries.count - 1] += String(decoding: more, as: UTF8.self) + "\n"
            } else if let json = line.rest(after: Self.forcedMark) {
                forced = UnlockNotice(parsing: Array(json)) ?? forced
            } else if line.elementsEqual(Self.endMark.dropLast()) {
                hasEnded = true
            } else if line.startIndex == 0, let own = RunLine(line: line) {
                run = own
            } else if let fields = line.rest(after: RawEnd.mark) {
                rawEnd = RawEnd(parsing: fields)
            }
        }
        if let run, var noted = facts {
            run.note(in: &noted)
            facts = noted
        }
        self.rawEnd = rawEnd
        self.facts = facts
        self.entries = entries
        self.forced = forced
        self.hasEnded = hasEnded
    }

    /// Whether a forced unlock has left its mark: the wrapper looks for it between the end of its
    /// command and the release, so nothing else is read.
    static func isForced(_ bytes: [UInt8]) -> Bool {
        bytes.split(separator: UInt8(ascii: "\n")).contains { $0.starts(with: forcedMark.utf8) }
    }

    /// What has to be written before a new line: its owner may have been killed in the middle of one.
    static func ending(_ bytes: [UInt8]) -> [UInt8] {
        bytes.last.map { $0 == UInt8(ascii: "\n") } ?? true ? [] : [UInt8(ascii: "\n")]
    }

    static func encode(_ mark: UnlockNotice) -> [UInt8] {
        Array("\(forcedMark)\(mark.json)\n".utf8)
    }

    static func encode(_ facts: DeploymentFacts?, entries: [String]) -> [UInt8] {
        var text: [UInt8] = []
        if let facts {
            text += factsMark.utf8
            text += facts.json()
            text.append(UInt8(ascii: "\n"))
        }
        for entry in entries {
            // Byte for byte: looking for whole characters would take longer than writing them.
            let lines = Array(entry.utf8).split(separator: UInt8(ascii: "\n"))
            for (index, line) in lines.enumerated() {
                text += (index == 0 ? entryMark : continuationMark).utf8
                text += line
                text.append(UInt8(ascii: "\n"))
            }
        }
        return text
    }
}

extension ArraySlice<UInt8> {
    fileprivate func rest(after mark: String) -> ArraySlice? {
        starts(with: mark.utf8) ? dropFirst(mark.utf8.count) : nil
    }
}
