internal import Glibc
internal import SystemCalls

/// The files around a ledger and who may use them.
struct LedgerFiles: Sendable {
    let path: String
    /// Whether the directory is to be trusted only when it is ours alone.
    var isFallback = false

    var directory: String { Path.parent(of: path) }
    var lock: String { path + ".lock" }
    var writeAheadLog: String { path + "-wal" }
    var sharedMemory: String { path + "-shm" }

    /// Makes sure that the names of the ledger stand for regular files, as far as they exist.
    ///
    /// SQLite and `open(2)` would wait for the other end of a named pipe, follow a link to
    /// somewhere else, or answer with a number that tells nobody what is in the way.
    func assertRegular() throws(LedgerError) {
        for name in [path, lock, writeAheadLog, sharedMemory] {
            guard let status = try? FileSystem.status(name, followingLinks: false) else { continue }
            if status.isRegularFile {
                try assertAlone(name, status)
                continue
            }
            throw .unusable(
                path: path,
                reason: "\(name) is \(status.kind) and must be a regular file; move it away")
        }
    }

    /// Makes sure that a file has one name in one directory: whoever reaches it by another one has
    /// another log beside it, and each side loses what the other wrote.
    private func assertAlone(_ name: String, _ status: FileStatus) throws(LedgerError) {
        if FileSystem.isMountPoint(name) {
            throw .unusable(
                path: path,
                reason: "\(name) alone is mounted from elsewhere, and the log beside it is not; "
                    + "mount its directory instead")
        }
        if status.links > 1 {
            throw .unusable(
                path: path,
                reason: "\(name) has \(status.links) names (hard links), and each would get a log "
                    + "of its own; remove all but one")
        }
    }

    /// Makes the directory of a ledger that does not exist yet.
    func createDirectory() throws(SystemError) {
        if isFallback {
            _ = try PrivateDirectory.make(directory)
        } else if !FileSystem.exists(directory) {
            try FileSystem.makeDirectories(directory, mode: 0o700)
        }
    }

    /// Makes sure that nobody else can put something in the place of the ledger, where anybody may
    /// have made its directory.
    func assertTrusted() throws(LedgerError) {
        guard isFallback else { return }
        do throws(SystemError) {
            if try PrivateDirectory.isPrivate(directory) { return }
        } catch {
            if error.code == ENOENT { return }
        }
        throw .unusable(
            path: path,
            reason: "others can write in \(directory) or it is not ours; set HOME or name a "
                + "ledger with --ledger")
    }

    /// Makes an empty database file with the right permission bits if there is none.
    ///
    /// SQLite gives its `-wal` and `-shm` files the bits of the database.
    func createDatabase() throws(SystemError) {
        if FileSystem.exists(path) { return }
        do {
            _ = try create(path)
        } catch {
            if error.code != EEXIST { throw error }
        }
    }

    /// Creates a file beside the ledger for all who share it.
    func create(_ path: String) throws(SystemError) -> FileDescriptor {
        try Directory.open(directory, followingLinks: true).create(Path.name(of: path), access)
    }
}

extension FileStatus {
    /// What people call it.
    var kind: String {
        if isDirectory { return "a directory" }
        if isSymbolicLink { return "a symbolic link" }
        return switch mode & S_IFMT {
        case S_IFIFO: "a named pipe"
        case S_IFSOCK: "a socket"
        case S_IFCHR, S_IFBLK: "a device"
        default: "something else"
        }
    }
}
