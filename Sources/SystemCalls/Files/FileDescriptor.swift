import CLinux
package import Glibc

/// What `fstat(2)` says of a file.
package struct FileStatus: Hashable, Sendable {
    /// Which file it is: the same device and inode mean the same file.
    package struct Identity: Hashable, Sendable {
        /// The device that holds the file.
        package let device: UInt64
        /// The file's number on that device.
        package let inode: UInt64

        /// The device's major number, packed into `device` as makedev(3) does.
        package var majorDevice: UInt64 { device >> 8 & 0xfff | device >> 32 & ~0xfff }
        /// The device's minor number.
        package var minorDevice: UInt64 { device & 0xff | device >> 12 & 0xfff_ff00 }
    }

    /// Device and inode.
    package let identity: Identity
    /// Type and permission bits, as in `st_mode`.
    package let mode: mode_t
    /// Owner.
    package let uid: uid_t
    /// Group.
    package let gid: gid_t
    /// Size in bytes.
    package let size: Int
    /// Bytes of the disk that are its own, reserved ones included.
    package let allocated: Int
    /// Number of names the file has; 0 once it is unlinked.
    package let links: Int
    /// When the content was last changed, wall clock in µs since 1970.
    package let modifiedAtUs: Int64

    /// Whether it is a directory.
    package var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
    /// Whether it is a regular file.
    package var isRegularFile: Bool { mode & S_IFMT == S_IFREG }
    /// Whether it is a symbolic link.
    package var isSymbolicLink: Bool { mode & S_IFMT == S_IFLNK }
    /// Whether it is a device, such as `/dev/null`.
    package var isDevice: Bool { [S_IFCHR, S_IFBLK].contains(mode & S_IFMT) }
    /// The permission bits alone, with sticky, set-group and set-user bits.
    package var permissions: mode_t { mode & 0o7777 }

    init(_ raw: stat) {
        identity = Identity(device: UInt64(raw.st_dev), inode: UInt64(raw.st_ino))
        mode = raw.st_mode
        uid = raw.st_uid
        gid = raw.st_gid
        size = Int(raw.st_size)
        // In units of 512 bytes whatever the file system has, stat(3type).
        allocated = Int(raw.st_blocks) * 512
        links = Int(raw.st_nlink)
        modifiedAtUs =
            Int64(raw.st_mtim.tv_sec) * 1_000_000 + Int64(raw.st_mtim.tv_nsec) / 1000
    }
}

/// How a `flock(2)` is wanted.
package enum FlockMode: Sendable {
    /// Together with other shared locks.
    case shared
    /// Alone.
    case exclusive

    var operation: CInt { self == .shared ? LOCK_SH : LOCK_EX }
}

