import CLinux
import Glibc

/// A directory that is held open: what is made in it is made there and nowhere else, whatever
/// happens to its name meanwhile.
///
/// The names its functions take are single ones, and no symbolic link that has one is followed.
package struct Directory: ~Copyable, Sendable {
    /// The path it was opened by, for messages.
    package let path: String
    // For finding names only (O_PATH): that needs no right to list them.
    private let descriptor: FileDescriptor

    private init(_ path: String, _ descriptor: consuming FileDescriptor) {
        self.path = path
        self.descriptor = descriptor
    }

    /// Opens a directory; what is something else gives `ENOTDIR`.
    ///
    /// - Parameter followingLinks: whether a symbolic link that has the last name is followed.
    package static func open(
        _ path: String, followingLinks: Bool = false
    ) throws(SystemError) -> Directory {
        let flags = deploy_ledger_o_path | O_DIRECTORY | (followingLinks ? 0 : O_NOFOLLOW)
        return Directory(path, try FileDescriptor.open(path, flags))
    }

    /// Opens a directory in this one.
    package func open(directory name: String) throws(SystemError) -> Directory {
        Directory(
            subject(name), try open(name, deploy_ledger_o_path | O_DIRECTORY))
    }

    /// Opens a file; `O_CLOEXEC` and `O_NOFOLLOW` are added.
    ///
    /// The C function is `openat`.
    package func open(
        _ name: String, _ flags: CInt, mode: UInt32 = 0
    ) throws(SystemError) -> FileDescriptor {
        let raw = descriptor.rawValue
        return FileDescriptor(
            owning: try checked("open", subject(name)) {
                openat(raw, name, flags | O_CLOEXEC | O_NOFOLLOW, mode)
            })
    }

    /// What the directory is.
    package func status() throws(SystemError) -> FileStatus { try descriptor.status() }

    /// What has a name in it, a symbolic link being that.
    ///
    /// The C function is `fstatat`.
    package func status(of name: String) throws(SystemError) -> FileStatus {
        var raw = stat()
        let parent = descriptor.rawValue
        try checked("stat", subject(name)) {
            fstatat(parent, name, &raw, AT_SYMLINK_NOFOLLOW)
        }
        return FileStatus(raw)
    }

    /// Creates a file for reading and writing; whatever has the name already gives `EEXIST`.
    package func create(
        _ name: String, _ access: FileAccess
    ) throws(SystemError) -> FileDescriptor {
        let file = try open(name, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
        try file.set(access)
        return file
    }

    /// Creates a directory, durably; does nothing when something has the name already.
    ///
    /// The C function is `mkdirat`.
    ///
    /// - Returns: whether it was made.
    @discardableResult
    package func makeDirectory(_ name: String, _ access: FileAccess) throws(SystemError) -> Bool {
        let parent = descriptor.rawValue
        do {
            try checked("mkdir", subject(name)) { mkdirat(parent, name, 0o700) }
        } catch {
            if error.code == EEXIST { return false }
            throw error
        }
        let made = try open(name, O_RDONLY | O_DIRECTORY)
        // Whoever may write this directory can have put something else in its place.
        guard try made.status().uid == User.effectiveID else {
            throw SystemError("mkdir", subject(name), code: EPERM)
        }
        try made.set(access)
        try? synchronize()
        return true
    }

    /// Opens a directory, creating it and those above it that are missing.
    package static func make(
        _ path: String, _ access: FileAccess
    ) throws(SystemError) -> Directory {
        do {
            return try open(path, followingLinks: true)
        } catch {
            if error.code != ENOENT || Path.parent(of: path) == path { throw error }
        }
        let parent = try make(Path.parent(of: path), access)
        let name = Path.name(of: path)
        if name.isEmpty { return parent }
        try parent.makeDirectory(name, access)
        return try parent.open(directory: name)
    }

    /// Renames over whatever has the new name, in one step.
    ///
    /// The C function is `renameat`.
    package func rename(_ old: String, to new: String) throws(SystemError) {
        let raw = descriptor.rawValue
        try checked("rename", subject(new)) { renameat(raw, old, raw, new) }
    }

    /// Gives a file another name unless something has that already; false when something has.
    package func renameWithoutReplacing(
        _ old: String, to new: String
    ) throws(SystemError) -> Bool {
        try FileSystem.renameWithoutReplacing(
            descriptor.rawValue, old, to: new, subject: subject(new))
    }

    /// Removes a name.
    ///
    /// The C function is `unlinkat`.
    package func unlink(_ name: String) throws(SystemError) {
        let raw = descriptor.rawValue
        try checked("unlink", subject(name)) { unlinkat(raw, name, 0) }
    }

    /// The names in it, without `.` and `..`, in no order.
    package func entries() throws(SystemError) -> [String] {
        let parent = descriptor.rawValue
        // Not of FileDescriptor: closedir(3) closes it.
        let listed = try checked("open", path) {
            openat(parent, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        return try FileSystem.entries(of: path) { fdopendir(listed) }
    }

    /// Waits until its entries are on the disk.
    package func synchronize() throws(SystemError) {
        try open(".", O_RDONLY | O_DIRECTORY).synchronize()
    }

    private func subject(_ name: String) -> String {
        (path == "/" ? "" : path) + "/" + name
    }
}
