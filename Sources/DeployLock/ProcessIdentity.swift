public import Glibc
import SystemCalls

/// Which process, beyond doubt: a pid alone is used again after its process has ended.
public struct ProcessIdentity: Hashable, Sendable {
    /// The boot it runs in; see `Machine.bootID`.
    public let boot: String
    /// Its process id.
    public let pid: pid_t
    /// When it started, in clock ticks since boot; field 22 of `/proc/[pid]/stat`, proc(5).
    public let startTime: UInt64

    /// A process known from elsewhere, such as from a ledger.
    public init(boot: String, pid: pid_t, startTime: UInt64) {
        self.boot = boot
        self.pid = pid
        self.startTime = startTime
    }

    /// The process that has this pid now; nil when none has, or when it has ended and nobody has
    /// waited for it yet.
    public init?(running pid: pid_t) {
        guard let stat = ProcessStat(pid), !stat.hasEnded else { return nil }
        self.init(boot: Machine.bootID, pid: pid, startTime: stat.startTime)
    }

    /// This very process.
    public static let current =
        ProcessIdentity(running: getpid())
        ?? ProcessIdentity(boot: Machine.bootID, pid: getpid(), startTime: 0)

    /// Whether it still runs on this machine.
    public var isAlive: Bool { ProcessIdentity(running: pid) == self }

    /// The pids of this process's parent, its parent's parent and so on.
    public static func ancestors() -> [pid_t] {
        var result: [pid_t] = []
        var pid = getppid()
        while pid > 0, !result.contains(pid) {
            result.append(pid)
            pid = ProcessStat(pid)?.parent ?? 0
        }
        return result
    }
}

/// The fields we need of `/proc/[pid]/stat`, proc(5).
struct ProcessStat {
    let state: Character
    let parent: pid_t
    let startTime: UInt64

    /// A zombie runs nothing and holds nothing any more.
    var hasEnded: Bool { "ZXx".contains(state) }

    init?(_ pid: pid_t) {
        guard let bytes = try? FileSystem.read("/proc/\(pid)/stat") else { return nil }
        self.init(text: String(decoding: bytes, as: UTF8.self))
    }

    /// The name, field 2, may hold blanks and parentheses, so fields are counted behind the last
    /// closing one.
    init?(text: String) {
        guard let close = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: close)...].split(whereSeparator: \.isWhitespace)
        guard fields.count > 19, let state = fields[0].first, let parent = pid_t(fields[1]),
            let startTime = UInt64(fields[19])
        else { return nil }
        self.state = state
        self.parent = parent
        self.startTime = startTime
    }
}
