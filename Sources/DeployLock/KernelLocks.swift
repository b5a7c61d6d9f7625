public import Glibc
import SystemCalls

/// What the kernel itself tells about who holds a lock.
public enum KernelLocks {
    /// The process that took the `flock` on a file, from `/proc/locks`, proc(5).
    ///
    /// It may have passed the descriptor on and ended since; nil when nobody holds it, or when the
    /// file system gives other device numbers here than to `stat`.
    public static func locker(of path: String) -> pid_t? {
        guard let file = try? FileSystem.status(path, followingLinks: false).identity,
            let bytes = try? FileSystem.read("/proc/locks")
        else { return nil }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            guard let lock = Entry(line), lock.kind == "FLOCK", lock.matches(file) else { continue }
            return lock.pid
        }
        return nil
    }

    /// One line such as `1: FLOCK  ADVISORY  WRITE 1234 fe:00:1310 0 EOF`.
    private struct Entry {
        let kind: Substring
        let pid: pid_t
        let major: UInt64
        let minor: UInt64
        let inode: UInt64

        init?(_ line: Substring) {
            // A waiter has an arrow behind its number: `1: -> FLOCK …`.
            let fields = line.split(separator: " ")
            guard fields.count >= 6, let pid = pid_t(fields[4]) else { return nil }
            let place = fields[5].split(separator: ":")
            guard place.count == 3, let major = UInt64(place[0], radix: 16),
                let minor = UInt64(place[1], radix: 16), let inode = UInt64(place[2])
            else { return nil }
            self.kind = fields[1]
            self.pid = pid
            self.major = major
            self.minor = minor
            self.inode = inode
        }

        func matches(_ file: FileStatus.Identity) -> Bool {
            inode == file.inode && major == file.majorDevice && minor == file.minorDevice
        }
    }
}