/// An open file descriptor, closed when it goes out of scope.
///
/// Everything is opened close-on-exec; a descriptor crosses `exec` only where a caller says so.
package struct FileDescriptor: ~Copyable, Sendable {
    /// The number the kernel knows it by.
    package let rawValue: CInt

    /// Takes ownership of an open descriptor.
    package init(owning rawValue: CInt) {
        self.rawValue = rawValue
    }

    deinit {
        _ = close(rawValue)
    }

    /// Opens `path`; `O_CLOEXEC` is added.
    ///
    /// The corresponding C function is `open`.
    package static func open(
        _ path: String, _ flags: CInt, mode: mode_t = 0
    ) throws(SystemError) -> FileDescriptor {
        FileDescriptor(
            owning: try checked("open", path) { Glibc.open(path, flags | O_CLOEXEC, mode) })
    }

    /// Opens a regular file for reading that others may have put there.
    ///
    /// Whatever else has the name gives `EINVAL`, a symbolic link `ELOOP`; nothing blocks.
    package static func openUntrusted(_ path: String) throws(SystemError) -> FileDescriptor {
        let file = try open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
        guard try file.status().isRegularFile else {
            throw SystemError("open", path, code: EINVAL)
        }
        return file
    }

    /// The same open file under the lowest free number that is at least `lowest`, close-on-exec.
    package func duplicate(atLeast lowest: CInt) throws(SystemError) -> FileDescriptor {
        let raw = rawValue
        return FileDescriptor(
            owning: try checked("fcntl") { fcntl(raw, F_DUPFD_CLOEXEC, lowest) })
    }

    /// Keeps the descriptor from programs that are started.
    ///
    /// The C function is `fcntl` with `FD_CLOEXEC`.
    package func closeOnExec() throws(SystemError) {
        try checked("fcntl") { fcntl(rawValue, F_SETFD, FD_CLOEXEC) }
    }

    /// Takes the lock, waiting in the kernel as long as it takes.
    ///
    /// The C function is `flock`.
    package func lock(_ mode: FlockMode) throws(SystemError) {
        try checked("flock") { flock(rawValue, mode.operation) }
    }

    /// Takes the lock if nobody stands in the way; false when somebody does.
    package func tryLock(_ mode: FlockMode) throws(SystemError) -> Bool {
        do {
            try checked("flock") { flock(rawValue, mode.operation | LOCK_NB) }
            return true
        } catch {
            if error.code == EWOULDBLOCK { return false }
            throw error
        }
    }

    /// Releases the lock for every descriptor of this open file, inherited copies included.
    package func unlock() throws(SystemError) {
        try checked("flock") { flock(rawValue, LOCK_UN) }
    }

    /// Takes the other lock a file has, of the open file description and apart from `flock(2)`;
    /// false when somebody stands in the way.
    ///
    /// The C function is `fcntl` with `F_OFD_SETLK`, fcntl(2). A shared lock needs a file open for
    /// reading, an exclusive one a file open for writing.
    package func tryRecordLock(_ mode: FlockMode) throws(SystemError) -> Bool {
        var range = Glibc.flock()
        range.l_type = Int16(mode == .shared ? F_RDLCK : F_WRLCK)
        // The first byte stands for the file; the lock for writing has another one.
        range.l_len = 1
        do {
            try checked("fcntl") { fcntl(rawValue, deploy_ledger_ofd_setlk, &range) }
            return true
        } catch {
            if error.code == EAGAIN || error.code == EACCES { return false }
            throw error
        }
    }

    /// What the kernel knows of the open file.
    ///
    /// The C function is `fstat`.
    package func status() throws(SystemError) -> FileStatus {
        var raw = stat()
        try checked("fstat") { fstat(rawValue, &raw) }
        return FileStatus(raw)
    }

    /// Sets the permission bits whatever the umask.
    ///
    /// The C function is `fchmod`.
    package func setPermissions(_ mode: mode_t) throws(SystemError) {
        try checked("fchmod") { fchmod(rawValue, mode) }
    }

    /// Gives the file to a user and a group.
    ///
    /// The C function is `fchown`.
    package func setOwner(_ uid: uid_t, group: gid_t) throws(SystemError) {
        try checked("fchown") { fchown(rawValue, uid, group) }
    }

    /// Cuts the file to a length in bytes.
    ///
    /// The C function is `ftruncate`.
    package func truncate(to size: Int) throws(SystemError) {
        try checked("ftruncate") { ftruncate(rawValue, off_t(size)) }
    }

    /// Writes all bytes at the current position.
    package func write(_ bytes: some Collection<UInt8>) throws(SystemError) {
        let bytes = Array(bytes)
        var done = 0
        while done < bytes.count {
            done += try checked("write") {
                bytes.withUnsafeBytes { buffer in
                    Glibc.write(rawValue, buffer.baseAddress.map { $0 + done }, bytes.count - done)
                }
            }
        }
    }

    /// Writes all bytes at `offset`, leaving the current position alone.
    package func write(_ bytes: some Collection<UInt8>, at offset: Int) throws(SystemError) {
        let bytes = Array(bytes)
        var done = 0
        while done < bytes.count {
            done += try checked("pwrite") {
                bytes.withUnsafeBytes { buffer in
                    pwrite(
                        rawValue, buffer.baseAddress.map { $0 + done }, bytes.count - done,
                        off_t(offset + done))
                }
            }
        }
    }

    /// Reads from the current position to the end, but never more than `limit` bytes.
    package func readToEnd(limit: Int = 16 << 20) throws(SystemError) -> [UInt8] {
        var result: [UInt8] = []
        while result.count < limit {
            let chunk = try Self.bytes(min(16384, limit - result.count)) {
                start, count throws(SystemError) in
                try checked("read") { Glibc.read(rawValue, start, count) }
            }
            if chunk.isEmpty { break }
            result += chunk
        }
        return result
    }

    /// Reads at most `count` bytes at the current position; empty at the end of the file.
    package func read(count: Int) throws(SystemError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        let got = try checked("read") { Glibc.read(rawValue, &buffer, count) }
        return got == count ? buffer : Array(buffer[..<got])
    }

    /// Reads at most `count` bytes at `offset`.
    package func read(count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
        try Self.bytes(count) { start, count throws(SystemError) in
            try checked("pread") { pread(rawValue, start, count, off_t(offset)) }
        }
    }

    /// Reads the whole file, but never more than `limit` bytes, leaving the current position alone.
    package func contents(limit: Int) throws(SystemError) -> [UInt8] {
        try read(count: min(status().size, limit), at: 0)
    }

    /// At most `count` bytes that `fill` puts where it is told; it gives their number.
    ///
    /// Memory that nobody has written to: zeros first would cost more than reading a small file.
    private static func bytes(
        _ count: Int, _ fill: (UnsafeMutablePointer<UInt8>?, Int) throws(SystemError) -> Int
    ) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(SystemError) {
                initialized = try fill(buffer.baseAddress, count)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Waits until data and directory entries are on the disk.
    ///
    /// The C function is `fsync`.
    package func synchronize() throws(SystemError) {
        try checked("fsync") { fsync(rawValue) }
    }

    /// Waits until the data is on the disk.
    ///
    /// The C function is `fdatasync`.
    package func synchronizeData() throws(SystemError) {
        try checked("fdatasync") { fdatasync(rawValue) }
    }
}
