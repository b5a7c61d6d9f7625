import Glibc
import SystemCalls

/// Where one lock and what belongs to it live.
public struct LockPaths: Hashable, Sendable {
    /// The lock when nobody names one.
    public static let defaultLockFile = "/var/lock/deploy.lock"

    /// The file that is locked with `flock(2)`, by us and by plain `flock(1)`.
    public let lockFile: String
    /// The published facts about the holder.
    public let infoFile: String
    /// The directory of the tickets.
    public var queueDirectory: String { lockFile + ".queue" }
    /// Locked while a number is taken; holds the last number given.
    public var gateFile: String { queueDirectory + "/gate" }
    /// The directory they all live in.
    public var directory: String { Path.parent(of: lockFile) }

    /// The files of the lock at `lockFile`, with the info file beside it unless given.
    public init(lockFile: String, infoFile: String? = nil) {
        let path = Path.canonical(lockFile)
        let stem = path.hasSuffix(".lock") ? String(path.dropLast(5)) : path
        self.lockFile = path
        self.infoFile = infoFile ?? stem + ".info"
    }
}

/// Who may use the files beside a lock: whoever may write the directory they are created in,
/// whoever came first and whatever the umask.
struct SharedFiles {
    let directory: FileStatus

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
        let mask = umask(0)
        defer { umask(mask) }
        let file = try FileDescriptor.open(
            path, flags | O_CREAT | O_EXCL | O_NOFOLLOW, mode: directory.mode & 0o666 | 0o600)
        share(file)
        return file
    }

    /// Gives a file of ours to those who share the directory: its group and, from root, its owner.
    func share(_ file: borrowing FileDescriptor) {
        // -1 keeps the owner, chown(2).
        try? file.setOwner(mustGiveAway ? directory.uid : .max, group: directory.gid)
    }

    /// Creates a directory for all deployers; does nothing when it exists.
    func makeDirectory(_ path: String) throws(SystemError) {
        let mask = umask(0)
        defer { umask(mask) }
        if mkdir(path, directory.mode & 0o1777 | 0o700) == 0 {
            chown(path, mustGiveAway ? directory.uid : .max, directory.gid)
        } else if errno != EEXIST {
            throw SystemError("mkdir", path)
        }
    }

    /// What root creates in another user's directory must stay usable for that user.
    private var mustGiveAway: Bool {
        geteuid() == 0 && directory.uid != 0
    }
}
