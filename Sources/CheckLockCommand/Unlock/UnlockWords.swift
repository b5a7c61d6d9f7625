import CommandSupport
import DeployLock
import Ledger
import Processes
import Secrets
import SystemCalls
import Wording

/// How a forced unlock is put into words.
struct UnlockWords: Sendable {
    let queue: WaitQueue
    let target: UnlockTarget

    /// `#41`, `pid 1234` or `the lock`.
    var name: String {
        if let number = target.facts?.number { return "#\(number)" }
        let pid = target.facts?.pid ?? target.locker
        return pid.map { "pid \($0)" } ?? "the lock"
    }

    /// What would be broken, line by line.
    var situation: [String] {
        var lines = [queue.paths.lockFile, "  held by    \(keeper)"]
        if let facts = target.facts {
            if let command = facts.maskedCommand { lines.append("  command    \(command)") }
            lines.append("  wrapper    \(wrapper(facts))")
        }
        for (index, process) in target.processes.enumerated() {
            lines.append((index == 0 ? "  processes  " : "             ") + Self.process(process))
        }
        if target.processes.isEmpty { lines.append("  processes  none that can be seen") }
        if target.isIncomplete, !target.hasNothingToEnd {
            lines.append("             (those of other users may be missing: not all can be seen)")
        }
        lines.append("  waiting    \(waiting)")
        return lines
    }

    /// What that means.
    func warning(abandons: Bool) -> String {
        if abandons {
            return "warning: the lock file is replaced and these processes GO ON RUNNING. The next "
                + "deployment starts beside them: two may change the application at once. Only for "
                + "processes that cannot be ended."
        }
        switch target.owner {
        case .deadOrphan:
            return
                "Nothing of it runs any more; unlocking saves its facts in the ledger and clears them."
        case .runningOrphan where target.hasNothingToEnd:
            return
                "warning: its command cannot be seen from here and may still run. Make sure that it "
                + "has ended: the next deployment starts at once."
        case .leftBehind:
            return
                "warning: the deployment is over; what it left behind may be a service in use. It "
                + "will be ended."
        case .deployment, .runningOrphan, .unrecorded, .nobody, .unreadable:
            return "warning: these processes will be ended in the middle of their work. What they "
                + "change is left as it is at that moment."
        }
    }

    /// What to look at afterwards.
    func advice(abandoned: Bool) -> String {
        if abandoned {
            return "The state of the application is unknown and may still change: \(name) goes on. "
                + "Stop it by other means, check which version runs, then deploy again."
        }
        switch target.owner {
        case .deadOrphan, .deployment, .runningOrphan:
            return
                "The state of the application is unknown: \(name) did not finish. Check which version "
                + "runs, half-written files, migrations and containers, then deploy again."
        case .leftBehind:
            return
                "Check whether a service is missing now: the process that held the lock has ended."
        case .unrecorded, .nobody, .unreadable:
            return
                "The state of the application is unknown: what had the lock did not finish. Check what "
                + "it was doing before you deploy again."
        }
    }

    private var keeper: String {
        switch target.owner {
        case .deployment: "\(who), running for \(held)"
        case .runningOrphan:
            "\(who), orphaned: its wrapper died, its command "
                + (target.hasNothingToEnd ? "may still run" : "still runs") + " (\(held))"
        case .leftBehind:
            "a process left behind by \(who); neither its wrapper nor its command lives"
        case .deadOrphan: "nobody: \(who) died (dead orphan, asked \(since)); the lock is free"
        case .unrecorded, .nobody, .unreadable:
            "a process that is not a recorded deployment, \(name)"
        }
    }

    private var who: String {
        guard let person = target.facts?.person else { return name }
        return "\(name) \(person)"
    }

    private var held: String {
        guard let acquired = target.facts?.acquiredAtUs, acquired >= 0 else { return "unknown" }
        let text = DurationText.text(microseconds: max(0, Clock.wallMicroseconds() - acquired))
        return "\(text), since \(RFC3339.toTheSecond(acquired))"
    }

    private var since: String { target.facts?.started ?? "at an unknown time" }

    private func wrapper(_ facts: DeploymentFacts) -> String {
        guard let pid = facts.pid else { return "not alive" }
        if target.wrapper != nil { return "pid \(pid), alive" }
        return "pid \(pid), " + (facts.isProvablyDead ? "dead" : "cannot be seen from here")
    }

    private var waiting: String {
        if target.waiting.isEmpty { return "nobody" }
        let names = target.waiting.map { ticket in
            let person = ticket.text().facts?.person
            return "#\(ticket.number)" + (person.map { " \($0)" } ?? "")
        }
        return "\(names.count): \(names.joined(separator: ", "))"
    }

    /// `pid 1234: sleep 600`.
    static func process(_ process: ProcessIdentity) -> String {
        let arguments = RunningProcess(process.pid)?.arguments ?? ["(ended)"]
        let command = ShellText.quoted(Masking.mask(arguments: arguments))
        return "pid \(process.pid): \(command)".escapedForTerminal.shortened(toColumns: 100)
    }
}
