package import Glibc

/// Whose process it is, by the kernel's word.
package struct ProcessOwner: Hashable, Sendable {
    /// The name of its program, at most 15 bytes.
    package let name: String
    /// The real user: who started it, whatever set-user-ID program it is.
    package let uid: uid_t
    /// The parent's id; 0 when it is outside of our pid namespace.
    package let parent: pid_t
    /// The real user's groups, of which the first is the primary one.
    package let groups: [gid_t]

    /// Reads `/proc/[pid]/status`, proc(5); nil when there is no such process or it is hidden.
    package init?(of pid: pid_t) {
        guard let bytes = try? FileSystem.read("/proc/\(pid)/status") else { return nil }
        self.init(parsing: bytes)
    }

    /// The processes above this one, the nearest first, as far as they can be seen.
    package static func ancestors() -> [ProcessOwner] {
        var result: [ProcessOwner] = []
        var seen: [pid_t] = []
        var pid = getppid()
        while pid > 0, !seen.contains(pid), let owner = ProcessOwner(of: pid) {
            result.append(owner)
            seen.append(pid)
            pid = owner.parent
        }
        return result
    }

    /// By bytes: every deployment reads one of these for each process above it, and texts would take
    /// ten times as long.
    init?(parsing bytes: [UInt8]) {
        var (name, parent): (String?, UInt32?) = (nil, nil)
        var (users, primary, others): ([UInt32], [UInt32], [UInt32]) = ([], [], [])
        var start = 0
        while start < bytes.count, let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = bytes[start..<end]
            start = end + 1
            // The first line has a blank, then what the program likes, colons among it.
            if name == nil {
                name = String(decoding: line.dropFirst(Self.nameMark), as: UTF8.self)
            } else if line.starts(with: Self.parentMark) {
                parent = Self.numbers(line).first
            } else if line.starts(with: Self.userMark) {
                users = Self.numbers(line)
            } else if line.starts(with: Self.groupMark) {
                primary = Self.numbers(line)
            } else if line.starts(with: Self.groupsMark) {
                others = Self.numbers(line)
                // Nothing behind it is wanted.
                break
            }
        }
        guard let uid = users.first, let gid = primary.first, let parent else { return nil }
        self.name = name ?? ""
        self.uid = uid
        self.parent = pid_t(truncatingIfNeeded: parent)
        groups = [gid] + others
    }

    private static let nameMark = "Name:\t".utf8.count
    private static let parentMark = Array("PPid:".utf8)
    private static let userMark = Array("Uid:".utf8)
    private static let groupMark = Array("Gid:".utf8)
    private static let groupsMark = Array("Groups:".utf8)

    /// The decimal numbers in a line.
    private static func numbers(_ line: ArraySlice<UInt8>) -> [UInt32] {
        var numbers: [UInt32] = []
        var number: UInt32?
        for byte in line {
            if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
                number = (number ?? 0) &* 10 &+ UInt32(byte &- UInt8(ascii: "0"))
            } else if let complete = number {
                numbers.append(complete)
                number = nil
            }
        }
        if let number { numbers.append(number) }
        return numbers
    }
}
