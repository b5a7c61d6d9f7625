package import Glibc
import SystemCalls

/// Which process, beyond doubt: a pid alone is used again after its process has ended.
package struct ProcessIdentity: Hashable, Sendable {
    /// The boot it runs in; see `Machine.bootID`.
    package let boot: String
    /// Its process id.
    package let pid: pid_t
    /// When it started, in clock ticks since boot; field 22 of `/proc/[pid]/stat`, proc(5).
    package let startTime: UInt64
    /// The pid namespace that `pid` belongs to; see `Machine.pidNamespace`.
    package let namespace: UInt64

    /// A process known from elsewhere, such as from a ledger; in our own pid namespace unless it is
    /// known to be in another one.
    package init(boot: String, pid: pid_t, startTime: UInt64, namespace: UInt64? = nil) {
        self.boot = boot
        self.pid = pid
        self.startTime = startTime
        self.namespace = namespace ?? Machine.pidNamespace
    }

    /// The process that has this pid now; nil when none has, or when it has ended and nobody has
    /// waited for it yet.
    package init?(running pid: pid_t) {
        guard let stat = ProcessStat(pid), !stat.hasEnded else { return nil }
        self.init(boot: Machine.bootID, pid: pid, startTime: stat.startTime)
    }

    /// This very process.
    package static let current =
        ProcessIdentity(running: getpid())
        ?? ProcessIdentity(boot: Machine.bootID, pid: getpid(), startTime: 0)

    /// Whether it is known to run on this machine.
    package var isAlive: Bool { liveness == .alive }

    /// Whether it is known to be gone; in doubt it is not.
    package var isDead: Bool { liveness == .dead }

    /// Whether its pid means the same process here.
    package var isOfOurNamespace: Bool { namespace == Machine.pidNamespace }

    /// What can be known of it.
    package var liveness: Liveness {
        // Nothing outlives a restart of its machine.
        if boot != Machine.bootID { return .dead }
        if !isOfOurNamespace { return ForeignProcesses.liveness(of: self) }
        if let stat = ProcessStat(pid) {
            return stat.hasEnded || stat.startTime != startTime ? .dead : .alive
        }
        // /proc may hide other users' processes (`hidepid`); then only the kernel's "no such
        // process" counts, kill(2).
        return kill(pid, 0) == -1 && errno == ESRCH ? .dead : .unknown
    }

    /// Whether a process runs.
    package enum Liveness: Sendable {
        /// It runs.
        case alive
        /// It has ended, waited for or not.
        case dead
        /// A process has its pid, but which one cannot be seen.
        case unknown
    }

    /// This process's parent, its parent's parent and so on.
    package static func ancestors() -> [Ancestor] {
        var result: [Ancestor] = []
        var pid = getppid()
        while pid > 0, !result.contains(where: { $0.pid == pid }) {
            let stat = ProcessStat(pid)
            result.append(Ancestor(pid: pid, name: stat?.name ?? ""))
            pid = stat?.parent ?? 0
        }
        return result
    }
}

/// A process above this one.
package struct Ancestor: Hashable, Sendable {
    /// Its process id.
    package let pid: pid_t
    /// The name of its program, at most 15 bytes; empty when it cannot be seen.
    package let name: String
}

/// The fields we need of `/proc/[pid]/stat`, proc(5).
package struct ProcessStat {
    package let name: String
    package let state: UInt8
    package let parent: pid_t
    package let startTime: UInt64

    /// A zombie runs nothing and holds nothing any more.
    package var hasEnded: Bool {
        state == UInt8(ascii: "Z") || state == UInt8(ascii: "X") || state == UInt8(ascii: "x")
    }

    /// Stopped by a signal, or by a debugger.
    package var isStopped: Bool { state == UInt8(ascii: "T") || state == UInt8(ascii: "t") }

    package init?(_ pid: pid_t) {
        guard let bytes = try? FileSystem.read("/proc/\(pid)/stat") else { return nil }
        self.init(bytes)
    }

    /// The name, field 2, may hold blanks and parentheses, so fields are counted behind the last
    /// closing one.
    package init?(_ bytes: [UInt8]) {
        guard let open = bytes.firstIndex(of: UInt8(ascii: "(")),
            let close = bytes.lastIndex(of: UInt8(ascii: ")")), open < close
        else { return nil }
        // Behind the twentieth follow others.
        let fields = bytes[(close + 1)...].split(separator: UInt8(ascii: " "), maxSplits: 20)
        guard fields.count > 19, let state = fields[0].first,
            let parent = pid_t(String(decoding: fields[1], as: UTF8.self)),
            let startTime = UInt64(String(decoding: fields[19], as: UTF8.self))
        else { return nil }
        name = String(decoding: bytes[(open + 1)..<close], as: UTF8.self)
        self.state = state
        self.parent = parent
        self.startTime = startTime
    }
}
