internal import CLinux
import Glibc

/// Calls that work on names of files rather than on open ones.
package enum FileSystem {
    /// What `path` is, following symbolic links unless told not to.
    package static func status(
        _ path: String, followingLinks: Bool = true
    ) throws(SystemError) -> FileStatus {
        var raw = stat()
        try checked("stat", path) { followingLinks ? stat(path, &raw) : lstat(path, &raw) }
        return FileStatus(raw)
    }

    /// Whether something is mounted at exactly this path, such as a single file in a container.
    ///
    /// The C function is `statx`.
    package static func isMountPoint(_ path: String) -> Bool {
        deploy_ledger_is_mount_root(path) == 1
    }

    /// Whether something is there under that name.
    package static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// Whether we may read what has that name.
    package static func isReadable(_ path: String) -> Bool {
        access(path, R_OK) == 0
    }

    /// Whether we may write to what has that name.
    package static func isWritable(_ path: String) -> Bool {
        access(path, W_OK) == 0
    }

    /// Whether we may run what has that name.
    package static func isExecutable(_ path: String) -> Bool {
        access(path, X_OK) == 0
    }

    /// Whether what has that name cannot be changed because its file system is read-only.
    package static func isReadOnly(_ path: String) -> Bool {
        access(path, W_OK) == -1 && errno == EROFS
    }

    /// Makes a directory the root of every path, for this process and those it starts.
    ///
    /// The C functions are `chroot` and `chdir`.
    package static func changeRoot(to path: String) throws(SystemError) {
        try checked("chroot", path) { chroot(path) }
        try checked("chdir", "/") { chdir("/") }
    }

    /// Renames over whatever has the new name, in one step.
    package static func rename(_ old: String, to new: String) throws(SystemError) {
        try checked("rename", new) { Glibc.rename(old, new) }
    }

    /// Removes a name.
    package static func unlink(_ path: String) throws(SystemError) {
        try checked("unlink", path) { Glibc.unlink(path) }
    }

    /// Creates a directory with exactly these permission bits, whatever the umask, see `Directory`.
    ///
    /// - Returns: false when something had that name already.
    @discardableResult
    package static func makeDirectory(_ path: String, mode: UInt32) throws(SystemError) -> Bool {
        try Directory.open(Path.parent(of: path), followingLinks: true)
            .makeDirectory(Path.name(of: path), FileAccess(mode: mode))
    }

    /// Creates a directory and those above it that are missing, see `Directory`.
    package static func makeDirectories(_ path: String, mode: UInt32) throws(SystemError) {
        _ = try Directory.make(path, FileAccess(mode: mode))
    }

    /// The names in a directory, without `.` and `..`, in no order.
    package static func entries(of path: String) throws(SystemError) -> [String] {
        try entries(of: path) { opendir(path) }
    }

    static func entries(
        of path: String, _ open: () -> OpaquePointer?
    ) throws(SystemError) -> [String] {
        guard let directory = open() else { throw SystemError("opendir", path) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { buffer in
                String(decoding: buffer.prefix(while: { $0 != 0 }), as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// The whole content of a small file.
    package static func read(_ path: String, limit: Int = 16 << 20) throws(SystemError) -> [UInt8] {
        // Without O_NONBLOCK, somebody's named pipe in a shared directory would hold us up.
        try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY).readToEnd(limit: limit)
    }

    /// The whole content of a small file that others may have put there, and whose it is.
    ///
    /// Nothing but a regular file of at most `limit` bytes is read: a symbolic link would lead
    /// elsewhere, a named pipe would hold us up.
    package static func readUntrusted(
        _ path: String, limit: Int = 1 << 20
    ) throws(SystemError) -> (bytes: [UInt8], status: FileStatus) {
        let file = try FileDescriptor.openUntrusted(path)
        let status = try file.status()
        guard status.size <= limit else { throw SystemError("read", path, code: EFBIG) }
        return (try file.readToEnd(limit: limit), status)
    }

    /// A path without links in it; nil when there is nothing.
    ///
    /// The C function is `realpath`.
    package static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Waits until a directory's entries are on the disk.
    package static func synchronizeDirectory(_ path: String) throws(SystemError) {
        try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY).synchronize()
    }
}

/// Names of files, as text.
package enum Path {
    /// The directory part: `/a/b` → `/a`, `b` → `.`, `/` → `/`.
    package static func parent(of path: String) -> String {
        let bytes = path.utf8
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == bytes.startIndex ? "/" : String(path[..<slash])
    }

    /// The last part of a path.
    package static func name(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(path[path.utf8.index(after: slash)...])
    }

    /// The path with its directory made absolute and free of symbolic links, so that two ways to
    /// write it give one text; the last part is kept as it is and need not exist.
    package static func canonical(_ path: String) -> String {
        let parent = parent(of: path)
        guard let resolved = realpath(parent, nil) else { return path }
        defer { free(resolved) }
        let directory = String(cString: resolved)
        return directory == "/" ? "/" + name(of: path) : directory + "/" + name(of: path)
    }

    /// The path as an absolute one free of symbolic links; what does not exist yet is kept.
    package static func resolved(_ path: String) -> String {
        if let resolved = FileSystem.resolved(path) { return resolved }
        let parent = parent(of: path)
        if parent == path { return path }
        let directory = resolved(parent)
        return (directory == "/" ? "" : directory) + "/" + name(of: path)
    }
}
