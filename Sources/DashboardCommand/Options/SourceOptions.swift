import ArgumentParser
import CommandSupport
import DeployLock
import Ledger
import Status

/// Which ledger and which locks are shown.
struct SourceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The ledger's file. (default: DEPLOY_LEDGER, else the configuration file's)",
            valueName: "path"), completion: .file())
    var ledger: String?

    @Option(
        help: ArgumentHelp(
            "A lock to show; may be given more than once. (default: \(LockPaths.defaultLockFile))",
            valueName: "path"), completion: .file())
    var lockFile: [String] = []

    func validate() throws {
        if lockFile.contains("") { throw ValidationError("--lock-file must not be empty") }
    }

    /// What these and the configuration file say.
    func source(_ configuration: Configuration) throws -> StatusSource {
        // One setting for the facts of several locks would be wrong for all but one.
        let locks =
            lockFile.count > 1
            ? lockFile.map { LockPaths(lockFile: $0) }
            : [LockPaths(lockFile: lockFile.first, infoFile: nil, configuration)]
        let settings = try LedgerSettings(option: ledger, configuration)
        do throws(Configuration.Problem) {
            return try StatusSource(settings, locks: locks, configuration)
        } catch {
            throw ValidationError(error.description)
        }
    }
}
