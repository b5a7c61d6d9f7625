import CommandSupport
import Glibc
import SystemCalls

/// Space that was reserved for output and not needed.
enum LogSpace {
    /// Gives it back unless somebody may still write: a program that the command left behind.
    static func giveBack(_ directory: borrowing Directory, _ name: LogName) {
        guard let file = try? directory.open(name.text, O_RDONLY | O_NONBLOCK | O_NOCTTY),
            let status = try? file.status(), status.isRegularFile,
            status.allocated >= status.size + least, isUnused(file),
            let writing = try? FileDescriptor.open("/proc/self/fd/\(file.rawValue)", O_WRONLY),
            // Now that nobody writes any more.
            let size = try? file.status().size
        else { return }
        try? writing.truncate(to: size)
    }

    /// What a file system may have added by itself, in bytes.
    private static let least = 64 << 10

    /// Whether nobody writes to kept output any more.
    ///
    /// The lock of the file is shared by all that a deployment started; who opened it themselves has no
    /// part in it, but the kernel may know of them.
    static func isUnused(_ file: borrowing FileDescriptor) -> Bool {
        (try? file.tryLock(.exclusive)) == true && file.isWrittenElsewhere != true
    }
}
