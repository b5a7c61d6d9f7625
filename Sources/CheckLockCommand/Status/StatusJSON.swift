import CommandSupport
import DeployLock
import JSON
import Ledger
import SystemCalls
import Wording

/// The state of a lock as one JSON document; `docs/check-deploy-lock.md` describes it.
enum StatusJSON {
    /// PluralText up when a key changes its meaning or goes away.
    private static let version: Int64 = 1

    static func document(_ report: LockReport) -> JSONValue {
        let state = report.state
        return .object([
            ("version", .integer(version)),
            ("state", .string(state.owner.condition?.rawValue ?? "unknown")),
            ("reason", .null),
            ("lock_file", .string(state.paths.lockFile)),
            ("info_file", .string(state.paths.infoFile)),
            ("host", .string(Machine.hostName)),
            ("at", .string(RFC3339.toTheMicrosecond(state.lookedAtUs))),
            ("holder", LockJSON.holder(state)),
            ("processes", .array(LockJSON.processes(state))),
            ("processes_complete", .bool(!state.isIncomplete)),
            ("waiting", .array(LockJSON.waiting(state))),
            ("frozen", .bool(!report.freezes.isEmpty)),
            ("frozen_until", .optional(report.freezes.untilUs.map(RFC3339.toTheMicrosecond))),
            ("freezes", .array(LockJSON.freezes(report.freezes))),
            ("overdue", .bool(report.isOverdue)),
            ("warn_after_seconds", .seconds(microseconds: report.warnAfter)),
            ("usual", LockJSON.usual(report.usual)),
            ("recorded", .array(report.recorded.map(recorded))),
        ])
    }

    /// When it is unknown who holds the lock.
    static func document(unknown reason: String, _ paths: LockPaths) -> JSONValue {
        .object([
            ("version", .integer(version)),
            ("state", .string("unknown")),
            ("reason", .string(reason)),
            ("lock_file", .string(paths.lockFile)),
            ("info_file", .string(paths.infoFile)),
            ("host", .string(Machine.hostName)),
            ("at", .string(RFC3339.toTheMicrosecond(Clock.wallMicroseconds()))),
        ])
    }

    private static func recorded(_ found: SweptDeployment) -> JSONValue {
        .object([
            ("number", .optional(found.number)),
            ("deployment", .string(found.deployment.description)),
            ("outcome", .string(found.outcome.rawValue)),
        ])
    }
}
