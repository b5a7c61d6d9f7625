import Glibc
import SystemCalls

/// Where one lock and what belongs to it live.
package struct LockPaths: Hashable, Sendable {
    /// The lock when nobody names one.
    package static let defaultLockFile = "/var/lock/deploy.lock"

    /// The file that is locked with `flock(2)`, by us and by plain `flock(1)`.
    package let lockFile: String
    /// The published facts about the holder.
    package let infoFile: String
    /// The directory of the tickets.
    package var queueDirectory: String { lockFile + ".queue" }
    /// Locked while a number is taken; holds the last number given.
    package var gateFile: String { queueDirectory + "/gate" }
    /// The directory they all live in.
    package var directory: String { Path.parent(of: lockFile) }

    /// The files of the lock at `lockFile`, with the info file beside it unless given.
    package init(lockFile: String, infoFile: String? = nil) {
        let path = Path.canonical(lockFile)
        let stem = path.hasSuffix(".lock") ? String(path.dropLast(5)) : path
        self.lockFile = path
        self.infoFile = infoFile ?? stem + ".info"
    }

    /// Paths as they may stand in a ledger for locks that somebody names: as given and as the wrapper
    /// would record them here and now.
    ///
    /// As given, because the ledger may come from another machine, or from a time when a directory
    /// was not yet a symbolic link.
    package static func recorded(_ given: [String]) -> [String] {
        given.flatMap { given in
            let recorded = LockPaths(lockFile: given).lockFile
            return given == recorded ? [given] : [given, recorded]
        }
    }
}
