import ArgumentParser
import CommandSupport
import Ledger
import SQLite

/// Which ledger is read.
struct LedgerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The ledger's file; otherwise DEPLOY_LEDGER, the configuration file, the default place.",
            valueName: "path"), completion: .file())
    var ledger: String?

    /// The ledger's path and where its events wait when they cannot be written.
    func settings() throws -> LedgerSettings {
        try settings(Failure.wrap { try Configuration.load() })
    }

    /// The same with a configuration that was read before.
    func settings(_ configuration: Configuration) throws -> LedgerSettings {
        try LedgerSettings(option: ledger, configuration)
    }

    /// Opens the ledger, which must be there.
    func open() throws -> LedgerReader { try Self.open(settings()) }

    /// Opens the ledger of these settings, which must be there.
    static func open(_ settings: LedgerSettings) throws -> LedgerReader {
        do throws(LedgerError) {
            return try LedgerReader(path: settings.path)
        } catch {
            // Without a ledger the events may all be waiting elsewhere.
            let waiting = SpoolNotice.text(settings).map { [$0] } ?? []
            throw Failure.because("\(error)", further: waiting)
        }
    }

    /// Opens the ledger for statements that are not ours: they can do nothing but read.
    func openOnlyForReading() throws -> LedgerReader {
        let reader = try open()
        try Failure.wrap { try reader.connection.allowOnlyReading() }
        AnswerLimit.restrict(reader.connection)
        return reader
    }
}
