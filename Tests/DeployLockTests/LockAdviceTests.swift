import DeployLock
import Glibc
import SystemCalls
import Testing

/// What a person is told to do depends on what went wrong.
@Suite struct LockAdviceTests {
    @Test(arguments: [EACCES, EPERM])
    func `permission is advised where it is missing`(_ code: CInt) {
        #expect(text(code).contains("needs write permission in /run/lock"))
    }

    @Test(arguments: [
        (ENOSPC, "full"), (EDQUOT, "quota"), (EROFS, "read-only"), (EMFILE, "ulimit -n"),
        (ENFILE, "fs.file-max"), (ENAMETOOLONG, "too long"), (EIO, "dmesg"), (EFBIG, "ulimit -f"),
        (ENOLCK, "local disk"), (EINVAL, "Invalid argument"), (EBADF, "Bad file descriptor"),
    ])
    func `other errors have advice of their own`(_ code: CInt, _ word: String) {
        #expect(text(code).contains(word), "\(text(code))")
        #expect(!text(code).contains("permission"), "\(text(code))")
        #expect(text(code).hasSuffix("choose another file with --lock-file"))
    }

    private func text(_ code: CInt) -> String {
        LockError.unusable(
            SystemError("open", "/run/lock/d.lock", code: code), directory: "/run/lock"
        ).description
    }
}
