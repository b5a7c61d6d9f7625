package import Glibc
import SystemCalls

/// What can be seen of a process that runs on this machine.
package struct RunningProcess: Hashable, Sendable {
    /// Which process it is.
    package let identity: ProcessIdentity
    /// Its arguments; only the name of its program when they are hidden or it has none.
    package let arguments: [String]
    /// The effective user it runs as.
    package let uid: uid_t?
    /// When it started, wall clock in µs.
    package let startedAtUs: Int64
    /// Whether it has been stopped, by Ctrl-Z or SIGSTOP, and waits to be continued.
    package let isStopped: Bool

    /// Looks at a known process; nil when it has ended or cannot be seen from here.
    package init?(_ process: ProcessIdentity) {
        guard process.isOfOurNamespace, process.isAlive else { return nil }
        self.init(process.pid)
    }

    /// Looks at the process that has this pid now; nil when none has.
    package init?(_ pid: pid_t) {
        guard let stat = ProcessStat(pid), !stat.hasEnded else { return nil }
        identity = ProcessIdentity(boot: Machine.bootID, pid: pid, startTime: stat.startTime)
        let visible = Self.arguments(of: pid)
        arguments = visible.isEmpty ? [stat.name] : visible
        uid = try? FileSystem.status("/proc/\(pid)").uid
        startedAtUs =
            Clock.wallMicroseconds() - Clock.bootMicroseconds()
            + Clock.microseconds(ticks: stat.startTime)
        isStopped = stat.isStopped
    }

    /// proc(5) `/proc/[pid]/cmdline`; empty when it is hidden.
    private static func arguments(of pid: pid_t) -> [String] {
        guard var bytes = try? FileSystem.read("/proc/\(pid)/cmdline") else { return [] }
        // Every argument ends with a zero byte, and a process that renames itself fills up with
        // them.
        while bytes.last == 0 { bytes.removeLast() }
        if bytes.isEmpty { return [] }
        return bytes.split(separator: 0, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
