package import ArgumentParser
package import DeployLock
package import Ledger

/// Which lock, as every tool about locks is told.
package struct LockPlaceOptions: ParsableArguments {
    /// The file to lock.
    @Option(
        help: ArgumentHelp(
            "The file to lock. (default: \(LockPaths.defaultLockFile))", valueName: "path"),
        completion: .file())
    package var lockFile: String?

    /// Where facts about the holder are published.
    @Option(
        help: ArgumentHelp(
            "Where facts about the holder are published. (default: .info for .lock)",
            valueName: "path"),
        completion: .file())
    package var infoFile: String?

    /// For the parser.
    package init() {}

    /// An empty name would be that of the current directory.
    package func validate() throws {
        if lockFile?.isEmpty == true || infoFile?.isEmpty == true {
            throw ValidationError("--lock-file and --info-file must not be empty")
        }
    }

    /// The lock's files: options before environment before configuration file.
    package func paths(_ configuration: Configuration) -> LockPaths {
        LockPaths(lockFile: lockFile, infoFile: infoFile, configuration)
    }
}

extension LockPaths {
    /// The files that options name, else the environment, else the configuration file, else the
    /// ones people mean when they name none.
    package init(lockFile: String?, infoFile: String?, _ configuration: Configuration) {
        self.init(
            lockFile: lockFile ?? configuration.value("DEPLOY_LOCK_FILE")
                ?? LockPaths.defaultLockFile,
            infoFile: infoFile ?? configuration.value("DEPLOY_LOCK_INFO_FILE"))
    }
}

extension LedgerSettings {
    /// The ledger an option names, else the environment, else the configuration file, else the
    /// one people mean when they name none.
    package init(option: String?, _ configuration: Configuration) throws {
        let path =
            option ?? configuration.value("DEPLOY_LEDGER") ?? LedgerSettings.defaultPath()
        if let reason = Self.refusal(of: path) {
            throw ValidationError("\(reason); name a file with --ledger or DEPLOY_LEDGER")
        }
        self.init(path: path)
    }
}
