import CommandSupport
import DeployLock
import Ledger
import Processes
import Secrets
import SystemCalls
import Wording

/// The state of a lock in words, for people.
struct StatusText {
    private let report: LockReport
    private var state: LockState { report.state }
    private var lines: [String] = []

    /// A report as lines, each with its end.
    static func render(_ report: LockReport) -> String {
        var text = StatusText(report)
        text.addCondition()
        text.addFreezes()
        text.addQueue()
        text.addRemarks()
        text.addNextSteps()
        return text.lines.map { $0 + "\n" }.joined()
    }

    private init(_ report: LockReport) {
        self.report = report
    }

    private mutating func addCondition() {
        let lock = Self.outside(state.paths.lockFile)
        let facts = state.owner.facts ?? DeploymentFacts()
        switch state.owner.condition {
        case .free:
            lines.append("\(lock) is free")
        case .held:
            lines.append("\(lock) is held by \(Self.name(facts))")
            addFields(of: facts)
        case .runningOrphan:
            lines.append("\(lock) is held by a running orphan, \(Self.name(facts)):")
            lines.append("its wrapper died without a release, what it started still runs")
            addFields(of: facts)
        case .deadOrphan:
            lines.append("\(lock) is free; it was left by a dead orphan, \(Self.name(facts)):")
            lines.append("it died without a release, and nothing of it runs any more")
            addFields(of: facts)
        case .stranger, nil:
            lines.append("\(lock) is held by a stranger, an unrecorded process")
            add("running", report.heldFor.map { DurationText.text(microseconds: $0) })
        }
        for (index, process) in state.processes.enumerated() {
            add(index == 0 ? "held open by" : "", Words.process(process))
        }
    }

    private mutating func addFields(of facts: DeploymentFacts) {
        add("user", facts.user)
        add("by", facts.actor)
        add("host", facts.hostname)
        add("started", facts.heldSinceUs.map(RFC3339.toTheSecond) ?? facts.started)
        add("running", report.heldFor.map { DurationText.text(microseconds: $0) })
        add("command", facts.maskedCommand)
        add("tier", facts.tier)
        add("source", facts.source)
        add("commit", facts.sha)
        add("ref", facts.ref)
        add("run", facts.runURL)
        add("batch", facts.batchKey)
        add("deployment", facts.deployment)
        add("wrapper", Words.wrapper(state))
        add("keeper", keeper)
    }

    /// Worth a line only where it stands in for the wrapper.
    private var keeper: String? {
        guard state.owner.condition == .runningOrphan, let keeper = Words.keeper(state) else {
            return nil
        }
        return keeper + (state.keeper == nil ? "" : ", records how the command ends")
    }

    private mutating func addFreezes() {
        if report.freezes.isEmpty { return }
        lines.append("Deployments are \(Words.frozen(report.freezes))")
        lines.append(
            "  (end it with 'deploystats unfreeze', or deploy with --override-freeze REASON)")
    }

    private mutating func addQueue() {
        if state.waiting.isEmpty {
            if state.owner != .nobody { lines.append("Nobody is waiting.") }
            return
        }
        lines.append("\(state.waiting.count) waiting:")
        let hasBatches = state.waiting.contains { $0.facts?.batchOrRef != nil }
        var rows = [
            ["", "POS", "NUMBER", "USER", "WAITING"] + (hasBatches ? ["BATCH"] : []) + ["COMMAND"]
        ]
        for (index, waiter) in state.waiting.enumerated() {
            let waited = waiter.facts?.waitingSinceUs.map { max(0, state.lookedAtUs - $0) }
            rows.append(
                [
                    "", String(index + 1), "#\(waiter.number)",
                    Self.outside(waiter.facts?.person ?? "?"),
                    waited.map { DurationText.text(microseconds: $0) } ?? "?",
                ] + (hasBatches ? [Self.outside(waiter.facts?.batchOrRef ?? "-", columns: 40)] : [])
                    + [
                        Self.outside(waiter.facts?.maskedCommand ?? "its ticket cannot be read")
                            + (waiter.process?.isStopped == true ? " (stopped)" : "")
                            + (state.covering(waiter).map { " (will be superseded by #\($0))" }
                                ?? "")
                    ])
        }
        lines += Columns.aligned(rows)
    }

