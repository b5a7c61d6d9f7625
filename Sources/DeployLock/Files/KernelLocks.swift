package import Glibc
import SystemCalls

/// What the kernel itself tells about who holds locks, at one moment.
///
/// From `/proc/locks`, proc(5). Whoever took a lock may have passed the descriptor on and ended
/// since. In a container the list leaves out locks whose taker is dead or outside, so that a lock
/// that is missing here may be held all the same.
package struct KernelLocks: Sendable {
    private let entries: [KernelLock]

    /// Reads the list.
    package init() {
        let bytes = (try? FileSystem.read("/proc/locks")) ?? []
        entries = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .compactMap(KernelLock.init).filter { $0.kind == "FLOCK" }
    }

    /// The process that took the `flock` on a file; nil when nobody is known to hold it, or when
    /// the file system gives other device numbers here than to `stat`.
    package func taker(of path: String) -> pid_t? {
        guard let file = try? FileSystem.status(path, followingLinks: false).identity else {
            return nil
        }
        return entries.first { $0.matches(file) }?.pid
    }

    /// Whether a file is locked by those alone who share its lock, such as somebody who looks at it.
    func isHeldShared(_ path: String) -> Bool {
        guard let file = try? FileSystem.status(path, followingLinks: false).identity else {
            return false
        }
        let found = entries.filter { $0.matches(file) }
        return !found.isEmpty && found.allSatisfy { $0.mode == "READ" }
    }

    /// The same for one file.
    package static func locker(of path: String) -> pid_t? { KernelLocks().taker(of: path) }
}

/// One lock, as a line says such as `1: FLOCK  ADVISORY  WRITE 1234 fe:00:1310 0 EOF`.
struct KernelLock: Sendable {
    let kind: String
    let mode: String
    let pid: pid_t
    let major: UInt64
    let minor: UInt64
    let inode: UInt64

    init?(_ line: Substring) {
        // A waiter has an arrow behind its number, and so no pid there: `1: -> FLOCK …`.
        let fields = line.split(separator: " ")
        guard fields.count >= 6, let pid = pid_t(fields[4]) else { return nil }
        let place = fields[5].split(separator: ":")
        guard place.count == 3, let major = UInt64(place[0], radix: 16),
            let minor = UInt64(place[1], radix: 16), let inode = UInt64(place[2])
        else { return nil }
        self.kind = String(fields[1])
        mode = String(fields[3])
        self.pid = pid
        self.major = major
        self.minor = minor
        self.inode = inode
    }

    func matches(_ file: FileStatus.Identity) -> Bool {
        inode == file.inode && major == file.majorDevice && minor == file.minorDevice
    }
}
