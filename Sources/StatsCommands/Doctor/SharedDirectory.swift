import Glibc
import SystemCalls

/// A directory that the members of a group deploy with: that of the ledger, or of a lock.
struct SharedDirectory: Hashable {
    let path: String
    let group: String
    let mode: mode_t

    /// The directory of a ledger: nobody else reads what is recorded.
    static func ofLedger(_ path: String, _ group: String) -> Self {
        Self(path: path, group: group, mode: 0o2770)
    }

    /// The directory of a lock: everybody reads who has it.
    static func ofLock(_ path: String, _ group: String) -> Self {
        Self(path: path, group: group, mode: 0o2775)
    }

    /// What the members' group is called when nobody says.
    static let usualGroup = "deploy"

    /// A lock for the members alone, where the usual one is not for everybody or for too many.
    static let usualLock = "/srv/deploy/deploy.lock"

    /// The group that shares a directory already, but for root's; nil when none does.
    static func sharer(of path: String) -> gid_t? {
        guard let status = try? FileSystem.status(path), status.isDirectory,
            status.mode & S_IWGRP != 0, status.gid != 0
        else { return nil }
        return status.gid
    }

    /// Creates it, or gives it to the group.
    var command: String {
        Remedy.command("install", "-d", "-m", String(mode, radix: 8), "-g", group, path)
    }

    /// Whether members of the group with that number can use what is there.
    func isUsable(_ status: FileStatus, by gid: gid_t?) -> Bool {
        status.gid == gid && status.mode & (S_ISGID | S_IRWXG) == (S_ISGID | S_IRWXG)
    }
}
