package import CommandSupport
package import DeployLock

/// Which locks of this machine are looked at.
package enum LockPlace {
    /// Those that options name, else the environment's or the configuration file's, else the one
    /// of `deploy-with-lock`; each once.
    package static func paths(_ given: [String], _ configuration: Configuration) -> [LockPaths] {
        let usual = LockPaths(lockFile: nil, infoFile: nil, configuration)
        var paths: [LockPaths] = []
        for path in given.map({ LockPaths(lockFile: $0) }) where !paths.contains(path) {
            paths.append(path.lockFile == usual.lockFile ? usual : path)
        }
        return given.isEmpty ? [usual] : paths
    }
}
