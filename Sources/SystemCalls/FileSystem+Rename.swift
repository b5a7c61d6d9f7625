import CLinux
import Glibc

extension FileSystem {
    /// Gives a file another name unless something has that already; false when something has.
    ///
    /// The C function is `renameat2` with `RENAME_NOREPLACE`, or `link` and `unlink` where the file
    /// system does not know that.
    public static func renameWithoutReplacing(
        _ old: String, to new: String
    ) throws(SystemError) -> Bool {
        do {
            try checked("rename", new) { renameat2(AT_FDCWD, old, AT_FDCWD, new, 1) }
            return true
        } catch {
            switch error.code {
            case EEXIST: return false
            case EINVAL, ENOSYS: break
            default: throw error
            }
        }
        do {
            try checked("link", new) { link(old, new) }
        } catch {
            if error.code == EEXIST { return false }
            throw error
        }
        try unlink(old)
        return true
    }
}
