import CommandSupport
import DeployLock
import Ledger
package import Queries
import Reporting
import Wording

extension Situation {
    /// Everything for people: the locks, then what needs attention, then the ledger.
    package func text(_ renderer: TextRenderer) -> String {
        let blocks =
            locks.map { LockText($0, renderer).text }
            + [alerts.lines(style: renderer.style).map { $0 + "\n" }.joined()]
            + [(ledger.lines(renderer.zone) + [spoolLine]).map { $0 + "\n" }.joined()]
        return blocks.joined(separator: "\n")
    }

    private var spoolLine: String {
        var parts: [String] = []
        if spool.waiting > 0 {
            let events = PluralText.text(spool.waiting, "event is waiting", "events are waiting")
            parts.append("\(events) in \(look.spools.joined(separator: ", "))")
        }
        if spool.setAside > 0 {
            parts.append("\(PluralText.text(spool.setAside, "file", "files")) set aside")
        }
        let text = parts.isEmpty ? "nothing is waiting" : parts.joined(separator: "; ")
        return "Spool:   " + text.escapedForTerminal
    }
}

extension LedgerLook {
    fileprivate func lines(_ zone: Zone) -> [String] {
        if let problem { return ["Ledger:  \(problem.escapedForTerminal)"] }
        var text = "\(path): \(PluralText.text(head?.seq ?? 0, "event", "events"))"
        if let newestEvent { text += ", the newest at \(zone.text(newestEvent))" }
        var lines = ["Ledger:  \(text.escapedForTerminal)"]
        if let head { lines.append("Head:    \(Words.head(head))") }
        if let verification {
            let isWhole = verification.problems.isEmpty
            lines.append(
                "Chain:   "
                    + (isWhole
                        ? "\(verification.scope) verified"
                        : "damaged (\(verification.scope) checked); run 'deploystats verify'"))
        }
        return lines + interruptions.map { "Incomplete: \($0)".escapedForTerminal }
    }
}

/// One lock for people.
private struct LockText {
    private let lock: LockSituation
    private let renderer: TextRenderer
    private var lines: [String] = []

    init(_ lock: LockSituation, _ renderer: TextRenderer) {
        self.lock = lock
        self.renderer = renderer
        addCondition()
        if !lock.freezes.isEmpty { lines.append("Deployments are \(Words.frozen(lock.freezes))") }
        if let last = lock.last { lines.append("Last:    " + text(last)) }
        if let health = lock.health { lines.append("Health:  " + text(health)) }
        if lock.problem == nil { addQueue() }
    }

    var text: String { lines.map { $0 + "\n" }.joined() }

    private mutating func addCondition() {
        let path = lock.path.escapedForTerminal
        guard let owner = lock.look.state?.owner else {
            let problem = (lock.problem ?? "").escapedForTerminal
            lines.append("\(path): cannot determine who holds it: \(problem)")
            return
        }
        switch lock.condition {
        case .free, nil: lines.append("\(path) is free")
        case .deadOrphan:
            var facts = lock.leftover ?? DeploymentFacts()
            // It is known when it began, not when it died.
            facts.acquiredAtUs = nil
            lines.append(
                "\(path) is free; a deployment died with it and nothing of it runs any more: "
                    + Words.deployment(facts, isShort: true))
        case .held, .runningOrphan, .stranger:
            lines.append("\(path) is \(Words.holder(owner))")
            addUsual()
        }
    }

    private mutating func addUsual() {
        if lock.isOverdue {
            let length = DurationText.text(microseconds: lock.warnAfter)
            lines.append("WARNING: it has been held for longer than \(length)")
        }
        guard let usual = lock.usual else { return }
        let kind = lock.holder?.tier.map { "of tier \($0.escapedForTerminal)" } ?? "without a tier"
        var text = "Usual:   \(DurationText.text(microseconds: usual.p50Us))"
        if usual.hasP95 {
            text += ", up to \(DurationText.text(microseconds: usual.p95Us)) (p95)"
        }
        text += ", of \(PluralText.text(usual.n, "success", "successes")) \(kind)"
        if let progress = lock.progress {
            text += "; \(PercentText.text(progress)) of the p95 has gone by"
        }
        lines.append(text)
    }

    private mutating func addQueue() {
        let waiting = lock.waiting
        if waiting.isEmpty {
            lines.append("Nobody is waiting.")
            return
        }
        lines.append("\(waiting.count) waiting:")
        let table = renderer.render(QueueTable.summary(waiting))
        lines += table.split(separator: "\n").map(String.init)
    }

    private func text(_ last: LastDeployment) -> String {
        let name = last.number.map { "#\($0)" } ?? last.id
        let more = [last.person, last.tier, last.sha.map { "commit \($0.prefix(10))" }]
            .compactMap(\.self).joined(separator: ", ")
        let text =
            "\(name) \(last.outcome?.rawValue.replacing("_", with: " ") ?? "ended") at "
            + "\(renderer.zone.text(last.ended)) after \(DurationText.text(microseconds: last.length))"
            + (more.isEmpty ? "" : " (\(more))")
        return text.escapedForTerminal
    }

    private func text(_ health: LastHealth) -> String {
        (health.isHealthy ? "healthy" : "unhealthy") + " at \(renderer.zone.text(health.checked))"
            + (health.number.map { " after #\($0)" } ?? "")
    }
}
