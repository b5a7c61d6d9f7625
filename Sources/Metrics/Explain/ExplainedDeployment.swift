package import Ledger
package import Queries

/// A deployment as a metric sees it.
package struct ExplainedDeployment: Sendable {
    /// What the ledger says of it.
    package let row: QueryRow
    /// How it ended; nil while it is in flight.
    package let outcome: Outcome?
    /// What the metric makes of it.
    let judgement: Judgement

    /// What a metric makes of a deployment.
    struct Judgement: Hashable, Sendable {
        /// Whether it is one of those the metric is about: its n, or a rate's denominator.
        var counts = false
        /// Whether it is in the numerator; nil for a metric that is no rate, and when it does not
        /// count.
        var isNumerator: Bool?
        /// The length of time it adds to the figures.
        var value: Int64?
        /// Whether that length was cut off.
        var isCensored = false
        /// Why.
        var why: String

        /// It does not count.
        static func excluded(_ why: String) -> Self { Self(why: why) }
    }

    init(_ row: QueryRow, _ rules: ExplainRules) {
        self.row = row
        outcome = row.text("outcome").flatMap { Outcome(rawValue: $0) }
        judgement = rules.judge(row, outcome)
    }

    /// Whether the metric counts it.
    package var counts: Bool { judgement.counts }
    /// Whether it is in the numerator of a rate.
    package var isNumerator: Bool { judgement.isNumerator ?? false }
    /// The length of time it adds to the figures, in microseconds.
    package var value: Int64? { judgement.value }
    /// The kind of deployment.
    package var tier: String? { row.text("tier") }
    /// The lock.
    package var lock: String? { row.text("lock") }
}
