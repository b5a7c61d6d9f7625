import CLinux
import Glibc

extension FileDescriptor {
    /// Whether some process, be it this one, has the file open by another `open` than this one;
    /// nil where the kernel does not say: the file belongs to somebody else, or its file system
    /// knows no leases.
    ///
    /// A lease on the whole file is given to its only opener, and is given back at once. Source:
    /// fcntl(2), `F_SETLEASE`.
    package var isOpenElsewhere: Bool? { isRefused(F_WRLCK) }

    /// Whether some process has the file open for writing; nil where the kernel does not say.
    ///
    /// Only for files that are open for reading alone.
    package var isWrittenElsewhere: Bool? { isRefused(F_RDLCK) }

    private func isRefused(_ lease: CInt) -> Bool? {
        // Who opens the file in between is held up for that moment, and we are told by a signal
        // whose default is the end of the process.
        signal(SIGIO, SIG_IGN)
        guard fcntl(rawValue, deploy_ledger_setlease, lease) == -1 else {
            _ = fcntl(rawValue, deploy_ledger_setlease, CInt(F_UNLCK))
            return false
        }
        return errno == EAGAIN ? true : nil
    }
}
