import CommandSupport
import DeployLock
package import JSON
import Ledger
import Queries
import Wording

/// The document of `GET /api/admin/deployment-status`: these members and no others.
///
/// Other programs read it as it was agreed upon, so nothing is ever added to it; `Situation.json`
/// tells everything. Times are RFC 3339 in UTC, durations whole seconds.
package struct DeploymentStatus: Sendable {
    /// What the document says of the lock.
    package enum Status: String, Hashable, Sendable {
        /// Nobody has the lock, and nothing is left of an earlier holder.
        case free
        /// A deployment or another process has it.
        case locked
        /// The wrapper of a deployment died with it, whether its command goes on or not.
        case orphaned
    }

    private let lock: LockSituation
    private let status: Status

    /// The document about a lock; nil when it is unknown who has it.
    ///
    /// Without a ledger there is no last deployment and no health.
    package init?(_ lock: LockSituation) {
        switch lock.condition {
        case .free: status = .free
        case .held, .stranger: status = .locked
        case .runningOrphan, .deadOrphan: status = .orphaned
        case nil: return nil
        }
        self.lock = lock
    }

    /// The document.
    package var json: JSONValue {
        .object([
            (
                "lock",
                .object([("status", .string(status.rawValue)), ("holder", holder)])
            ),
            ("queue", queue),
            ("last_deployment", lock.last.map(Self.deployment) ?? .null),
            ("health", lock.health.map(Self.health) ?? .null),
        ])
    }

    /// Null for a process that is no deployment: what would be said of it is a guess.
    private var holder: JSONValue {
        guard lock.condition != .stranger, let facts = lock.look.state?.owner.facts else {
            return .null
        }
        return .object([
            ("pid", .optional(facts.pid.map(Int64.init))),
            ("user", .optional(facts.user)),
            ("started", Self.time(facts.heldSinceUs)),
            ("duration_seconds", .optional(lock.heldFor.map(Self.seconds))),
            (
                "command",
                .optional(lock.holder?.command ?? lock.leftover?.maskedCommand)
            ),
        ])
    }

    /// The one that runs counts; what has no number is no deployment.
    private var queue: JSONValue {
        let runs = lock.rows.compactMap { row -> JSONValue? in
            guard let number = row.number else { return nil }
            let isRunning = row.position == 0
            return .object([
                ("id", .integer(number)),
                ("status", .string(isRunning ? "in_progress" : "queued")),
                (isRunning ? "started" : "created", Self.time(row.since?.microseconds)),
            ])
        }
        return .object([("length", .integer(Int64(runs.count))), ("runs", .array(runs))])
    }

    private static func deployment(_ last: LastDeployment) -> JSONValue {
        .object([
            ("sha", .optional(last.sha.map { String($0.prefix(7)) })),
            ("status", .string(last.outcome == .succeeded ? "success" : "failure")),
            ("tier", .optional(last.tier.map { tiers[$0] ?? $0 })),
            ("duration_seconds", .integer(seconds(last.length))),
            ("completed", time(last.ended.microseconds)),
        ])
    }

    private static func health(_ health: LastHealth) -> JSONValue {
        .object([
            ("status", .string(health.isHealthy ? "healthy" : "unhealthy")),
            ("checked_at", time(health.checked.microseconds)),
        ])
    }

    /// Tiers that the document spells its own way.
    private static let tiers = ["lightning": "1-lightning", "docker": "2-docker"]

    private static func time(_ microseconds: Int64?) -> JSONValue {
        .optional(microseconds.map(RFC3339.toTheSecond))
    }

    private static func seconds(_ microseconds: Int64) -> Int64 { microseconds / 1_000_000 }
}
