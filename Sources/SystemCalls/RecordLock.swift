import CLinux
import Glibc

extension FileDescriptor {
    /// Takes a lock that stands for writing to the file, apart from `flock(2)`, and waits for it.
    ///
    /// It belongs to the open file: `unlockWriting` or the last `close` gives it back. It wants a
    /// descriptor that may write. The C function is `fcntl` with `F_OFD_SETLKW`.
    public func lockWriting() throws(SystemError) {
        try setWritingLock(CInt(F_WRLCK))
    }

    /// Gives back what `lockWriting` took.
    public func unlockWriting() throws(SystemError) {
        try setWritingLock(CInt(F_UNLCK))
    }

    /// One byte far behind the end, so that record locks with another meaning do not meet it.
    private static var place: off_t { 1 << 40 }

    private func setWritingLock(_ type: CInt) throws(SystemError) {
        var lock = Glibc.flock()
        lock.l_type = Int16(type)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = Self.place
        lock.l_len = 1
        try checked("fcntl") { fcntl(rawValue, deploy_ledger_ofd_setlkw, &lock) }
    }
}
