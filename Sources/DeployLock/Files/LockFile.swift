import Glibc
package import SystemCalls

/// The real file whose `flock(2)` is the lock.
package struct LockFile: ~Copyable, Sendable {
    /// Its path.
    package let path: String
    /// The open file; the command inherits it.
    package private(set) var descriptor: FileDescriptor

    /// High enough to stay clear of the small numbers that shell scripts redirect (`exec 9>file`),
    /// low enough for the usual limit of 1024 open files.
    private static let lowestDescriptor: CInt = 300

    /// Opens the lock file, creating it when missing.
    ///
    /// First without `O_CREAT`: `fs.protected_regular` refuses that on another user's file in a
    /// sticky directory, even to root (proc(5)). Reading is enough for `flock`. `O_NONBLOCK` keeps
    /// a FIFO from blocking us.
    package init(opening paths: LockPaths) throws(LockError) {
        path = paths.lockFile
        descriptor = try Self.open(paths)
    }

    /// Takes over the lock of a wrapper that was lost, from its keeper.
    package init(at path: String, inheriting descriptor: consuming FileDescriptor) {
        self.path = path
        self.descriptor = descriptor
    }

    /// Takes the lock if nobody stands in the way; false when somebody does.
    ///
    /// NFSv4 locks only what is open for writing, flock(2); then the file is opened again for that.
    mutating func tryLock() throws(SystemError) -> Bool {
        do {
            return try descriptor.tryLock(.exclusive)
        } catch {
            guard error.code == EBADF else { throw error }
        }
        let mine = try descriptor.status().identity
        let writable = try FileDescriptor.open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
        // Another file may have the name by now: nobody waits for that one.
        guard try writable.status().identity == mine else { return false }
        descriptor = try Self.moved(writable)
        return try descriptor.tryLock(.exclusive)
    }

    private static func open(_ paths: LockPaths) throws(LockError) -> FileDescriptor {
        let path = paths.lockFile
        let shared = try SharedFiles(in: paths.directory)
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
        for _ in 0..<100 {
            do {
                let file: FileDescriptor
                if let status = try existing(path) {
                    try requireRegular(status, path)
                    file = try FileDescriptor.open(path, flags)
                } else {
                    file = try shared.create(path, flags)
                }
                try requireRegular(file.status(), path)
                return try moved(file)
            } catch let error as SystemError {
                // Somebody created or removed it between two of our calls.
                if error.code == EEXIST || error.code == ENOENT { continue }
                throw .unusable(error, directory: paths.directory)
            } catch let error as LockError {
                throw error
            } catch {
                continue
            }
        }
        if !FileSystem.exists(paths.directory) { throw .directoryMissing(paths.directory) }
        throw .unusable(SystemError("open", path, code: EBUSY), directory: paths.directory)
    }

    /// The same file under a high number; where the limit of open files is low, under any.
    private static func moved(
        _ file: borrowing FileDescriptor
    ) throws(SystemError) -> FileDescriptor {
        do {
            return try file.duplicate(atLeast: lowestDescriptor)
        } catch {
            return try file.duplicate(atLeast: STDERR_FILENO + 1)
        }
    }

    /// Whether somebody has the lock, found out by taking it together with others for a moment.
    ///
    /// Only where the kernel's list cannot tell: in the pid namespace of a container it leaves out
    /// what was taken outside of it. One who is not willing to wait may be in the way of that, see
    /// `LockAcquisition`.
    static func isHeldUnseen(_ path: String) -> Bool {
        guard Machine.pidNamespace != Machine.firstPidNamespace,
            let file = try? FileDescriptor.openUntrusted(path)
        else { return false }
        return (try? file.tryLock(.shared)) == false
    }

    static func existing(_ path: String) throws(SystemError) -> FileStatus? {
        do {
            return try FileSystem.status(path, followingLinks: false)
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }

    /// Makes sure that the name, if anything has it, leads to something that can be a lock.
    static func requireUsable(_ paths: LockPaths) throws(LockError) {
        do {
            if let status = try existing(paths.lockFile) {
                try requireRegular(status, paths.lockFile)
            } else {
                _ = try SharedFiles(in: paths.directory)
            }
        } catch let error as LockError {
            throw error
        } catch let error as SystemError {
            throw error.code == ENOTDIR
                ? .directoryMissing(paths.directory)
                : .unusable(error, directory: paths.directory)
        } catch {
            throw .unusable(SystemError("stat", paths.lockFile), directory: paths.directory)
        }
    }

    static func requireRegular(_ status: FileStatus, _ path: String) throws(LockError) {
        if status.isRegularFile { return }
        let kind =
            status.isDirectory
            ? "a directory" : status.isSymbolicLink ? "a symbolic link" : "a special file"
        throw .notRegularFile(path, kind: kind)
    }

    /// Whether the name still leads to the file we have open; a person may have removed it.
    package var isCurrent: Bool {
        guard let mine = try? descriptor.status(),
            let named = try? FileSystem.status(path, followingLinks: false)
        else { return false }
        return mine.identity == named.identity
    }
}
