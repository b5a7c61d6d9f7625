import CommandSupport
import Ledger
import Queries
import SystemCalls
import Wording

/// What waits outside of the ledger and is in no report yet.
enum SpoolNotice {
    /// A sentence, or nil when nothing waits or nothing can be seen.
    static func text(_ settings: LedgerSettings) -> String? {
        let counts = settings.spoolRoots.map { root in
            ((try? FileSystem.entries(of: root)) ?? []).count { $0.hasSuffix(".event") }
        }
        let total = counts.reduce(0, +)
        guard total > 0 else { return nil }
        let places = zip(settings.spoolRoots, counts).filter { $0.1 > 0 }.map(\.0)
        let events = Counted.text(total, "event waits", "events wait")
        return "\(events) in the spool (\(places.joined(separator: ", "))), in no report yet: "
            + "the next deployment adds what it finds there"
    }
}

/// Where a ledger's history has a hole, in sentences for a report.
enum InterruptionNotice {
    /// Those that a window reaches back behind.
    static func texts(_ reader: LedgerReader, in window: Window) -> [String] {
        ((try? reader.interruptions()) ?? [])
            .filter { $0.atUs > window.since.microseconds }
            .map { "Incomplete: \($0.words)" }
    }
}

extension SpoolNotice {
    /// Says it below a table, and on standard error where the output is for programs.
    static func say(_ settings: LedgerSettings, as format: OutputFormat) throws {
        try say(settings, belowTable: format == .table)
    }

    /// The same for reports with formats of their own.
    ///
    /// - Parameter others: what else the figures lack.
    static func say(_ settings: LedgerSettings, belowTable: Bool, _ others: [String] = []) throws {
        for text in others + (text(settings).map { [$0] } ?? []) {
            if belowTable {
                try Output.print(text.escapedForTerminal + "\n")
            } else {
                Terminal.complain("deploystats: " + text)
            }
        }
    }
}
