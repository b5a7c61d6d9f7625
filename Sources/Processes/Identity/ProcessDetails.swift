package import Glibc
import SystemCalls

extension ProcessIdentity {
    /// A variable of the environment a process was started with; nil when it has none of that name
    /// or belongs to another user, proc(5) `/proc/[pid]/environ`.
    package static func variable(_ name: String, of pid: pid_t) -> String? {
        let mark = Array("\(name)=".utf8)
        return (try? FileSystem.read("/proc/\(pid)/environ"))?
            .split(separator: 0)
            .first { $0.starts(with: mark) }
            .map { String(decoding: $0.dropFirst(mark.count), as: UTF8.self) }
    }

    /// The processes that these started, that those started and so on, as far as their parents
    /// still live.
    package static func descendants(of roots: some Sequence<ProcessIdentity>) -> [ProcessIdentity] {
        var children: [pid_t: [ProcessIdentity]] = [:]
        for pid in Machine.processIDs {
            guard let stat = ProcessStat(pid), !stat.hasEnded else { continue }
            children[stat.parent, default: []].append(
                ProcessIdentity(boot: Machine.bootID, pid: pid, startTime: stat.startTime))
        }
        var found: [ProcessIdentity] = []
        var open = roots.filter(\.isAlive)
        while let parent = open.popLast() {
            let next = children[parent.pid] ?? []
            found += next
            open += next
        }
        return found
    }
}
