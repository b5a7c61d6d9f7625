import ArgumentParser
import CommandSupport
import Ledger
import Queries

/// Which ledger is read.
struct LedgerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The ledger's file. (default: DEPLOY_LEDGER, else the configuration file's)",
            valueName: "path"), completion: .file())
    var ledger: String?

    /// The ledger's path and where its events wait when they cannot be written.
    func settings() throws -> LedgerSettings { try settings(Configuration.forCommand()) }

    /// The same with a configuration that was read before.
    func settings(_ configuration: Configuration) throws -> LedgerSettings {
        try LedgerSettings(option: ledger, configuration)
    }
}

extension LedgerSettings {
    /// Opens the ledger, which must be there.
    func open() throws -> LedgerReader {
        do throws(LedgerError) {
            return try LedgerReader(path: path)
        } catch {
            // Without a ledger the events may all be waiting elsewhere.
            throw Failure.because("\(error)", further: Notices.spool(self))
        }
    }

    /// Opens the ledger for statements that are not ours: they can do nothing but read.
    func openOnlyForReading() throws -> LedgerReader {
        let reader = try open()
        try Failure.wrap { try AnswerLimit.restrict(reader.connection) }
        return reader
    }
}
