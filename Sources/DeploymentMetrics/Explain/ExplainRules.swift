import Ledger
import Queries
import Wording

/// The definitions of the metrics, applied to one deployment at a time and told in words.
///
/// Who counts is for `DeploymentKind` to say; here it is put into words.
struct ExplainRules {
    package let metric: Metric.Name
    package let window: Window
    /// The end of the time that can be known.
    package let knownUntil: Instant
    /// Waiters whose process is known to be gone.
    package let dead: Set<String>
    let targets: Targets
    /// The lock with the longest of several queues.
    let longestQueue: String?

    typealias Judgement = ExplainedDeployment.Judgement

    func judge(_ one: ExplainedDeployment) -> Judgement {
        if one.isCIRun {
            return .excluded("it is an imported CI run, which never asked for the lock")
        }
        return switch metric {
        case .lockWaitTime: lockWait(one)
        case .deploymentDuration: duration(one)
        case .queueLength: queue(one)
        case .skipRate: skip(one)
        case .successRate: success(one)
        case .timeToDeliver: delivery(one)
        case .timeoutRate: timeout(one)
        case .orphanRate: orphan(one)
        }
    }

    private func lockWait(_ one: ExplainedDeployment) -> Judgement {
        if let outside = outsideQueue(one) { return outside }
        guard let wait = one.wait, wait >= 0 else {
            return .excluded("it has no usable wait; in no figure")
        }
        var judgement = Judgement(
            counts: true, value: wait, why: "it got the lock" + without(frozen: one))
        if !one.kind.hadLock {
            judgement.why = "it was cancelled while it waited" + without(frozen: one)
            if one.kind.timedOut {
                judgement.isCensored = true
                judgement.why =
                    "it gave up: censored, counted with the time waited; it would have waited longer"
                    + without(frozen: one)
            }
        }
        return judgement
    }

    private func duration(_ one: ExplainedDeployment) -> Judgement {
        if let outside = notEnded(one) { return outside }
        guard one.kind.succeeded else {
            return .excluded("it did not succeed (\(word(one.outcome)))")
        }
        guard let ran = one.ran, ran >= 0 else {
            return .excluded("it has no usable duration; in no figure")
        }
        var why = "it succeeded"
        if let health = one.health, health > 0 {
            why += ", its check of \(DurationText.text(microseconds: health)) not counted"
        }
        if let bound = targets.duration(of: one.tier) {
            let (lower, upper) = (bound.lower, bound.upper)
            if ran > upper { why += ", above \(DurationText.text(microseconds: upper))" }
            if ran < lower {
                why += ", below \(DurationText.text(microseconds: lower)): noted, no failure"
            }
        }
        return Judgement(counts: true, value: ran, why: why)
    }

    private func queue(_ one: ExplainedDeployment) -> Judgement {
        let judgement = anyQueue(one)
        guard judgement.counts, let longestQueue, one.lock != longestQueue else { return judgement }
        return .excluded("it was in another queue; the longest one is reported: \(longestQueue)")
    }

    private func anyQueue(_ one: ExplainedDeployment) -> Judgement {
        guard let asked = one.asked, asked < knownUntil else {
            return .excluded("it asked after the window")
        }
        guard let left = one.left else {
            return dead.contains(one.id)
                ? .excluded("its process is gone, so it waits no more")
                : Judgement(counts: true, isNumerator: true, why: "it still waits")
        }
        if left < window.since { return .excluded("it had left the queue before the window") }
        if !one.kind.wasInQueue {
            return .excluded("it was never in the queue (\(word(one.outcome)))")
        }
        if one.kind.wentStraightThrough {
            return Judgement(
                counts: true, isNumerator: false, why: "it went straight through to a free lock")
        }
        let value = max(0, left.microseconds - asked.microseconds - max(0, one.frozen ?? 0))
        return Judgement(
            counts: true, isNumerator: true, value: value,
            why: "it waited in the queue" + without(frozen: one))
    }

    private func skip(_ one: ExplainedDeployment) -> Judgement {
        if let outside = notEnded(one) { return outside }
        let reason = one.reason.map { ": \($0)" } ?? ""
        switch one.kind.skip {
        case .carriedOut:
            return Judgement(
                counts: true, isNumerator: false, why: "it ended: \(word(one.outcome))")
        case .leftOut:
            let cover =
                one.kind.wasSuperseded
                ? ", and the one it stepped aside for did not deliver it (\(one.kind.cover ?? ""))"
                : reason
            return Judgement(
                counts: true, isNumerator: true, why: "it was \(word(one.outcome))\(cover)")
        case .batched:
            return Judgement(
                counts: true, isNumerator: false,
                why: "it stepped aside for a newer one, which succeeded: batched")
        case .pending:
            return .excluded("it stepped aside for a newer one that is in flight: pending")
        case .unusable:
            return .excluded("the lock could not be used: an error, shown separately")
        case .frozen:
            return .excluded("deployments were frozen: shown separately")
        }
    }

