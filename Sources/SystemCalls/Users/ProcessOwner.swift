public import Glibc

/// Whose process it is, by the kernel's word.
public struct ProcessOwner: Hashable, Sendable {
    /// The real user: who started it, whatever set-user-ID program it is.
    public let uid: uid_t
    /// The parent's id; 0 when it is outside of our pid namespace.
    public let parent: pid_t
    /// The real user's groups, of which the first is the primary one.
    public let groups: [gid_t]

    /// Reads `/proc/[pid]/status`, proc(5); nil when there is no such process or it is hidden.
    public init?(of pid: pid_t) {
        guard let bytes = try? FileSystem.read("/proc/\(pid)/status") else { return nil }
        self.init(parsing: bytes)
    }

    init?(parsing bytes: [UInt8]) {
        var fields: [Substring: [UInt32]] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, ["Uid", "Gid", "PPid", "Groups"].contains(parts[0]) else {
                continue
            }
            fields[parts[0]] = parts[1].split(whereSeparator: \.isWhitespace)
                .compactMap { UInt32($0) }
        }
        guard let uid = fields["Uid"]?.first, let gid = fields["Gid"]?.first,
            let parent = fields["PPid"]?.first
        else { return nil }
        self.uid = uid
        self.parent = pid_t(truncatingIfNeeded: parent)
        groups = [gid] + (fields["Groups"] ?? [])
    }
}
