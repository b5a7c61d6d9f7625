import JSON
import Wording

/// How long deployments waited for the lock.
enum LockWaitTime {
    static func measure(_ figures: WindowFigures, _ targets: Targets) -> Metric {
        let waits = Distribution(figures.waits)
        var metric = Metric(.lockWaitTime, waits, target: targets.lockWaitTime)
        metric.details.append(("censored", .integer(figures.censored)))
        if figures.censored > 0 {
            metric.notes.append(
                "\(figures.censored) of \(waits.n) timed out; counted with the time waited")
        }
        metric.noteExcluded(figures.unusableWaits)
        metric.details.append(("superseded", .integer(figures.supersededWaits)))
        if let longest = figures.longestSupersededWait, longest > 0 {
            metric.details.append(
                ("longest_superseded_seconds", .seconds(microseconds: longest)))
            metric.notes.append(
                "\(figures.supersededWaits) superseded after up to "
                    + "\(DurationText.text(microseconds: longest)); in no figure")
        }
        let frozen = figures.frozen
        metric.details.append(("frozen", .integer(frozen.n)))
        if frozen.n > 0 {
            metric.details += [
                ("frozen_seconds", .seconds(microseconds: frozen.total)),
                ("longest_frozen_seconds", .seconds(microseconds: frozen.longest)),
            ]
            metric.notes.append(
                "\(frozen.n) held back by a freeze for "
                    + (frozen.n == 1 ? "" : "up to ")
                    + "\(DurationText.text(microseconds: frozen.longest)); no part of the wait")
        }
        return metric
    }
}

extension Metric {
    /// A metric made of lengths of time.
    init(
        _ name: Name, scope: Scope = .all, _ lengths: Distribution, target: Targets.Target?
    ) {
        self.init(
            name: name, scope: scope, unit: .seconds, statistic: lengths.statistic,
            value: lengths.value, target: target, n: lengths.n, p50: lengths.p50,
            p95: lengths.p95, max: lengths.max, mean: lengths.mean)
    }

    /// Says that values were unusable; silence would let a figure look more complete than it is.
    mutating func noteExcluded(_ excluded: Int64) {
        guard excluded > 0 else { return }
        details.append(("excluded", .integer(excluded)))
        notes.append("\(excluded) without a usable duration; in no figure")
    }
}