    private func success(_ one: ExplainedDeployment) -> Judgement {
        if let outside = notEnded(one) { return outside }
        guard one.kind.hadLock else {
            return .excluded("it never had the lock (\(word(one.outcome)))")
        }
        var reason = one.kind.failureReason.map { " (\($0.rawValue))" } ?? ""
        if one.kind.wasRolledBack {
            reason +=
                one.kind.rollbackFailed ? ", and its rollback failed" : ", and was rolled back"
        }
        return Judgement(
            counts: true, isNumerator: one.kind.succeeded,
            why: one.kind.succeeded ? "it succeeded" : "it did not succeed\(reason)")
    }

    private func delivery(_ one: ExplainedDeployment) -> Judgement {
        guard one.kind.isFirstRequest, let asked = one.asked else {
            return .excluded(
                one.kind.isRequest
                    ? one.kind.repeatsDelivery
                        ? "its commit had been delivered before"
                        : "an earlier deployment was the first request for its commit"
                    : "it names no commit")
        }
        if let delivered = one.delivered, delivered < window.until {
            if delivered < window.since {
                return .excluded("its commit was delivered before the window")
            }
            return Judgement(
                counts: true, value: max(0, delivered.microseconds - asked.microseconds),
                why: one.kind.succeeded && one.ended == delivered
                    ? "it was the first request for its commit and delivered it"
                    : "it was the first request for its commit, which was delivered later")
        }
        return .excluded(
            asked >= window.since && asked < window.until
                ? "its commit was not delivered at the end of the window: not yet"
                : "its commit was not delivered in the window")
    }

    private func timeout(_ one: ExplainedDeployment) -> Judgement {
        if let outside = outsideQueue(one) { return outside }
        if one.kind.timedOut {
            return Judgement(counts: true, isNumerator: true, why: "it gave up waiting")
        }
        return Judgement(
            counts: true, isNumerator: false,
            why: one.kind.hadLock ? "it got the lock" : "it was cancelled while it waited")
    }

    private func orphan(_ one: ExplainedDeployment) -> Judgement {
        if let orphaned = one.orphaned {
            if orphaned < window.since { return .excluded("it was an orphan before the window") }
            if orphaned >= window.until { return .excluded("it became an orphan after the window") }
            return Judgement(
                counts: true, isNumerator: true,
                why: !one.kind.lostWrapper
                    ? "it died with the lock; dated by its last sign of life"
                    : "its wrapper was lost while it had the lock; dated by that")
        }
        if let outside = notEnded(one) { return outside }
        guard one.kind.hadLock else {
            return .excluded("it never had the lock (\(word(one.outcome)))")
        }
        return Judgement(
            counts: true, isNumerator: false, why: "it had the lock and ended: \(word(one.outcome))"
        )
    }

    /// Why waits and timeouts are not about it; nil when they are.
    private func outsideQueue(_ one: ExplainedDeployment) -> Judgement? {
        guard let left = one.left else { return .excluded("it still waits") }
        if left < window.since { return .excluded("it had left the queue before the window") }
        if left >= window.until { return .excluded("it left the queue after the window") }
        if !one.kind.countsAsWait {
            return .excluded("it did not wait for its turn (\(word(one.outcome)))")
        }
        return nil
    }

    /// Why a metric of what ended is not about it; nil when it is.
    private func notEnded(_ one: ExplainedDeployment) -> Judgement? {
        guard one.kind.hasEnded, let ended = one.ended else {
            return .excluded("it is in flight: shown separately, not counted")
        }
        if ended < window.since { return .excluded("it had ended before the window") }
        if ended >= window.until { return .excluded("it ended after the window") }
        return nil
    }

    private func without(frozen one: ExplainedDeployment) -> String {
        guard let frozen = one.frozen, frozen > 0 else { return "" }
        return "; frozen for \(DurationText.text(microseconds: frozen)), not counted"
    }

    private func word(_ outcome: Outcome?) -> String {
        String(
            (outcome?.rawValue ?? "in a way unknown to this version").map {
                $0 == "_" ? " " : $0
            })
    }
}
