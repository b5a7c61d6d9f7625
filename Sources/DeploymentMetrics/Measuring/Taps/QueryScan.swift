import Queries
import SQLite

/// The second tap: asks the table for the deployments around a window, the filter applied.
struct QueryScan {
    /// The kinds met so far, in the order they came.
    private(set) var kinds: [DeploymentKind] = []
    /// The locks met so far, in the order they came; nil for none.
    var locks: [String?] { lockNames.texts }

    private var lockNames = StringInterner()
    private var tiers = StringInterner()
    private var outcomes = StringInterner()
    private var reasons = StringInterner()
    private var failures = StringInterner()
    private var covers = StringInterner()
    private var rollbacks = StringInterner()
    /// For each of the outcomes.
    private var wasLeftOut: [Bool] = []
    private var places: [Key: Int] = [:]
    private var last: (key: Key, place: Int)?

    /// What makes a kind, as places of texts.
    private struct Key: Hashable {
        let tier: Int
        let outcome: Int
        /// -1 where no metric asks for it.
        let reason: Int
        let failure: Int
        let cover: Int
        let rollback: Int
        let flags: Int
    }

    /// Hands the deployments that `values` select to `sink`.
    mutating func read<Sink: MeasureSink>(
        _ connection: Connection, _ values: [String: Value], into sink: inout Sink
    ) throws(ReportError) {
        let run = try QueryRun(NamedQuery.named("measured"), on: connection, values)
        let unknown = MeasuredDeployment.unknown
        while try run.step() {
            let known = (locks: lockNames.count, kinds: kinds.count)
            let lock = run.withText(at: 0) { lockNames.place(of: $0) }
            let wait = run.integer(at: 6)
            let lost = run.integer(at: 9)
            let delivered = run.integer(at: 16)
            let kind = kind(run, wait: wait, lost: lost, delivered: delivered)
            if known != (lockNames.count, kinds.count) { sink.prepare(kinds: kinds, locks: locks) }
            sink.add(
                MeasuredDeployment(
                    lock: lock, kind: kind, requested: run.integer(at: 4) ?? unknown,
                    queueLeft: run.integer(at: 5) ?? unknown, ended: run.integer(at: 7) ?? unknown,
                    wait: wait ?? unknown, ran: run.integer(at: 8) ?? unknown,
                    lost: lost ?? unknown, delivered: delivered ?? unknown,
                    frozen: max(0, run.integer(at: 19) ?? 0)))
        }
    }

    /// The place of the kind of the current row.
    private mutating func kind(
        _ run: QueryRun, wait: Int64?, lost: Int64?, delivered: Int64?
    ) -> Int {
        let tier = run.withText(at: 1) { tiers.place(of: $0) }
        let outcome = run.withText(at: 2) { outcomes.place(of: $0) }
        if outcome == wasLeftOut.count {
            wasLeftOut.append(DeploymentKind.wasLeftOut(outcomes.texts[outcome]))
        }
        let reason = wasLeftOut[outcome] ? run.withText(at: 3) { reasons.place(of: $0) } : -1
        let hadLock = run.integer(at: 10) == 1
        let ahead = run.integer(at: 11)
        let isStraight = DeploymentKind.wentStraightThrough(
            hadLock: hadLock, ahead: ahead, wait: wait)
        let failure = run.withText(at: 12) { failures.place(of: $0) }
        let cover = run.withText(at: 13) { covers.place(of: $0) }
        let isRequest = run.integer(at: 14) == 1
        let isFirst = run.integer(at: 15) == 1
        let repeats = run.integer(at: 17) == 1
        let rollback = run.withText(at: 18) { rollbacks.place(of: $0) }
        let wasFrozen = run.integer(at: 19) ?? 0 > 0
        let flags =
            (hadLock ? 1 : 0) | (isStraight ? 2 : 0) | (lost == nil ? 0 : 4) | (isRequest ? 8 : 0)
            | (isFirst ? 16 : 0) | (delivered == nil ? 0 : 32) | (repeats ? 64 : 0)
            | (wasFrozen ? 128 : 0)
        let key = Key(
            tier: tier, outcome: outcome, reason: reason, failure: failure, cover: cover,
            rollback: rollback, flags: flags)
        if let last, last.key == key { return last.place }
        let place = places[key] ?? kinds.count
        last = (key, place)
        if place == kinds.count {
            places[key] = place
            kinds.append(
                DeploymentKind(
                    tier: tiers.texts[tier], outcome: outcomes.texts[outcome],
                    reason: reason < 0 ? nil : reasons.texts[reason], hadLock: hadLock,
                    ahead: ahead, wait: wait, lostWrapper: lost != nil,
                    failure: failures.texts[failure], cover: covers.texts[cover],
                    isRequest: isRequest, isFirstRequest: isFirst, isDelivered: delivered != nil,
                    repeatsDelivery: repeats, rollback: rollbacks.texts[rollback],
                    wasFrozen: wasFrozen))
        }
        return place
    }
}
