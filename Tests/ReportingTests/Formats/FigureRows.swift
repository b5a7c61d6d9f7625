import JSON
import Ledger
import DeploymentMetrics
import Queries
import SQLite

/// Figures as the rows of the metrics' SQL, by the name of the query.
struct FigureRows {
    let rows: [String: [[Value]]]

    /// The rows the SQL gives.
    init(asking source: MeasureSource) throws {
        let bounds = JSONValue.object(
            Targets.builtIn.durations.map { ($0.tier, .integer($0.lower)) })
        let dead = JSONValue.array(source.deadWaiters.map { .string($0) }).line
        let extra: [String: [String: Value]] = [
            "lock-wait-time": [:], "skip-rate": [:], "timeout-rate": [:], "overruns": [:],
            "orphan-rate": [:], "deployment-duration": ["too_quick": .text(bounds.line)],
            "queue-length": ["dead": .text(dead)], "success-rate": [:],
            "time-to-deliver": ["now": .integer(source.knownUntil.microseconds)],
        ]
        var rows: [String: [[Value]]] = [:]
        for (name, values) in extra {
            rows[name] = try source.rows(name, values).map(\.values)
        }
        self.rows = rows
    }

    /// The rows the figures would be.
    init(_ figures: WindowFigures) {
        func values(_ lengths: Percentiles) -> [Value] {
            [
                .integer(lengths.n), Value(lengths.p50), Value(lengths.p95), Value(lengths.max),
                Value(lengths.mean),
            ]
        }
        func values(_ rate: WindowFigures.Rate) -> [Value] {
            [.integer(rate.whole), .integer(rate.part)]
        }
        let (skips, deliveries) = (figures.skips, figures.deliveries)
        let reasons = JSONValue.object(
            skips.reasons.map { ($0.reason, .integer($0.count)) })
        rows = [
            "lock-wait-time": [
                values(figures.waits)
                    + [
                        .integer(figures.censored), .integer(figures.unusableWaits),
                        .integer(figures.frozen.n), .integer(figures.frozen.total),
                        .integer(figures.frozen.longest),
                    ]
            ],
            "deployment-duration": figures.durations.map { one in
                [Value(one.tier)] + values(one.lengths)
                    + [.integer(one.tooQuick), .integer(one.unusable)]
            },
            "queue-length": figures.queues.map { queue in
                [
                    Value(queue.lock), .integer(queue.n), .integer(queue.now),
                    .integer(queue.max), .real(queue.mean), .real(queue.share),
                ]
            },
            "skip-rate": [
                values(skips.rate)
                    + (skips.ways + [skips.batched, skips.pending, skips.unusable, skips.frozen])
                    .map { .integer($0) } + [.text(reasons.line)]
            ],
            "success-rate": [
                values(figures.successes)
                    + FailureReason.allCases.map { reason in
                        .integer(
                            figures.failures.first { $0.reason == reason.rawValue }?.count ?? 0)
                    }
                    + [.integer(figures.rolledBack), .integer(figures.failedRollbacks)]
            ],
            "time-to-deliver": [
                values(deliveries.lengths) + [
                    .integer(deliveries.undelivered), Value(deliveries.oldest),
                    .integer(deliveries.repeated), .integer(deliveries.withoutCommit),
                ]
            ],
            "timeout-rate": [
                [
                    .integer(figures.timeouts.whole), .integer(figures.acquired),
                    .integer(figures.timeouts.part), .integer(figures.cancelled),
                ]
            ],
            "overruns": [values(figures.overruns)],
            "orphan-rate": [values(figures.orphans)],
        ]
    }
}
