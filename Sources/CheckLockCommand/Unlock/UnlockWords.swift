import DeployLock
import Ledger
import Processes
import Secrets
import SystemCalls
import Wording

/// How a forced unlock is put into words.
struct UnlockWords: Sendable {
    let queue: WaitQueue
    let occupant: LockOccupant

    /// `#41`, `pid 1234` or `the lock`.
    var name: String {
        if let number = occupant.facts?.number { return "#\(number)" }
        let pid = occupant.facts?.pid ?? occupant.locker
        return pid.map { "pid \($0)" } ?? "the lock"
    }

    /// What would be broken, line by line.
    var situation: [String] {
        var lines = [queue.paths.lockFile, "  held by    \(keeper)"]
        if let facts = occupant.facts {
            if let command = facts.command { lines.append("  command    \(command)") }
            lines.append("  wrapper    \(wrapper(facts))")
        }
        for (index, process) in occupant.processes.enumerated() {
            lines.append((index == 0 ? "  processes  " : "             ") + Self.process(process))
        }
        if occupant.processes.isEmpty { lines.append("  processes  none that can be seen") }
        if occupant.isIncomplete, occupant.kind != .deadOrphan {
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
        switch occupant.kind {
        case .deadOrphan:
            return "Nothing of it runs any more; its facts are saved in the ledger and cleared."
        case .leftBehind:
            return
                "warning: the deployment is over; what it left behind may be a service in use. It "
                + "will be ended."
        case .holder, .runningOrphan, .stranger:
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
        switch occupant.kind {
        case .deadOrphan, .holder, .runningOrphan:
            return
                "The state of the application is unknown: \(name) did not finish. Check which version "
                + "runs, half-written files, migrations and containers, then deploy again."
        case .leftBehind:
            return
                "Check whether a service is missing now: the process that kept the lock has ended."
        case .stranger:
            return
                "The state of the application is unknown: what had the lock did not finish. Check what "
                + "it was doing before you deploy again."
        }
    }

    private var keeper: String {
        switch occupant.kind {
        case .holder: "\(who), running for \(held)"
        case .runningOrphan: "\(who), orphaned: its wrapper died, its command still runs (\(held))"
        case .leftBehind:
            "a process left behind by \(who); neither its wrapper nor its command lives"
        case .deadOrphan: "nobody: \(who) died (dead orphan, asked \(since)); the lock is free"
        case .stranger: "a process that is not a recorded deployment, \(name)"
        }
    }

    private var who: String {
        guard let person = occupant.facts?.person else { return name }
        return "\(name) \(person)"
    }

    private var held: String {
        guard let acquired = occupant.facts?.acquiredAtUs, acquired >= 0 else { return "unknown" }
        let text = LengthOfTime.text(microseconds: max(0, Clock.wallMicroseconds() - acquired))
        return "\(text), since \(RFC3339.toTheSecond(acquired))"
    }

    private var since: String { occupant.facts?.started ?? "at an unknown time" }

    private func wrapper(_ facts: HolderInfo) -> String {
        guard let pid = facts.pid else { return "not alive" }
        if occupant.wrapper != nil { return "pid \(pid), alive" }
        return "pid \(pid), " + (facts.isProvablyDead ? "dead" : "cannot be seen from here")
    }

    private var waiting: String {
        if occupant.waiting.isEmpty { return "nobody" }
        let names = occupant.waiting.map { ticket in
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
