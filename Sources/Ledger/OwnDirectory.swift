internal import Glibc
internal import SystemCalls

/// Whom a directory belongs to that anybody may have created, such as those in `/var/tmp`.
enum OwnDirectory {
    /// Whether nobody but us and root can change what is in it, or put something in its place.
    static func isOursAlone(_ path: String) throws(SystemError) -> Bool {
        let status = try FileSystem.status(path, followingLinks: false)
        return status.isDirectory && isOurs(status) && status.mode & (S_IWOTH | S_IWGRP) == 0
            && isSafeBelow(Path.parent(of: path))
    }

    /// Whether nobody but us and root can put something else in the place of what is below.
    private static func isSafeBelow(_ directory: String) -> Bool {
        guard let status = try? FileSystem.status(directory), isOurs(status),
            status.mode & (S_IWOTH | S_IWGRP) == 0 || status.mode & S_ISVTX != 0
        else { return false }
        let parent = Path.parent(of: directory)
        return parent == directory || isSafeBelow(parent)
    }

    private static func isOurs(_ status: FileStatus) -> Bool {
        status.uid == User.effectiveID || status.uid == 0
    }
}
