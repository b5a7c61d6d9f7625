package import Ledger
package import Queries
package import SQLite

/// Counts over all deployments of a ledger.
///
/// What people write freely, the tier, is distinguished only where there are targets for it, so that
/// nobody can make the number of series grow.
package struct LedgerTotals: MeasureSink {
    /// The tiers that are distinguished.
    package static let tiers = Targets.builtIn.durations.map(\.tier) + ["other"]
    /// What a rollback can come to.
    package static let rollbackResults: [StepResult] = [
        .done, .failed, .timedOut, .notRun, .interrupted,
    ]
    package static let outcomes = Outcome.allCases.map(\.rawValue)
    /// In seconds; the target of waits is among them.
    static let waitBounds: [Int64] = [1, 5, 15, 30, 60, 120, 180, 300, 600, 1200, 1800]
    /// In seconds; the bounds of all targets and the length that is alerted about are among them.
    static let durationBounds: [Int64] = [
        10, 30, 60, 120, 180, 300, 450, 600, 900, 1200, 1800, 3600,
    ]

    /// Deployments there are.
    package private(set) var requested: Int64 = 0
    /// Those that got the lock.
    package private(set) var acquired: Int64 = 0
    /// Those that ended because they ran too long.
    package private(set) var overran: Int64 = 0
    /// Those that lost their wrapper while they had the lock, however they ended.
    package private(set) var orphaned: Int64 = 0
    /// Those that ended, by tier and outcome.
    package private(set) var ended = tiers.map { _ in outcomes.map { _ in Int64(0) } }
    package private(set) var waits = BucketCounts(bounds: waitBounds)
    /// Of those that succeeded, by tier.
    package private(set) var durations = tiers.map { _ in BucketCounts(bounds: durationBounds) }
    /// Those that had the lock and did not succeed, by tier and reason.
    package private(set) var failures = tiers.map { _ in
        FailureReason.allCases.map { _ in Int64(0) }
    }
    /// Of these, how many rollbacks came to what, in the order of `rollbackResults`.
    package private(set) var rollbacks = rollbackResults.map { _ in Int64(0) }
    /// How many a freeze held back, and for how long in microseconds.
    package private(set) var frozen: Int64 = 0
    package private(set) var frozenTime: Int64 = 0
    /// When the last of them ended, by tier; nil when none did.
    package private(set) var lastFailure: [Int64?] = tiers.map { _ in nil }
    /// Those left out for good, in the order of `Outcome.leftOut`.
    package private(set) var skips = Outcome.leftOut.map { _ in Int64(0) }
    /// Those that stepped aside for one that succeeded.
    package private(set) var batched: Int64 = 0
    /// Those refused because the lock could not be used.
    package private(set) var unusable: Int64 = 0
    /// When the last one succeeded, by tier; nil when none did.
    package private(set) var lastSuccess: [Int64?] = tiers.map { _ in nil }

    private var rules: [(kind: DeploymentKind, tier: Int, outcome: Int?, isOrphan: Bool)] = []

    /// Counts all there are.
    ///
    /// - Throws: `ReportError` also when a summary cannot be read.
    package static func count(_ connection: Connection) throws(ReportError) -> LedgerTotals {
        var totals = LedgerTotals()
        var scan = SummaryScan(
            DeploymentSummaries(connection), since: Instant(microseconds: .min),
            until: Instant(microseconds: .max))
        guard try scan.read(into: &totals) else { throw .unreadableSummaries }
        return totals
    }

    package mutating func prepare(kinds: [DeploymentKind], locks: [String?]) {
        for kind in kinds[rules.count...] {
            let tier = Self.tiers.firstIndex { $0 == kind.tier } ?? Self.tiers.count - 1
            rules.append(
                (kind, tier, Self.outcomes.firstIndex { $0 == kind.outcome }, kind.isOrphan))
        }
    }

    package mutating func add(_ one: MeasuredDeployment) {
        let (kind, tier, outcome, isOrphan) = rules[one.kind]
        requested += 1
        if kind.hadLock { acquired += 1 }
        if kind.overran { overran += 1 }
        if isOrphan { orphaned += 1 }
        if one.frozen > 0 {
            frozen += 1
            frozenTime &+= one.frozen
        }
        if one.queueLeft != MeasuredDeployment.unknown, kind.countsAsWait, one.wait >= 0 {
            waits.add(microseconds: one.wait)
        }
        guard let outcome else { return }
        ended[tier][outcome] += 1
        addSkip(kind)
        if kind.hadLock, let reason = kind.failureReason,
            let place = FailureReason.allCases.firstIndex(of: reason)
        {
            failures[tier][place] += 1
            if one.ended != MeasuredDeployment.unknown {
                lastFailure[tier] = max(lastFailure[tier] ?? .min, one.ended)
            }
        }
        if kind.wasRolledBack,
            let place = Self.rollbackResults.firstIndex(where: { $0.rawValue == kind.rollback })
        {
            rollbacks[place] += 1
        }
        guard kind.succeeded else { return }
        if one.ran >= 0 { durations[tier].add(microseconds: one.ran) }
        if one.ended != MeasuredDeployment.unknown {
            lastSuccess[tier] = max(lastSuccess[tier] ?? .min, one.ended)
        }
    }

    private mutating func addSkip(_ kind: DeploymentKind) {
        switch kind.skip {
        case .carriedOut, .pending, .frozen: break
        case .leftOut:
            if let way = Outcome.leftOut.firstIndex(where: { $0.rawValue == kind.outcome }) {
                skips[way] += 1
            }
        case .batched: batched += 1
        case .unusable: unusable += 1
        }
    }
}
