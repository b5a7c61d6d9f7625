import DeployLock
import Ledger
import DeploymentMetrics
import Queries
import Wording

/// What is wrong now, worst first, and the figures behind it.
package struct AlertReport: Sendable {
    /// Everything somebody should look at, worst first.
    package let alerts: [Alert]
    /// The value of every measure, in microseconds or counted; nil when it is unknown.
    let values: [(measure: AlertMeasure, value: Int64?)]
    /// Why something is unknown, and of which lock; nil for the ledger.
    package let unknown: [(lock: String?, problem: String)]
    /// What it follows from.
    package let facts: AlertFacts
    let rules: AlertRules

    /// Judges facts by rules.
    package init(_ facts: AlertFacts, rules: AlertRules) {
        self.facts = facts
        self.rules = rules
        var judge = AlertJudge(facts: facts, rules: rules)
        judge.judge()
        alerts = judge.alerts.enumerated()
            .sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }
            .map(\.element)
        let unseen = facts.locks.compactMap { lock in
            lock.problem.map { (lock: String?.some(lock.path), problem: $0) }
        }
        unknown = (facts.ledgerProblem.map { [(nil, $0)] } ?? []) + unseen
        let isBlind = !unknown.isEmpty
        values = AlertMeasure.allCases.map { measure in
            let value = judge.values[measure] ?? 0
            if measure.isRecorded, facts.recorded == nil { return (measure, nil) }
            // Of what was not seen there may be more.
            return (measure, measure.isOfLocks && isBlind && value == 0 ? nil : value)
        }
    }

    /// The worst there is.
    package var severity: AlertSeverity {
        max(alerts.map(\.severity).max() ?? .ok, unknown.isEmpty ? .ok : .unknown)
    }
}

/// Finds alerts.
private struct AlertJudge {
    let facts: AlertFacts
    let rules: AlertRules
    var alerts: [Alert] = []
    var values: [AlertMeasure: Int64] = [:]

    private var now: Int64 { facts.now.microseconds }
    private var inFlight: InFlight { facts.recorded?.metrics.inFlight ?? .none }

    mutating func judge() {
        judgeHolders()
        if let recorded = facts.recorded {
            judgeLast(recorded)
            judgeSteps(recorded)
            judgeFreezes(recorded)
        }
        judgeQueues()
        judgeOrphans()
        judgeSpool()
        if let recorded = facts.recorded {
            judgeNumbers(recorded.missing)
            judgeVerification(recorded.verification)
            judgeTargets(recorded.metrics)
        }
    }

    private mutating func add(
        _ measure: AlertMeasure, _ subject: String, judging value: Int64, _ quantity: Quantity,
        _ summary: String, lock: String? = nil, number: Int64? = nil, since: Instant? = nil
    ) {
        let severity = rules.severity(of: value, for: measure)
        guard severity > .ok else { return }
        alerts.append(
            Alert(
                measure: measure, subject: subject, severity: severity, summary: summary,
                lock: lock, number: number, since: since, value: quantity))
    }

    /// Locks that were looked at; of these the ledger is not asked who holds them.
    private func isSeen(_ lock: String?) -> Bool {
        facts.locks.contains { $0.path == lock && $0.holder != nil }
    }

    private mutating func judgeHolders() {
        for lock in facts.locks where lock.isHeld {
            guard let since = lock.heldSince else { continue }
            let who =
                lock.holder == .stranger
                ? "an unrecorded process"
                : Self.name(lock.number, lock.user)
            addHolder(
                lock.deployment ?? lock.path, who, lock: lock.path, number: lock.number, since)
        }
        for one in inFlight.deployments
        where one.isRunning && !inFlight.dead.contains(one.id) && !isSeen(one.lock) {
            guard let since = one.since else { continue }
            addHolder(
                one.id, Self.name(one.number, one.actor), lock: one.lock, number: one.number, since)
        }
    }

