import Ledger
import Queries

/// A deployment as a metric sees it.
package struct ExplainedDeployment: Sendable {
    /// Its ticket.
    let number: Int64?
    let id: String
    /// The lock.
    package let lock: String?
    /// Who asked.
    let person: String?
    /// What the metrics tell it apart by.
    let kind: DeploymentKind
    /// How it ended; nil while it is in flight, and for a way of a later version.
    let outcome: Outcome?
    /// Why it ended so.
    let reason: String?
    let asked: Instant?
    let left: Instant?
    let ended: Instant?
    /// When it became an orphan.
    let orphaned: Instant?
    /// When the commit of a first request was delivered.
    let delivered: Instant?
    let wait: Int64?
    /// How long its command ran; where only the time with the lock is known, that.
    let ran: Int64?
    /// How long a freeze held it back.
    let frozen: Int64?
    /// How long it was checked and rolled back.
    let health: Int64?
    let rollback: Int64?
    /// Whether it is a run of CI that never asked for the lock.
    let isCIRun: Bool
    /// What the metric makes of it.
    package private(set) var judgement = Judgement.excluded("")

    /// What a metric makes of a deployment.
    package struct Judgement: Hashable, Sendable {
        /// Whether it is one of those the metric is about: its n, or a rate's denominator.
        var counts = false
        /// Whether it is in the numerator; nil for a metric that is no rate, and when it does not
        /// count.
        var isNumerator: Bool?
        /// The length of time it adds to the figures.
        var value: Int64?
        /// Whether that length was cut off.
        package var isCensored = false
        /// Why.
        var why: String

        /// It does not count.
        static func excluded(_ why: String) -> Self { Self(why: why) }
    }

    init(_ row: QueryRow, _ judge: (Self) -> Judgement) {
        number = row.integer("number")
        id = row.text("id") ?? ""
        lock = row.text("lock")
        person = row.text("person")
        asked = row.time("requested_us")
        left = row.time("left_us")
        ended = row.time("ended_us")
        orphaned = row.time("orphaned_us")
        delivered = row.time("delivered_us")
        wait = row.integer("wait_us")
        ran = row.integer("ran_us")
        frozen = row.integer("frozen_us")
        health = row.integer("health_us")
        rollback = row.integer("rollback_us")
        isCIRun = row.integer("is_ci_run") == 1
        reason = row.text("reason")
        kind = DeploymentKind(
            tier: row.text("tier"), outcome: row.text("outcome"), reason: row.text("reason"),
            hadLock: row.time("acquired_us") != nil, ahead: row.integer("ahead"), wait: wait,
            lostWrapper: row.time("lost_us") != nil, failure: row.text("failure"),
            cover: row.text("cover"), isRequest: row.integer("is_request") == 1,
            isFirstRequest: row.integer("is_first") == 1,
            isDelivered: row.time("delivered_us") != nil,
            repeatsDelivery: row.integer("repeats") == 1, rollback: row.text("rollback"),
            wasFrozen: frozen ?? 0 > 0)
        outcome = kind.outcome.flatMap { Outcome(rawValue: $0) }
        judgement = judge(self)
    }

    /// Whether the metric counts it.
    package var counts: Bool { judgement.counts }
    /// Whether it is in the numerator of a rate.
    package var isNumerator: Bool { judgement.isNumerator ?? false }
    /// The length of time it adds to the figures, in microseconds.
    package var value: Int64? { judgement.value }
    /// The kind of deployment.
    package var tier: String? { kind.tier }
}
