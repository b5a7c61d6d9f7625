internal import CSQLite
internal import Glibc
internal import Synchronization

/// Whether the system could not read a file for SQLite.
///
/// A read that fails with `EIO` inside of a statement comes out as `SQLITE_CORRUPT`, as if the file
/// were damaged, and as a line of `PRAGMA quick_check`. So it is noted where the system is called.
/// Sources: <https://www.sqlite.org/rescode.html#ioerr_corruptfs>,
/// <https://www.sqlite.org/c3ref/vfs.html> (xSetSystemCall).
enum ReadFailures {
    /// The `errno` of the last one, until somebody takes it.
    private static let last = Atomic<CInt>(0)

    /// Begins to look at what the system answers.
    static func watch() {
        guard let vfs = sqlite3_vfs_find(nil), let replace = vfs.pointee.xSetSystemCall else {
            return
        }
        let read: @convention(c) (CInt, UnsafeMutableRawPointer?, Int) -> Int = {
            ReadFailures.note(Glibc.read($0, $1, $2))
        }
        let readAt: @convention(c) (CInt, UnsafeMutableRawPointer?, Int, off_t) -> Int = {
            ReadFailures.note(pread($0, $1, $2, $3))
        }
        _ = replace(vfs, "read", unsafeBitCast(read, to: sqlite3_syscall_ptr.self))
        // `off_t` and `off64_t` are the same where this program runs.
        for name in ["pread", "pread64"] {
            _ = replace(vfs, name, unsafeBitCast(readAt, to: sqlite3_syscall_ptr.self))
        }
    }

    private static func note(_ answer: Int) -> Int {
        if answer < 0, errno != EINTR { last.store(errno, ordering: .relaxed) }
        return answer
    }

    /// The system's words for the last failure since it was asked before; nil when there was none.
    static func take() -> String? {
        let code = last.exchange(0, ordering: .relaxed)
        guard code != 0 else { return nil }
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return String(decoding: buffer.prefix(while: { $0 != 0 }).map(UInt8.init), as: UTF8.self)
    }
}
