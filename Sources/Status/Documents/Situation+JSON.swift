import CommandSupport
import DeployLock
package import JSON
import Ledger
import Queries
import Reporting
import SystemCalls
import Wording

extension Situation {
    /// Everything; `docs/schema/status.json` describes it.
    package var json: JSONValue {
        .object([
            ("at", .string(at.rfc3339)),
            ("host", .string(Machine.hostName)),
            ("severity", .string(alerts.severity.rawValue)),
            ("locks", .array(locks.map(\.json))),
            ("alerts", .array(alerts.alerts.map(\.json))),
            ("unknown", .array(alerts.unknown.map { .string($0.problem) })),
            (
                "spool",
                .object([
                    ("waiting", .integer(Int64(spool.waiting))),
                    ("set_aside", .integer(Int64(spool.setAside))),
                    ("places", .array(look.spools.map { .string($0) })),
                ])
            ),
            ("ledger", ledger.json),
        ])
    }
}

extension LedgerLook {
    fileprivate var json: JSONValue {
        .object([
            ("path", .string(path)),
            ("problem", .optional(problem)),
            ("id", .optional(id)),
            ("head", .optional(head?.description)),
            ("events", .optional(head?.seq)),
            ("newest_event_at", .optional(newestEvent?.rfc3339)),
            ("verified", .optional(verification?.scope)),
            ("flaws", .array((verification?.problems ?? []).map { .string($0) })),
            ("interruptions", .array(interruptions.map { .string($0) })),
        ])
    }
}

extension LockSituation {
    /// The lock as one object.
    package var json: JSONValue {
        .object(seen + judged + queued + recorded)
    }

    private typealias Members = [(key: String, value: JSONValue)]

    private var seen: Members {
        let state = look.state
        return [
            ("lock", .string(path)), ("state", .string(look.word)),
            ("problem", .optional(problem)), ("at", .string(look.at.rfc3339)),
            ("holder", state.map(LockJSON.holder) ?? .null),
            ("processes", .array(state.map(LockJSON.processes) ?? [])),
            ("processes_complete", .bool(state.map { !$0.isIncomplete } ?? false)),
        ]
    }

    private var judged: Members {
        [
            ("held_seconds", heldFor.map { .seconds(microseconds: $0) } ?? .null),
            ("overdue", .bool(isOverdue)),
            ("warn_after_seconds", .seconds(microseconds: warnAfter)),
            ("usual", LockJSON.usual(usual)), ("progress", progress.map { .real($0) } ?? .null),
        ]
    }

    /// Where nobody knows who has the lock, nobody knows who waits and what is frozen, either.
    private var queued: Members {
        let isKnown = condition != nil
        return [
            ("waiting", isKnown ? .integer(Int64(waiting.count)) : .null),
            ("queue", .array(QueueTable.objects(rows))),
            ("frozen", isKnown ? .bool(!freezes.isEmpty) : .null),
            ("frozen_until", .optional(freezes.untilUs.map(RFC3339.toTheMicrosecond))),
            ("freezes", .array(LockJSON.freezes(freezes))),
        ]
    }

    private var recorded: Members {
        [
            ("last_deployment", last.map(Self.deployment) ?? .null),
            ("health", health.map(Self.health) ?? .null),
        ]
    }

    private static func deployment(_ last: LastDeployment) -> JSONValue {
        .object([
            ("deployment", .string(last.id)),
            ("number", .optional(last.number)),
            ("outcome", .optional(last.outcome?.rawValue)),
            ("sha", .optional(last.sha)),
            ("tier", .optional(last.tier)),
            ("actor", .optional(last.person)),
            ("ran_seconds", .seconds(microseconds: last.length)),
            ("ended_at", .string(last.ended.rfc3339)),
        ])
    }

    private static func health(_ health: LastHealth) -> JSONValue {
        .object([
            ("number", .optional(health.number)),
            ("verdict", .string(health.isHealthy ? "healthy" : "unhealthy")),
            ("checked_at", .string(health.checked.rfc3339)),
        ])
    }
}
