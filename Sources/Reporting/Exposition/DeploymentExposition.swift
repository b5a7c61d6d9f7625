import DeployLock
import Ledger
import DeploymentMetrics
package import Queries
package import SQLite
import SystemCalls

/// All that a monitoring system is told of a ledger and the locks of this machine.
package struct DeploymentExposition: Sendable {
    private let totals: LedgerTotals
    private let coverage: Coverage
    /// Those in force.
    private let freezes: [RecordedFreeze]
    private let overrides: Int64
    private let locks: [LiveLock]
    private let waitingInSpool: Int64
    private let setAsideInSpool: Int64
    private let version: String
    private let now: Instant

    /// Counts the ledger in one read transaction.
    ///
    /// - Parameters:
    ///   - locks: what was seen of the locks.
    ///   - spool: how many files wait, and how many were set aside.
    ///   - version: of the program.
    package init(
        _ connection: Connection, locks: [LiveLock], spool: (waiting: Int, setAside: Int),
        version: String, now: Instant
    ) throws(ReportError) {
        let wrap = { ReportError.database(query: "metrics", $0) }
        (totals, coverage, freezes, overrides) = try connection.transaction(
            .deferred, wrapping: wrap
        ) {
            () throws(ReportError) in
            let freezes = try RecordedFreeze.all(connection, now: now)
            return (
                try LedgerTotals.count(connection), try Coverage(connection),
                freezes.filter(\.isInForce), freezes.reduce(0) { $0 + $1.overrides }
            )
        }
        self.locks = locks
        waitingInSpool = Int64(spool.waiting)
        setAsideInSpool = Int64(spool.setAside)
        self.version = version
        self.now = now
    }

    /// The text in one of the formats.
    ///
    /// - Parameters:
    ///   - labels: what every sample gets besides its own labels; none of theirs.
    ///   - more: families of whoever shows them.
    package func text(
        _ exposition: Exposition, labels: [(name: String, value: String)] = [],
        and more: [MetricFamily] = []
    ) -> String {
        exposition.text(
            (ledgerFamilies + lockFamilies + ownFamilies + more).map { $0.labelled(labels) })
    }

    /// The labels given and, unless they say which ledger it is or it is the one of the machine, a
    /// label `ledger` with its path.
    ///
    /// A user's own ledger is one of many on a host, also where it is that user's default.
    ///
    /// - Parameter path: the ledger's, as its settings have it.
    package static func labels(
        _ given: [(name: String, value: String)] = [], ledger path: String
    ) -> [(name: String, value: String)] {
        if given.contains(where: { $0.name == "ledger" }) { return given }
        let isTheMachines = path == LedgerSettings(path: LedgerSettings.machinePath).path
        return isTheMachines ? given : given + [("ledger", path)]
    }

    private typealias Sample = MetricFamily.Sample

    private var ledgerFamilies: [MetricFamily] {
        let tiers = LedgerTotals.tiers
        let ended = tiers.indices.flatMap { tier in
            LedgerTotals.outcomes.indices.map { outcome in
                Sample(
                    labels: [
                        ("tier", tiers[tier]), ("outcome", LedgerTotals.outcomes[outcome]),
                    ], value: .count(totals.ended[tier][outcome]))
            }
        }
        let failures = tiers.indices.flatMap { tier in
            zip(FailureReason.allCases, totals.failures[tier]).map { reason, count in
                Sample(
                    labels: [("tier", tiers[tier]), ("reason", reason.rawValue)],
                    value: .count(count))
            }
        }
        let lastFailures = tiers.indices.compactMap { tier in
            totals.lastFailure[tier].map {
                Sample(labels: [("tier", tiers[tier])], value: .microseconds($0))
            }
        }
        let rollbacks = zip(LedgerTotals.rollbackResults, totals.rollbacks).map { result, count in
            Sample(labels: [("result", result.rawValue)], value: .count(count))
        }
        let skips = zip(Outcome.leftOut, totals.skips).map { way, count in
            Sample(labels: [("outcome", way.rawValue)], value: .count(count))
        }
        let successes = tiers.indices.compactMap { tier in
            totals.lastSuccess[tier].map {
                Sample(labels: [("tier", tiers[tier])], value: .microseconds($0))
            }
        }
        return [
            MetricFamily(
                name: "deploy_requests", help: "Deployments that asked for a lock.",
                content: .counter([Sample(value: .count(totals.requested))])),
            MetricFamily(
                name: "deploy_lock_acquisitions", help: "Deployments that got their lock.",
                content: .counter([Sample(value: .count(totals.acquired))])),
            MetricFamily(
                name: "deploy_finished", help: "Deployments that ended, by tier and outcome.",
                content: .counter(ended)),
            MetricFamily(
                name: "deploy_failures",
                help: "Deployments that had the lock and did not succeed, by tier and reason.",
                content: .counter(failures)),
            MetricFamily(
                name: "deploy_skips",
                help: "Deployments that were left out and not delivered by a newer one.",
                content: .counter(skips)),
            MetricFamily(
                name: "deploy_batched",
                help: "Deployments that stepped aside for a newer one that succeeded.",
                content: .counter([Sample(value: .count(totals.batched))])),
            MetricFamily(
                name: "deploy_lock_unusable",
                help: "Deployments refused because the lock could not be used.",
                content: .counter([Sample(value: .count(totals.unusable))])),
            MetricFamily(
                name: "deploy_overruns", help: "Deployments ended because they ran too long.",
                content: .counter([Sample(value: .count(totals.overran))])),
            MetricFamily(
                name: "deploy_rollbacks",
                help: "Rollbacks of deployments that failed, by what they came to.",
                content: .counter(rollbacks)),
            MetricFamily(
                name: "deploy_frozen", help: "Deployments that a freeze held back.",
                content: .counter([Sample(value: .count(totals.frozen))])),
            MetricFamily(
                name: "deploy_frozen_seconds",
                help: "How long freezes held deployments back, all together.",
                content: .counter([Sample(value: .microseconds(totals.frozenTime))])),
            MetricFamily(
                name: "deploy_freeze_overrides",
                help: "Freezes that a deployment ran in spite of.",
                content: .counter([Sample(value: .count(overrides))])),
            MetricFamily(
                name: "deploy_orphans",
                help: "Deployments that lost their wrapper while they held the lock.",
                content: .counter([Sample(value: .count(totals.orphaned))])),
            MetricFamily(
                name: "deploy_ledger_events", help: "Events in the ledger.",
                content: .counter([Sample(value: .count(coverage.events))])),
            MetricFamily(
                name: "deploy_lock_wait_seconds",
                help: "How long deployments waited until they got their lock or gave up.",
                content: .histogram([MetricFamily.Distribution(buckets: totals.waits)])),
            MetricFamily(
                name: "deploy_duration_seconds",
                help: "How long the commands of successful deployments ran, by tier.",
                content: .histogram(
                    tiers.indices.map {
                        MetricFamily.Distribution(
                            labels: [("tier", tiers[$0])], buckets: totals.durations[$0])
                    })),
            MetricFamily(
                name: "deploy_last_failure_timestamp_seconds",
                help: "When the last deployment of a tier failed; none, no sample.",
                content: .gauge(lastFailures)),
            MetricFamily(
                name: "deploy_last_success_timestamp_seconds",
                help: "When the last deployment of a tier succeeded; none, no sample.",
                content: .gauge(successes)),
        ]
    }

    private var lockFamilies: [MetricFamily] {
        let seen = locks.filter { $0.holder != nil }
        func gauge(
            _ name: String, _ help: String, _ locks: [LiveLock],
            _ value: (LiveLock) -> SampleValue?
        ) -> MetricFamily {
            MetricFamily(
                name: name, help: help,
                content: .gauge(
                    locks.compactMap { lock in
                        value(lock).map { Sample(labels: [("lock", lock.path)], value: $0) }
                    }))
        }
        return [
            gauge("deploy_lock_visible", "Whether it is known who holds the lock.", locks) {
                .count($0.holder == nil ? 0 : 1)
            },
            gauge("deploy_lock_held", "Whether the lock is taken.", seen) {
                .count($0.isHeld ? 1 : 0)
            },
            gauge(
                "deploy_lock_held_since_timestamp_seconds",
                "Since when the lock is taken; free or not known, no sample.", seen
            ) { $0.isHeld ? $0.heldSince.map { .microseconds($0.microseconds) } : nil },
            gauge(
                "deploy_lock_orphaned",
                "Whether the wrapper of the holder was lost, or died with the lock.", seen
            ) { .count($0.holder == .runningOrphan || $0.holder == .deadOrphan ? 1 : 0) },
            gauge("deploy_queue_length", "Deployments that wait for the lock.", seen) {
                .count($0.waiting)
            },
            gauge("deploy_lock_frozen", "Whether deployments under the lock are frozen.", locks) {
                .count(frozenUntil($0) == nil ? 0 : 1)
            },
            gauge(
                "deploy_lock_frozen_until_timestamp_seconds",
                "When the last freeze of the lock ends; not frozen, no sample.", locks
            ) { frozenUntil($0).map { .microseconds($0.microseconds) } },
        ]
    }

    /// The end of the last freeze of a lock of this machine.
    private func frozenUntil(_ lock: LiveLock) -> Instant? {
        freezes.filter { $0.lock == lock.path && $0.host == Machine.hostName }
            .map { $0.until ?? Instant(microseconds: .max) }.max()
    }

    private var ownFamilies: [MetricFamily] {
        func gauge(_ name: String, _ help: String, _ value: SampleValue) -> MetricFamily {
            MetricFamily(name: name, help: help, content: .gauge([Sample(value: value)]))
        }
        return [
            gauge(
                "deploy_spool_files", "Events that wait outside of the ledger.",
                .count(waitingInSpool)),
            gauge(
                "deploy_spool_rejected_files", "Files of a spool that are no events.",
                .count(setAsideInSpool)),
            gauge(
                "deploystats_last_run_timestamp_seconds", "When these figures were made.",
                .microseconds(now.microseconds)),
            MetricFamily(
                name: "deploystats_build", help: "The program that made these figures.",
                content: .info([("version", version)])),
        ]
    }
}
