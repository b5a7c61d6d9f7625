/// What alerts are about.
package enum AlertMeasure: String, Sendable, CaseIterable {
    /// How long a deployment has had its lock.
    case running
    /// Locks under which the last deployment failed.
    case lastFailed = "last_failed"
    /// Locks under which the last deployment failed its check.
    case unhealthy
    /// Locks under which the last deployment was rolled back.
    case rolledBack = "rolled_back"
    /// Locks under which the last deployment was to be rolled back, and that failed.
    case failedRollbacks = "failed_rollbacks"
    /// How long ago a deployment last succeeded.
    case sinceSuccess = "since_success"
    /// How many wait for a lock.
    case queue
    /// Deployments whose wrapper was lost while their command goes on.
    case runningOrphans = "running_orphans"
    /// Deployments that died with the lock and are in no record yet.
    case deadOrphans = "dead_orphans"
    /// Events that wait outside of the ledger.
    case spool
    /// Files of a spool that are no events.
    case setAside = "set_aside"
    /// Freezes that are in force.
    case freezes
    /// Deployments of the window that ran in spite of a freeze.
    case overrides
    /// Numbers of deployments of which the ledger has no event.
    case missingNumbers = "missing_numbers"
    /// What `verify` finds wrong with the ledger.
    case unverified
    /// Metrics of the window that miss their target.
    case missedTargets = "missed_targets"

    /// What a measure is counted in.
    enum Unit { case seconds, count }

    var unit: Unit { [.running, .sinceSuccess].contains(self) ? .seconds : .count }

    /// Whether the locks themselves tell it, or more of it than the ledger does.
    var isOfLocks: Bool {
        [.running, .queue, .runningOrphans, .deadOrphans].contains(self)
    }

    /// Whether the ledger alone tells it.
    var isRecorded: Bool { !isOfLocks && self != .spool && self != .setAside }

    /// The names, for help and errors.
    package static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// How bad something is; each is worse than those before it.
package enum AlertSeverity: String, Sendable, Comparable, CaseIterable {
    /// Nothing is wrong.
    case ok
    /// It is unknown.
    case unknown
    /// Somebody should look at it.
    case warning
    /// Somebody should act.
    case critical

    /// Whether one is less bad.
    package static func < (left: AlertSeverity, right: AlertSeverity) -> Bool {
        allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
    }
}

/// From which values on there is an alert.
package struct AlertRules: Sendable {
    /// A rule that cannot be understood.
    package struct Problem: Error, CustomStringConvertible {
        /// What is wrong and what to write.
        package let description: String
    }

    private var warnings: [AlertMeasure: AlertRange] = [
        .running: AlertRange(high: 20 * 60_000_000, unit: .seconds),
        .lastFailed: AlertRange(high: 0, unit: .count),
        .queue: AlertRange(high: 5, unit: .count),
        .deadOrphans: AlertRange(high: 0, unit: .count),
        .spool: AlertRange(high: 0, unit: .count),
        .setAside: AlertRange(high: 0, unit: .count),
        .missingNumbers: AlertRange(high: 0, unit: .count),
        .missedTargets: AlertRange(high: 0, unit: .count),
    ]
    private var criticals: [AlertMeasure: AlertRange] = [
        .running: AlertRange(high: 60 * 60_000_000, unit: .seconds),
        .queue: AlertRange(high: 10, unit: .count),
        .runningOrphans: AlertRange(high: 0, unit: .count),
        .unverified: AlertRange(high: 0, unit: .count),
        .failedRollbacks: AlertRange(high: 0, unit: .count),
    ]

    /// The usual ones.
    package init() {}

    /// Takes rules such as `queue=3` or `running=15m`, several between blanks or commas.
    ///
    /// A range alone is about `running`, and `none` takes a rule away.
    package mutating func set(_ severity: AlertSeverity, _ text: String) throws(Problem) {
        for rule in text.split(whereSeparator: { $0 == " " || $0 == "," }) {
            let parts = rule.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts.count == 2 ? String(parts[0]) : AlertMeasure.running.rawValue
            guard let measure = AlertMeasure(rawValue: name) else {
                throw Problem(
                    description: "unknown measure '\(name)'; use one of: \(AlertMeasure.names)")
            }
            var range: AlertRange?
            if parts.last != "none" {
                range = AlertRange(parts.last ?? "", unit: measure.unit)
                guard range != nil else {
                    throw Problem(
                        description:
                            "'\(parts.last ?? "")' is not a range for \(name); write it as "
                            + "10, 10:, ~:10, 10:20 or @10:20, or none; lengths of time also as 20m"
                    )
                }
            }
            if severity == .critical {
                criticals[measure] = range
            } else {
                warnings[measure] = range
            }
        }
    }

    /// The range of a measure; nil when none calls for an alert.
    func range(_ severity: AlertSeverity, of measure: AlertMeasure) -> AlertRange? {
        severity == .critical ? criticals[measure] : warnings[measure]
    }

    /// How bad a value is, in microseconds or counted.
    func severity(of value: Int64, for measure: AlertMeasure) -> AlertSeverity {
        if criticals[measure]?.alerts(about: value) == true { return .critical }
        return warnings[measure]?.alerts(about: value) == true ? .warning : .ok
    }
}
