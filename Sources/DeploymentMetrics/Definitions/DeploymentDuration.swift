import JSON
import Wording

/// How long the commands of successful deployments ran, by tier; check and rollback excluded.
enum DeploymentDuration {
    /// The tiers with a target always, then every other tier that has values.
    static func measure(_ figures: WindowFigures, _ targets: Targets) -> [Metric] {
        let known = targets.durations.map { target in
            metric(target.tier, figures.durations.first { $0.tier == target.tier }, target)
        }
        let others = figures.durations.filter { targets.duration(of: $0.tier) == nil }
        return known + others.map { metric($0.tier, $0, nil) }
    }

    private static func metric(
        _ tier: String?, _ figures: WindowFigures.Tier?, _ target: Targets.Duration?
    ) -> Metric {
        let lengths = figures.map { Distribution($0.lengths) } ?? Distribution(lengths: [])
        var metric = Metric(
            .deploymentDuration, scope: .tier(tier), lengths, target: target?.target)
        if let target, target.lower > 0 {
            let tooQuick = figures?.tooQuick ?? 0
            metric.details.append(("lower_bound", .seconds(microseconds: target.lower)))
            metric.details.append(("below_lower_bound", .integer(tooQuick)))
            if tooQuick > 0 {
                let least = DurationText.text(microseconds: target.lower)
                metric.notes.append("\(tooQuick) of \(lengths.n) were faster than \(least)")
            }
        }
        metric.noteExcluded(figures?.unusable ?? 0)
        if let figures, let longest = figures.longestHung {
            metric.details += [
                ("ended_otherwise", .integer(figures.hung)),
                ("longest_ended_otherwise_seconds", .seconds(microseconds: longest)),
            ]
            metric.notes.append(
                "\(figures.hung) ended otherwise after "
                    + (figures.hung == 1 ? "" : "up to ")
                    + "\(DurationText.text(microseconds: longest)); in no figure")
        }
        return metric
    }
}