    private mutating func addHolder(
        _ subject: String, _ who: String, lock: String?, number: Int64?, _ since: Instant
    ) {
        let age = max(0, now - since.microseconds)
        values[.running] = max(values[.running] ?? 0, age)
        add(
            .running, subject, judging: age, .duration(age),
            "\(who) has held \(lock ?? "the lock") for \(DurationText.text(microseconds: age))",
            lock: lock, number: number, since: since)
    }

    /// Deployments that failed and no other followed, and the one that should have run and did not.
    private mutating func judgeLast(_ recorded: AlertFacts.Recorded) {
        guard let last = recorded.last else { return }
        let failed = last.byLock.filter { $0.failure != nil }
        values[.lastFailed] = Int64(failed.count)
        for one in failed {
            let ago = one.ended.map {
                DurationText.text(microseconds: max(0, now - $0.microseconds))
            }
            add(
                .lastFailed, one.id, judging: Int64(failed.count), .count(1),
                "the last deployment\(last.selection) under \(one.lock ?? "its lock") failed: "
                    + "\(Self.name(one.number, one.person)) (\(one.failure ?? ""))"
                    + (ago.map { ", \($0) ago" } ?? ""),
                lock: one.lock, number: one.number, since: one.ended)
        }
        // Before the first success the ledger is as old as what it knows.
        guard let since = last.success ?? recorded.metrics.coverage.first else { return }
        let age = max(0, now - since.microseconds)
        values[.sinceSuccess] = age
        let length = DurationText.text(microseconds: age)
        add(
            .sinceSuccess, "deployments\(last.selection)", judging: age, .duration(age),
            last.success == nil
                ? "no deployment\(last.selection) has succeeded since the ledger began, \(length) ago"
                : "no deployment\(last.selection) has succeeded for \(length)", since: since)
    }

    /// What the check and the rollback of the last deployments came to.
    private mutating func judgeSteps(_ recorded: AlertFacts.Recorded) {
        guard let last = recorded.last else { return }
        let failed = last.byLock.filter { $0.failure != nil }
        let groups: [(AlertMeasure, [LastDeployments.Last], String)] = [
            (
                .failedRollbacks, failed.filter { $0.rollback.map { $0 != .done } ?? false },
                "could not be rolled back; which version runs is unknown"
            ),
            (.unhealthy, failed.filter(\.isUnhealthy), "failed its check"),
            (.rolledBack, failed.filter { $0.rollback == .done }, "was rolled back"),
        ]
        for (measure, ones, words) in groups {
            values[measure] = Int64(ones.count)
            for one in ones {
                add(
                    measure, one.id, judging: Int64(ones.count), .count(1),
                    "\(Self.name(one.number, one.person)), the last deployment under "
                        + "\(one.lock ?? "its lock"), \(words)",
                    lock: one.lock, number: one.number, since: one.ended)
            }
        }
    }

    private mutating func judgeFreezes(_ recorded: AlertFacts.Recorded) {
        values[.freezes] = Int64(recorded.freezes.count)
        for freeze in recorded.freezes {
            add(
                .freezes, freeze.id, judging: Int64(recorded.freezes.count), .count(1),
                "\(freeze.lock ?? "a lock") is \(freeze.text(in: facts.window.zone))",
                lock: freeze.lock, since: freeze.since)
        }
        values[.overrides] = Int64(recorded.overrides.count)
        for one in recorded.overrides {
            add(
                .overrides, one.id, judging: Int64(recorded.overrides.count), .count(1),
                "in spite of a freeze: \(one.text)", lock: one.lock, number: one.number,
                since: one.at)
        }
    }

    private mutating func judgeQueues() {
        var queues = facts.locks.filter { $0.holder != nil }.map { ($0.path, $0.waiting) }
        let elsewhere = inFlight.liveWaiters.compactMap(\.lock).filter { !isSeen($0) }
        for lock in Set(elsewhere).sorted() {
            queues.append((lock, Int64(elsewhere.count { $0 == lock })))
        }
        for (lock, waiting) in queues {
            values[.queue] = max(values[.queue] ?? 0, waiting)
            let wait = PluralText.text(waiting, "deployment waiting", "deployments waiting")
            add(.queue, lock, judging: waiting, .count(waiting), "\(wait) for \(lock)", lock: lock)
        }
    }

