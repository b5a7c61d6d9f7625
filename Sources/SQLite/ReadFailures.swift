internal import CSQLite
internal import Glibc

/// Whether the system could not read a file for SQLite.
///
/// A read that fails with `EIO` inside of a statement comes out as `SQLITE_CORRUPT`, as if the file
/// were damaged, and as a line of `PRAGMA quick_check`. So it is noted where the system is called.
/// Sources: <https://www.sqlite.org/rescode.html#ioerr_corruptfs>,
/// <https://www.sqlite.org/c3ref/vfs.html> (xSetSystemCall).
enum ReadFailures {
    /// Where each thread keeps the `errno` of its last one, until it is taken: a thread is told of its
    /// own connections alone.
    private static let last: pthread_key_t = {
        var key = pthread_key_t()
        // Without a key nothing is noted; there are 1024 of them.
        return pthread_key_create(&key, nil) == 0 ? key : .max
    }()

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
        if answer < 0, errno != EINTR {
            pthread_setspecific(last, UnsafeRawPointer(bitPattern: Int(errno)))
        }
        return answer
    }

    /// The system's words for the last failure since it was asked before; nil when there was none.
    static func take() -> String? {
        let code = CInt(truncatingIfNeeded: Int(bitPattern: pthread_getspecific(last)))
        pthread_setspecific(last, nil)
        guard code != 0 else { return nil }
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return String(decoding: buffer.prefix(while: { $0 != 0 }).map(UInt8.init), as: UTF8.self)
    }
}
