public import Glibc

/// Whose process it is, by the kernel's word.
public struct ProcessOwner: Hashable, Sendable {
    /// The name of its program, at most 15 bytes.
    public let name: String
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

    /// The processes above this one, the nearest first, as far as they can be seen.
    public static func ancestors() -> [ProcessOwner] {
        var result: [ProcessOwner] = []
        var seen: Set<pid_t> = []
        var pid = getppid()
        while pid > 0, seen.insert(pid).inserted, let owner = ProcessOwner(of: pid) {
            result.append(owner)
            pid = owner.parent
        }
        return result
    }

    init?(parsing bytes: [UInt8]) {
        var (name, parent): (String?, UInt32?) = (nil, nil)
        var (users, primary, others): ([UInt32], [UInt32], [UInt32]) = ([], [], [])
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let value = line[(colon + 1)...]
            // The first line has a blank, then what the program likes, colons among it.
            if name == nil {
                name = String(decoding: value.dropFirst(), as: UTF8.self)
                continue
            }
            switch String(decoding: line[..<colon], as: UTF8.self) {
            case "PPid": parent = Self.numbers(value).first
            case "Uid": users = Self.numbers(value)
            case "Gid": primary = Self.numbers(value)
            case "Groups": others = Self.numbers(value)
            default: continue
            }
        }
        guard let uid = users.first, let gid = primary.first, let parent else { return nil }
        self.name = name ?? ""
        self.uid = uid
        self.parent = pid_t(truncatingIfNeeded: parent)
        groups = [gid] + others
    }

    private static func numbers(_ text: ArraySlice<UInt8>) -> [UInt32] {
        text.split { $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: " ") }
            .compactMap { UInt32(String(decoding: $0, as: UTF8.self)) }
    }
}
