import CommandSupport
import Ledger
import Queries
import SystemCalls
import Wording

/// What a report lacks, in sentences.
enum Notices {
    /// Events that are not in the ledger yet.
    static func spool(_ settings: LedgerSettings) -> [String] {
        let waiting = settings.spooled.waiting
        guard waiting > 0 else { return [] }
        let places = settings.spoolsInUse.joined(separator: ", ")
        return [
            "\(PluralText.text(waiting, "event is", "events are")) in the spool (\(places)), not in any report; "
                + "the next deployment that can write the ledger adds them"
        ]
    }

    /// The holes in the ledger's history that a window reaches back to.
    static func interruptions(_ reader: LedgerReader, in window: Window) -> [String] {
        ((try? reader.interruptions()) ?? [])
            .filter { $0.atUs > window.since.microseconds }
            .map { "Incomplete: \($0.words)" }
    }

    /// What a filter asks for although the ledger has no such deployment.
    static func filter(_ filter: ReportFilter, _ reader: LedgerReader) throws -> [String] {
        try Failure.wrap { try filter.notes(reader.connection) }
    }

    /// Prints them below a table, and on standard error where the output is for programs.
    static func say(_ texts: [String], belowTable: Bool) throws {
        for text in texts {
            if belowTable {
                try StandardOutput.print(text.escapedForTerminal + "\n")
            } else {
                Terminal.complain("deploystats: " + text)
            }
        }
    }
}
