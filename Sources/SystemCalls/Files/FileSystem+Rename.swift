import CLinux
import Glibc

extension FileSystem {
    /// Gives a file another name unless something has that already; false when something has.
    package static func renameWithoutReplacing(
        _ old: String, to new: String
    ) throws(SystemError) -> Bool {
        try renameWithoutReplacing(AT_FDCWD, old, to: new, subject: new)
    }

    /// The same with names that are looked up in an open directory.
    ///
    /// The C function is `renameat2` with `RENAME_NOREPLACE`, or `linkat` and `unlinkat` where the
    /// file system does not know that.
    static func renameWithoutReplacing(
        _ directory: CInt, _ old: String, to new: String, subject: String
    ) throws(SystemError) -> Bool {
        do {
            try checked("rename", subject) { renameat2(directory, old, directory, new, 1) }
            return true
        } catch {
            switch error.code {
            case EEXIST: return false
            case EINVAL, ENOSYS: break
            default: throw error
            }
        }
        do {
            try checked("link", subject) { linkat(directory, old, directory, new, 0) }
        } catch {
            if error.code == EEXIST { return false }
            throw error
        }
        try checked("unlink", subject) { unlinkat(directory, old, 0) }
        return true
    }
}
