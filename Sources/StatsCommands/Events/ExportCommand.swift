import ArgumentParser
import CommandSupport
import Ledger

/// `deploystats export`.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write all events exactly as they were hashed, one JSON record per line.",
        discussion: """
            A record with a detail (command, directory, message) is followed by a line with the \
            detail and its salt. 'deploystats import --events' reads the result.
            """)

    @Option(help: ArgumentHelp("Only events with a higher seq.", valueName: "seq"))
    var after: Int64 = 0

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    /// Read at a time, so that no snapshot of the ledger is held while a reader keeps us waiting.
    private static let piece = 2000

    func run() throws {
        let reader = try ledger.settings().open()
        let output = StandardOutput()
        var seq = after
        while let last = try piece(reader, after: seq, to: output) { seq = last }
        try output.flush()
    }

    /// Writes one piece; the result is the last event's place, nil when there was none.
    private func piece(
        _ reader: LedgerReader, after seq: Int64, to output: StandardOutput
    ) throws -> Int64? {
        let (texts, last) = try Failure.wrap { try reader.records(after: seq, limit: Self.piece) }
        for text in texts { try output.write(text) }
        return last
    }
}