    private mutating func addRemarks() {
        if report.isOverdue, let heldFor = report.heldFor {
            lines.append(
                "WARNING: running for \(DurationText.text(microseconds: heldFor)), longer than "
                    + "\(DurationText.text(microseconds: report.warnAfter)); \(usual)")
        }
        for process in stopped {
            lines.append(
                "WARNING: pid \(process.identity.pid) is stopped and keeps everybody behind it "
                    + "waiting; 'kill -CONT \(process.identity.pid)' resumes it")
        }
        for survivor in WaitQueue(state.paths).abandoned() where survivor.isRunning {
            let facts = survivor.text().facts ?? DeploymentFacts()
            lines.append(
                "WARNING: \(Self.name(facts)) lost the lock to a forced unlock and still runs"
                    + (facts.maskedCommand.map { ": \(Self.outside($0))" } ?? ""))
        }
        if let facts = state.unprovenFacts {
            let place = Self.outside(state.paths.infoFile)
            let host = facts.hostname.map { " on \(Self.outside($0))" } ?? ""
            lines.append(
                "Note: \(place) names \(Self.name(facts))\(host), which does not have the lock; "
                    + "the file holds nobody up")
        }
        if state.isIncomplete {
            lines.append(
                "Note: some processes belong to others and could not be inspected; root sees "
                    + "all that hold the lock")
        }
        for found in report.recorded {
            lines.append(
                "Recorded: \(found.number.map { "#\($0)" } ?? found.deployment.description) died "
                    + "without recording an outcome: \(found.outcome.rawValue)")
        }
        if let problem = report.recordingProblem {
            lines.append("Note: what died could not be recorded: \(problem)")
        }
    }

    private var stopped: [RunningProcess] {
        let known =
            [state.wrapper, state.keeper].compactMap(\.self) + state.waiting.compactMap(\.process)
        return (known + state.processes.filter { process in !known.contains(process) })
            .filter(\.isStopped)
    }

    private var usual: String {
        guard let facts = report.facts else { return "what is usual for it is unknown" }
        let tier = facts.tier.map { "of tier \(Self.outside($0)) " } ?? "without a tier "
        guard let usual = report.usual, usual.hasP95 else {
            let n = report.usual?.n ?? 0
            return
                "the ledger has \(PluralText.text(n, "successful deployment")) \(tier)under this "
                + "lock, too few for a usual p95 (\(UsualDuration.enoughForP95))"
        }
        return "deployments \(tier)usually take up to "
            + "\(DurationText.text(microseconds: usual.p95Us)) (p95 of \(usual.n))"
    }

    private mutating func addNextSteps() {
        let pids = state.processes.map { String($0.identity.pid) }.joined(separator: ",")
        let look = pids.isEmpty ? nil : "ps -o pid,user,stat,etime,args -p \(pids)"
        let story = report.facts?.number.map { "deploystats show \($0)" }
        let facts = report.facts
        switch state.owner.condition {
        case .free, nil: break
        case .held:
            guard report.isOverdue else { return }
            addNext([look, story])
            if let pid = facts?.pid {
                lines.append("To stop it cleanly: kill \(pid) (forwards the signal to its command)")
            }
            addForce(facts?.number)
        case .runningOrphan:
            lines.append("The next deployment starts when these processes have ended.")
            addNext([look, story])
            addForce(facts?.number)
        case .deadOrphan:
            lines.append(
                report.freezes.isEmpty
                    ? "Nothing is in the way: the next deployment starts at once."
                    : "The next deployment starts when the freeze ends.")
            addNext([story])
        case .stranger:
            lines.append("Deployments wait until it releases the lock.")
            addNext([look ?? "sudo check-deploy-lock"])
            addForce(nil)
        }
    }

    private mutating func addForce(_ number: Int64?) {
        var command = ["check-deploy-lock", "--force-unlock"]
        // Whoever repeats it may mean another lock.
        let lock = state.paths.lockFile
        if lock != LockPaths.defaultLockFile { command += ["--lock-file", lock] }
        if let number { command += ["--number", String(number)] }
        lines.append("To free it by force: " + ShellText.quoted(command).escapedForTerminal)
    }

    private mutating func addNext(_ commands: [String?]) {
        let commands = commands.compactMap(\.self)
        if commands.isEmpty { return }
        lines.append("To investigate: " + commands.joined(separator: "; "))
    }

    private mutating func add(_ label: String, _ value: String?) {
        guard let value else { return }
        let blanks = String(repeating: " ", count: max(1, 14 - label.columnWidth))
        lines.append("  \(label)\(blanks)\(Self.outside(value, columns: 400))")
    }

    private static func name(_ facts: DeploymentFacts) -> String {
        facts.number.map { "#\($0)" } ?? "pid \(facts.pid.map(String.init) ?? "unknown")"
    }

    private static func outside(_ text: String, columns: Int = 120) -> String {
        text.escapedForTerminal.shortened(toColumns: columns)
    }
}
