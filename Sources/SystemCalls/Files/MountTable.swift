/// What is mounted where, as this process sees it.
///
/// Source: proc(5), `/proc/[pid]/mountinfo`.
package struct MountTable: Sendable {
    /// One mount.
    package struct Mount: Hashable, Sendable {
        /// Where it is.
        package let point: String
        /// The type of its file system, such as `ext4` or `nfs4`.
        package let type: String
    }

    private let mounts: [Mount]

    /// Reads the table; empty when it cannot be read.
    package init() {
        self.init(parsing: (try? FileSystem.read("/proc/self/mountinfo")) ?? [])
    }

    /// Reads what the kernel gives.
    package init(parsing bytes: [UInt8]) {
        mounts = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            // A number of optional fields ends with a dash.
            guard fields.count > 6, let dash = fields.dropFirst(6).firstIndex(of: "-"),
                dash + 1 < fields.count
            else { return nil }
            return Mount(point: Self.unescaped(fields[4]), type: String(fields[dash + 1]))
        }
    }

    /// The mount that holds an absolute path without links; nil when the table is empty.
    package func mount(of path: String) -> Mount? {
        // What was mounted last covers what was there before.
        mounts.filter { Self.holds($0.point, path) }
            .reduce(nil) { best, next in
                best.map { next.point.utf8.count >= $0.point.utf8.count ? next : $0 } ?? next
            }
    }

    /// Whether something is mounted at exactly this path.
    package func isMountPoint(_ path: String) -> Bool {
        mounts.contains { $0.point == path }
    }

    private static func holds(_ point: String, _ path: String) -> Bool {
        point == "/" || path == point || path.hasPrefix(point + "/")
    }

    /// Blanks and backslashes stand as three octal digits.
    private static func unescaped(_ field: Substring) -> String {
        guard field.contains("\\") else { return String(field) }
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(3), as: UTF8.self)
            if byte == UInt8(ascii: "\\"), let value = UInt8(digits, radix: 8) {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
