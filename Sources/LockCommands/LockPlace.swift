import ArgumentParser
import CommandSupport
import DeployLock
import Ledger

/// Which lock, as every tool about locks is told.
struct LockPlaceOptions: ParsableArguments {
    @Option(help: "The file to lock. (default: \(LockPaths.defaultLockFile))")
    var lockFile: String?

    @Option(help: "Where facts about the holder are published. (default: .info for .lock)")
    var infoFile: String?

    /// The lock's files: options before environment before configuration file.
    func paths(_ configuration: Configuration) -> LockPaths {
        LockPaths(
            lockFile: lockFile ?? configuration.value("DEPLOY_LOCK_FILE")
                ?? LockPaths.defaultLockFile,
            infoFile: infoFile ?? configuration.value("DEPLOY_LOCK_INFO_FILE"))
    }
}

extension LedgerSettings {
    /// The ledger an option names, else the environment, else the configuration file, else the
    /// one people mean when they name none.
    init(option: String?, _ configuration: Configuration) {
        self.init(
            path: option ?? configuration.value("DEPLOY_LEDGER") ?? LedgerSettings.defaultPath())
    }
}
