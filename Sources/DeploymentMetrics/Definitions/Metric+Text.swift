import Wording

extension Metric {
    /// What it is called for people; the name of a tier is escaped and not wider than a column.
    package var label: String {
        switch name {
        case .lockWaitTime: return "Lock wait time"
        case .deploymentDuration:
            return "Duration, " + (tier?.escapedForTerminal ?? "no tier").shortened(toColumns: 40)
        case .queueLength: return "Queue length"
        case .skipRate: return "Skip rate"
        case .successRate: return "Success rate"
        case .timeToDeliver: return "Time to deliver"
        case .timeoutRate: return "Timeout rate"
        case .orphanRate: return "Orphans"
        }
    }

    /// The verdict in a word.
    package var verdict: String {
        switch status {
        case .pass: "PASS"
        case .fail: "FAIL"
        case .noData: "n/a"
        case .noTarget: "-"
        }
    }

    /// The target as people write it.
    package var targetText: String {
        guard let target else { return "none" }
        return target.comparison == .exactly ? target.limit.text : target.text
    }

    /// The value with the statistic it is.
    package var statedValue: String {
        guard let value else { return "n/a" }
        if case .ratio(let rate) = value, case .ratio(let limit)? = target?.limit, rate < limit {
            return PercentText.text(rate, below: limit)
        }
        // What is above the target must not read as if it had met it: 5m00.2s is above 5m.
        let isBarelyAbove =
            target.map { value.number > $0.limit.number && value.text == $0.limit.text } ?? false
        let text = (isBarelyAbove ? ">" : "") + value.text
        return unit == .ratio || name == .orphanRate ? text : "\(statistic.rawValue) \(text)"
    }

    /// Numerator and denominator, where there are such.
    package var ratioText: String { denominator.map { "\(numerator ?? 0)/\($0)" } ?? "-" }
}
