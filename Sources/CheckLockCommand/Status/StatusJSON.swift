import DeployLock
import JSON
import Ledger
import Processes
import Secrets
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
            ("holder", holder(report)),
            ("processes", .array(state.processes.map(process))),
            ("processes_complete", .bool(!state.isIncomplete)),
            ("waiting", .array(state.waiting.enumerated().map { waiter($0 + 1, $1, state) })),
            ("frozen", .bool(!report.freezes.isEmpty)),
            ("frozen_until", .optional(report.freezes.untilUs.map(RFC3339.toTheMicrosecond))),
            ("freezes", .array(freezes(report.freezes))),
            ("overdue", .bool(report.isOverdue)),
            ("warn_after_seconds", .seconds(microseconds: report.warnAfter)),
            ("usual", usual(report.usual)),
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

    private static func holder(_ report: LockReport) -> JSONValue {
        guard let facts = report.facts else { return .null }
        let state = report.state
        let isAlive = state.owner.condition == .held
        return .object(
            members(of: facts) + [
                ("since", .optional(facts.heldSinceUs.map(RFC3339.toTheMicrosecond))),
                ("running_seconds", report.heldFor.map { .seconds(microseconds: $0) } ?? .null),
                ("alive", .bool(isAlive)),
                ("stopped", .bool(state.wrapper?.isStopped ?? false)),
                ("keeper_pid", .optional(facts.keeperPid.map(Int64.init))),
                ("keeper_alive", aliveness(facts.keeper)),
                ("command_pid", .optional(facts.commandPid.map(Int64.init))),
                ("command_alive", aliveness(facts.commandProcess)),
            ])
    }

    /// Null for a process that is not known, and for one that cannot be seen from here.
    private static func aliveness(_ process: ProcessIdentity?) -> JSONValue {
        switch process?.liveness {
        case .alive: .bool(true)
        case .dead: .bool(false)
        case .unknown, nil: .null
        }
    }

    private static func waiter(
        _ position: Int, _ waiter: LockState.Waiter, _ state: LockState
    ) -> JSONValue {
        let facts = waiter.facts ?? DeploymentFacts()
        let since = facts.waitingSinceUs
        return .object(
            [
                ("position", .integer(Int64(position))),
                ("number", .integer(waiter.number)),
            ] + members(of: facts).filter { $0.key != "number" } + [
                ("since", .optional(since.map(RFC3339.toTheMicrosecond))),
                (
                    "waiting_seconds",
                    since.map { .seconds(microseconds: max(0, state.lookedAtUs - $0)) } ?? .null
                ),
                ("superseded_by", .optional(state.covering(waiter))),
                ("stopped", .bool(waiter.process?.isStopped ?? false)),
            ])
    }

    private static func members(of facts: DeploymentFacts) -> [(key: String, value: JSONValue)] {
        [
            ("number", .optional(facts.number)),
            ("deployment", .optional(facts.deployment)),
            ("pid", .optional(facts.pid.map(Int64.init))),
            ("user", .optional(facts.user)),
            ("actor", .optional(facts.person)),
            ("host", .optional(facts.hostname)),
            ("command", .optional(facts.command)),
            ("tier", .optional(facts.tier)),
            ("source", .optional(facts.source)),
            ("sha", .optional(facts.sha)),
            ("ref", .optional(facts.ref)),
            ("batch_key", .optional(facts.batchKey)),
        ]
    }

    private static func freezes(_ freezes: Freezes) -> [JSONValue] {
        freezes.inForce.map { freeze in
            .object([
                ("id", .string(freeze.id)),
                ("since", .string(RFC3339.toTheMicrosecond(freeze.fromUs))),
                ("until", .string(RFC3339.toTheMicrosecond(freeze.untilUs))),
                ("by", .string(freeze.by)), ("user", .string(freeze.user)),
                ("reason", .string(freeze.reason)), ("problem", .null),
            ])
        }
            + freezes.unreadable.map { flaw in
                .object([
                    ("id", .string(flaw.file.id)), ("since", .null), ("until", .null),
                    ("by", .null), ("user", .null), ("reason", .null),
                    ("problem", .string("\(flaw.file.path): \(flaw.reason)")),
                ])
            }
    }

    private static func process(_ process: RunningProcess) -> JSONValue {
        .object([
            ("pid", .integer(Int64(process.identity.pid))),
            ("user", .optional(process.uid.map(User.name(of:)))),
            ("since", .string(RFC3339.toTheMicrosecond(process.startedAtUs))),
            ("stopped", .bool(process.isStopped)),
            (
                "command",
                .string(ShellText.quoted(Masking.mask(arguments: process.arguments)))
            ),
        ])
    }

    private static func usual(_ usual: UsualDuration?) -> JSONValue {
        guard let usual else { return .null }
        let isEnough = usual.n >= UsualDuration.enoughForP95
        return .object([
            ("n", .integer(Int64(usual.n))),
            ("p50_seconds", .seconds(microseconds: usual.p50Us)),
            ("p95_seconds", isEnough ? .seconds(microseconds: usual.p95Us) : .null),
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
