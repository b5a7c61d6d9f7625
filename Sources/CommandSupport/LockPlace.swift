public import ArgumentParser
public import DeployLock
public import Ledger

/// Which lock, as every tool about locks is told.
public struct LockPlaceOptions: ParsableArguments {
    /// The file to lock.
    @Option(
        help: ArgumentHelp(
            "The file to lock. (default: \(LockPaths.defaultLockFile))", valueName: "path"),
        completion: .file())
    public var lockFile: String?

    /// Where facts about the holder are published.
    @Option(
        help: ArgumentHelp(
            "Where facts about the holder are published. (default: .info for .lock)",
            valueName: "path"),
        completion: .file())
    public var infoFile: String?

    /// For the parser.
    public init() {}

    /// An empty name would be that of the current directory.
    public func validate() throws {
        if lockFile?.isEmpty == true || infoFile?.isEmpty == true {
            throw ValidationError("--lock-file and --info-file take a path, not nothing")
        }
    }

    /// The lock's files: options before environment before configuration file.
    public func paths(_ configuration: Configuration) -> LockPaths {
        LockPaths(lockFile: lockFile, infoFile: infoFile, configuration)
    }
}

extension LockPaths {
    /// The files that options name, else the environment, else the configuration file, else the
    /// ones people mean when they name none.
    public init(lockFile: String?, infoFile: String?, _ configuration: Configuration) {
        self.init(
            lockFile: lockFile ?? configuration.value("DEPLOY_LOCK_FILE")
                ?? LockPaths.defaultLockFile,
            infoFile: infoFile ?? configuration.value("DEPLOY_LOCK_INFO_FILE"))
    }
}

extension LedgerSettings {
    /// The ledger an option names, else the environment, else the configuration file, else the
    /// one people mean when they name none.
    public init(option: String?, _ configuration: Configuration) throws {
        let path =
            option ?? configuration.value("DEPLOY_LEDGER") ?? LedgerSettings.defaultPath()
        if let reason = Self.refusal(of: path) {
            throw ValidationError("\(reason); name a file with --ledger or DEPLOY_LEDGER")
        }
        self.init(path: path)
    }
}
