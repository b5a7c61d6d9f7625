import Ledger
import Queries
import Wording

/// The definitions of the six metrics, applied to one deployment at a time and told in words.
///
/// They say what the queries of `reports/` say; a test holds the two against each other.
struct ExplainRules {
    package let metric: Metric.Name
    package let window: Window
    /// The end of the time that can be known.
    package let knownUntil: Instant
    /// Waiters whose process is known to be gone.
    package let dead: Set<String>

    typealias Judgement = ExplainedDeployment.Judgement

    func judge(_ row: QueryRow, _ outcome: Outcome?) -> Judgement {
        if row.integer("is_imported") == 1 {
            return .excluded("it is an imported CI run, which never asked for the lock")
        }
        return switch metric {
        case .lockWaitTime: lockWait(row, outcome)
        case .deploymentDuration: duration(row, outcome)
        case .queueLength: queue(row, outcome)
        case .skipRate: skip(row, outcome)
        case .timeoutRate: timeout(row, outcome)
        case .orphanRate: orphan(row, outcome)
        }
    }

    private func lockWait(_ row: QueryRow, _ outcome: Outcome?) -> Judgement {
        if let outside = outsideQueue(row, outcome) { return outside }
        guard let wait = row.integer("wait_us"), wait >= 0 else {
            return .excluded("it has no usable length of the wait: excluded from every figure")
        }
        var judgement = Judgement(counts: true, value: wait, why: "it got the lock")
        if row.time("acquired_us") == nil {
            judgement.why = "it was cancelled while it waited"
            if outcome == .timedOut {
                judgement.isCensored = true
                judgement.why =
                    "it gave up: censored, counted with what it had waited by then, and would "
                    + "have waited longer"
            }
        }
        return judgement
    }

    private func duration(_ row: QueryRow, _ outcome: Outcome?) -> Judgement {
        if let outside = notEnded(row, outcome) { return outside }
        guard outcome == .succeeded else {
            return .excluded("it did not succeed (\(word(outcome)))")
        }
        guard let held = row.integer("held_us"), held >= 0 else {
            return .excluded("it has no usable length of time: excluded from every figure")
        }
        let bound = DeploymentDuration.bounds.first { $0.tier == row.text("tier") }
        var why = "it succeeded"
        if let bound {
            let (lower, upper) = (bound.lower, bound.upper)
            if held > upper { why += ", above \(LengthOfTime.text(microseconds: upper))" }
            if held < lower {
                why += ", below \(LengthOfTime.text(microseconds: lower)): noted, no failure"
            }
        }
        return Judgement(counts: true, value: held, why: why)
    }

    private func queue(_ row: QueryRow, _ outcome: Outcome?) -> Judgement {
        guard let asked = row.time("requested_us"), asked < knownUntil else {
            return .excluded("it asked after the window")
        }
        guard let left = row.time("left_us") else {
            return dead.contains(row.text("id") ?? "")
                ? .excluded("its process is gone, so it waits no more")
                : Judgement(counts: true, isNumerator: true, why: "it still waits")
        }
        if left < window.since { return .excluded("it had left the queue before the window") }
        if row.time("acquired_us") == nil, outcome == .skipped || outcome == .refused {
            return .excluded("it never stood in the queue (\(word(outcome)))")
        }
        if row.integer("straight_through") == 1 {
            return Judgement(
                counts: true, isNumerator: false, why: "it went straight through to a free lock")
        }
        let value = left.microseconds - asked.microseconds
        return Judgement(
            counts: true, isNumerator: true, value: value, why: "it waited in the queue")
    }

    private func skip(_ row: QueryRow, _ outcome: Outcome?) -> Judgement {
        if let outside = notEnded(row, outcome) { return outside }
        switch outcome {
        case .skipped, .superseded, .refused:
            let reason = row.text("reason").map { ": \($0)" } ?? ""
            return Judgement(
                counts: true, isNumerator: true, why: "it was \(word(outcome))\(reason)")
        default:
            return Judgement(counts: true, isNumerator: false, why: "it ended: \(word(outcome))")
        }
    }

    private func timeout(_ row: QueryRow, _ outcome: Outcome?) -> Judgement {
        if let outside = outsideQueue(row, outcome) { return outside }
        if outcome == .timedOut {
            return Judgement(counts: true, isNumerator: true, why: "it gave up waiting")
        }
        return Judgement(
            counts: true, isNumerator: false,
            why: row.time("acquired_us") == nil
                ? "it was cancelled while it waited" : "it got the lock")
    }

    private func orphan(_ row: QueryRow, _ outcome: Outcome?) -> Judgement {
        if let orphaned = row.time("orphaned_us") {
            if orphaned < window.since { return .excluded("it was an orphan before the window") }
            if orphaned >= window.until { return .excluded("it became an orphan after the window") }
            return Judgement(
                counts: true, isNumerator: true,
                why: row.time("lost_us") == nil
                    ? "it died with the lock; it counts at its last proof of life"
                    : "its wrapper was lost while it had the lock; it counts at that time")
        }
        if let outside = notEnded(row, outcome) { return outside }
        guard row.time("acquired_us") != nil else {
            return .excluded("it never had the lock (\(word(outcome)))")
        }
        return Judgement(
            counts: true, isNumerator: false, why: "it had the lock and ended: \(word(outcome))")
    }

    /// Why waits and timeouts are not about it; nil when they are.
    private func outsideQueue(_ row: QueryRow, _ outcome: Outcome?) -> Judgement? {
        guard let left = row.time("left_us") else { return .excluded("it still waits") }
        if left < window.since { return .excluded("it had left the queue before the window") }
        if left >= window.until { return .excluded("it left the queue after the window") }
        if row.time("acquired_us") == nil, outcome != .timedOut, outcome != .cancelled {
            return .excluded("it did not wait for its turn (\(word(outcome)))")
        }
        return nil
    }

    /// Why a metric of what ended is not about it; nil when it is.
    private func notEnded(_ row: QueryRow, _ outcome: Outcome?) -> Judgement? {
        guard row.text("outcome") != nil, let ended = row.time("ended_us") else {
            return .excluded("it is in flight: shown beside the rates, never inside")
        }
        if ended < window.since { return .excluded("it had ended before the window") }
        if ended >= window.until { return .excluded("it ended after the window") }
        return nil
    }

    private func word(_ outcome: Outcome?) -> String {
        String(
            (outcome?.rawValue ?? "in a way this version does not know").map {
                $0 == "_" ? " " : $0
            })
    }
}
