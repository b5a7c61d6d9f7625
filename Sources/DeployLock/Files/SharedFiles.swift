import Glibc
import SystemCalls

/// Who may use the files beside a lock: whoever may write the directory they are created in,
/// whoever came first and whatever the umask, and nobody else.
///
/// Who can open such a file can lock it, if only for reading, and so hold up everybody.
struct SharedFiles {
    let directory: FileStatus

    init(directory: FileStatus) { self.directory = directory }

    init(in path: String) throws(LockError) {
        do {
            directory = try FileSystem.status(path)
        } catch {
            throw error.code == ENOENT
                ? .directoryMissing(path) : .unusable(error, directory: path)
        }
        guard directory.isDirectory else { throw .directoryMissing(path) }
    }

    /// Creates a file for all deployers, opened with `flags`; fails when it exists.
    func create(_ path: String, _ flags: CInt) throws(SystemError) -> FileDescriptor {
        try create(path, flags, deployers: S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH)
    }

    /// Creates a file that all deployers may read and its owner alone may write, opened for reading
    /// and appending; fails when it exists.
    func createTicket(_ path: String) throws(SystemError) -> FileDescriptor {
        try create(path, O_RDWR | O_APPEND, deployers: S_IRGRP | S_IROTH)
    }

    private func create(
        _ path: String, _ flags: CInt, deployers: mode_t
    ) throws(SystemError) -> FileDescriptor {
        let file = try FileDescriptor.open(
            path, flags | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
        var mode = S_IRUSR | S_IWUSR
        if directory.mode & S_IWGRP != 0 { mode |= deployers & S_IRWXG }
        if directory.mode & S_IWOTH != 0 { mode |= deployers & S_IRWXO }
        try file.setPermissions(mode)
        share(file)
        return file
    }

    /// Creates a directory for all deployers; does nothing when it exists.
    func makeDirectory(_ path: String) throws(SystemError) {
        if mkdir(path, S_IRWXU) != 0 {
            if errno == EEXIST { return }
            throw SystemError("mkdir", path)
        }
        // By descriptor: whoever may write the directory can put something else in its place.
        let made = try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        guard try made.status().uid == User.effectiveID else {
            throw SystemError("mkdir", path, code: EPERM)
        }
        try made.setPermissions(directory.mode & 0o1777 | S_IRWXU)
        share(made)
    }

    /// Gives a file of ours to those who share the directory: its group and, from root, its owner,
    /// because what root creates in another user's directory must stay usable for that user.
    private func share(_ file: borrowing FileDescriptor) {
        let mustGiveAway = User.effectiveID == 0 && directory.uid != 0
        // -1 keeps the owner, chown(2).
        try? file.setOwner(mustGiveAway ? directory.uid : .max, group: directory.gid)
    }
}