    private mutating func judgeOrphans() {
        let running = facts.locks.filter { $0.holder == .runningOrphan }
        // Of locks that were not looked at, such as those of other machines, the ledger knows.
        let elsewhere = inFlight.deployments.filter {
            $0.wrapperLost != nil && !inFlight.dead.contains($0.id) && !isSeen($0.lock)
        }
        let orphans = Int64(running.count + elsewhere.count)
        values[.runningOrphans] = orphans
        for lock in running {
            add(
                .runningOrphans, lock.deployment ?? lock.path, judging: orphans, .count(1),
                "\(Self.name(lock.number, lock.user)) lost its wrapper; its command still holds "
                    + lock.path, lock: lock.path, number: lock.number, since: lock.heldSince)
        }
        for one in elsewhere {
            add(
                .runningOrphans, one.id, judging: orphans, .count(1),
                "\(Self.name(one.number, one.actor)) lost its wrapper; its command still holds "
                    + (one.lock ?? "the lock"), lock: one.lock, number: one.number,
                since: one.since)
        }
        let dead = facts.locks.filter { $0.holder == .deadOrphan }
        let known = Set((running + dead).compactMap(\.deployment))
        let recorded = inFlight.deployments.filter {
            $0.isRunning && inFlight.dead.contains($0.id) && !known.contains($0.id)
        }
        let count = Int64(dead.count + recorded.count)
        values[.deadOrphans] = count
        for lock in dead {
            add(
                .deadOrphans, lock.deployment ?? lock.path, judging: count, .count(1),
                "\(Self.name(lock.number, lock.user)) died holding \(lock.path)", lock: lock.path,
                number: lock.number)
        }
        for one in recorded {
            add(
                .deadOrphans, one.id, judging: count, .count(1),
                "\(Self.name(one.number, one.actor)) died holding \(one.lock ?? "the lock")",
                lock: one.lock, number: one.number)
        }
    }

    private mutating func judgeSpool() {
        let (waiting, setAside) = (Int64(facts.spool.waiting), Int64(facts.spool.setAside))
        values[.spool] = waiting
        add(
            .spool, "spool", judging: waiting, .count(waiting),
            PluralText.text(waiting, "event", "events") + " not yet in the ledger")
        values[.setAside] = setAside
        add(
            .setAside, "spool", judging: setAside, .count(setAside),
            PluralText.text(setAside, "file", "files") + " in the spool not understood")
    }

    private mutating func judgeNumbers(_ missing: MissingNumbers) {
        values[.missingNumbers] = missing.count()
        for lock in missing.locks {
            let count = missing.count(lock)
            add(
                .missingNumbers, lock, judging: count, .count(count), missing.text(lock),
                lock: lock)
        }
    }

    private mutating func judgeVerification(_ verification: AlertFacts.Verification) {
        let count = Int64(verification.problems.count)
        values[.unverified] = count
        add(
            .unverified, "ledger", judging: count, .count(count),
            "the ledger fails verification (\(verification.scope)): "
                + (verification.problems.first ?? "")
                + (count > 1 ? ", and \(count - 1) more" : ""))
    }

    private mutating func judgeTargets(_ metrics: MetricsReport) {
        let missed = metrics.metrics.filter { $0.status == .fail }
        values[.missedTargets] = Int64(missed.count)
        for metric in missed {
            guard let value = metric.value, let target = metric.target else { continue }
            let tier = metric.tier
            let length = DurationText.text(microseconds: metrics.window.length)
            add(
                .missedTargets, metric.name.rawValue + (tier.map { " \($0)" } ?? ""),
                judging: Int64(missed.count), value,
                "\(metric.name.rawValue)\(tier.map { " of \($0)" } ?? "") in \(length): "
                    + "\(metric.statistic) \(value.text), target \(target.comparison.sign) "
                    + "\(target.limit.text), n \(metric.n)")
        }
    }

    private static func name(_ number: Int64?, _ user: String?) -> String {
        let name = number.map { "#\($0)" } ?? "a deployment"
        return user.map { "\(name) of \($0)" } ?? name
    }
}
