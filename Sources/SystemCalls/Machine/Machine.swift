internal import CLinux
package import Glibc

/// The machine we run on.
package enum Machine {
    /// The host's name.
    package static let hostName: String = {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
        return String(decoding: buffer.prefix(while: { $0 != 0 }).map(UInt8.init), as: UTF8.self)
    }()

    /// A text that is new at every boot.
    ///
    /// Source: random(4), `/proc/sys/kernel/random/boot_id`.
    package static let bootID: String = {
        guard let text = try? FileSystem.read("/proc/sys/kernel/random/boot_id") else { return "" }
        return String(decoding: text.prefix(while: { $0 != 10 }), as: UTF8.self)
    }()

    /// The pid namespace this process is in: in another one the same number is another process.
    ///
    /// Source: pid_namespaces(7), `/proc/[pid]/ns/pid`; 0 when that cannot be seen.
    package static let pidNamespace: UInt64 =
        (try? FileSystem.status("/proc/self/ns/pid").identity.inode) ?? 0

    /// The pid namespace of the machine itself, `PROC_PID_INIT_INO` of the kernel.
    package static let firstPidNamespace: UInt64 = 0xEFFF_FFFC

    /// The ids of the processes that can be seen, in order; none where `/proc` cannot be read.
    package static var processIDs: [pid_t] {
        ((try? FileSystem.entries(of: "/proc")) ?? []).compactMap { pid_t($0) }.sorted()
    }

    /// Bytes from the random source of the kernel.
    ///
    /// Source: getrandom(2).
    package static func randomBytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        // Up to 256 bytes always come whole and uninterrupted.
        if count <= 256, getrandom(&bytes, .init(count), 0) == count { return bytes }
        var generator = SystemRandomNumberGenerator()
        return bytes.map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
