import CLinux
import Glibc

extension FileDescriptor {
    /// Takes a lock that stands for writing to the file, apart from `flock(2)`; waits for it no
    /// longer than this time in µs, and is false when somebody has it then.
    ///
    /// It belongs to the open file: `unlockWriting` or the last `close` gives it back. It requires
    /// a descriptor that may write, but whoever may only read the file can take a shared one that
    /// is in the way: hence the limit. The C function is `fcntl` with `F_OFD_SETLK`.
    package func lockWriting(within microseconds: Int64) throws(SystemError) -> Bool {
        let deadline = Clock.monotonicMicroseconds() + microseconds
        var pause: UInt32 = 50
        while true {
            do {
                try setWritingLock(CInt(F_WRLCK))
                return true
            } catch {
                guard error.code == EAGAIN || error.code == EACCES else { throw error }
            }
            if Clock.monotonicMicroseconds() >= deadline { return false }
            usleep(pause)
            pause = min(2 * pause, 10_000)
        }
    }

    /// Gives back what `lockWriting` took.
    package func unlockWriting() throws(SystemError) {
        try setWritingLock(CInt(F_UNLCK))
    }

    /// Whether somebody else has the lock for writing to the file, and not just one of those that who
    /// may only read it can take; the C function is `fcntl` with `F_OFD_GETLK`.
    package var isLockedForWriting: Bool {
        var lock = Glibc.flock()
        lock.l_type = Int16(F_RDLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = Self.place
        lock.l_len = 1
        return fcntl(rawValue, deploy_ledger_ofd_getlk, &lock) == 0 && lock.l_type == Int16(F_WRLCK)
    }

    /// Gives back what `tryRecordLock` took, for every process that shares the open file.
    package func unlockRecord() throws(SystemError) {
        try setRecordLock(CInt(F_UNLCK), at: 0)
    }

    /// One byte far behind the end, so that record locks with another meaning do not meet it.
    private static var place: off_t { 1 << 40 }

    private func setWritingLock(_ type: CInt) throws(SystemError) {
        try setRecordLock(type, at: Self.place)
    }

    private func setRecordLock(_ type: CInt, at start: off_t) throws(SystemError) {
        var lock = Glibc.flock()
        lock.l_type = Int16(type)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = start
        lock.l_len = 1
        try checked("fcntl") { fcntl(rawValue, deploy_ledger_ofd_setlk, &lock) }
    }
}
