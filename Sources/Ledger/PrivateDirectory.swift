internal import Glibc
internal import SystemCalls

/// Directories in places where anybody may have made them, such as those in `/var/tmp`: of use only
/// when nobody but us and root can change what is in them, or put something in their place.
///
/// Each step from the root on is opened in the one before, and judged before anything is made in it
/// or followed: nothing that has been found safe can be replaced by others.
enum PrivateDirectory {
    /// Whether a directory is ours alone.
    static func isPrivate(_ path: String) throws(SystemError) -> Bool {
        do {
            _ = try open(path, makes: false)
            return true
        } catch {
            if error.code == ENOENT { throw error }
            return false
        }
    }

    /// Opens a directory that is ours alone, making what is missing of it.
    ///
    /// Throws `EACCES` when others can write in it or above it, or it is not ours.
    static func make(_ path: String) throws(SystemError) -> Directory {
        try open(path, makes: true)
    }

    private static func open(_ path: String, makes: Bool) throws(SystemError) -> Directory {
        let directory = try step(path, makes: makes)
        try require(isWrittenByOthers(directory.status()) == false, path)
        return directory
    }

    /// Opens one directory that others cannot put something in the place of.
    private static func step(_ path: String, makes: Bool) throws(SystemError) -> Directory {
        let parent = Path.parent(of: path)
        if parent == path || parent == "." { return try safe(Directory.open(path)) }
        let above = try step(parent, makes: makes)
        let name = Path.name(of: path)
        var status = try? above.status(of: name)
        if status == nil, makes {
            try above.makeDirectory(name, FileAccess(mode: 0o700))
            status = try above.status(of: name)
        }
        if status?.isSymbolicLink == true {
            // Such as /var/run. Where others may make links, none is followed.
            try require(try isWrittenByOthers(above.status()) == false, path)
            guard let resolved = FileSystem.resolved(path) else {
                throw SystemError("open", path, code: ENOENT)
            }
            return try step(resolved, makes: makes)
        }
        return try safe(above.open(directory: name))
    }

    private static func safe(_ directory: consuming Directory) throws(SystemError) -> Directory {
        let status = try directory.status()
        let isOurs = status.uid == User.effectiveID || status.uid == 0
        // In a sticky directory everybody has what is theirs.
        try require(
            isOurs && (!isWrittenByOthers(status) || status.mode & S_ISVTX != 0), directory.path)
        return directory
    }

    private static func isWrittenByOthers(_ status: FileStatus) -> Bool {
        status.mode & (S_IWOTH | S_IWGRP) != 0
    }

    private static func require(_ isSafe: Bool, _ path: String) throws(SystemError) {
        if !isSafe { throw SystemError("open", path, code: EACCES) }
    }
}
