package import DeployLock
package import JSON
package import Ledger
import Processes
import Secrets
import SystemCalls
import Wording

/// What is seen of a lock as members of JSON documents; `docs/check-deploy-lock.md` describes them.
package enum LockJSON {
    /// Who has the lock, or died with it; null when that is nobody, or no deployment.
    package static func holder(_ state: LockState) -> JSONValue {
        guard let facts = state.owner.facts else { return .null }
        let isAlive = state.owner.condition == .held
        return .object(
            members(of: facts) + [
                ("since", .optional(facts.heldSinceUs.map(RFC3339.toTheMicrosecond))),
                ("running_seconds", state.heldForUs.map { .seconds(microseconds: $0) } ?? .null),
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

    /// Those who wait, next in line first.
    package static func waiting(_ state: LockState) -> [JSONValue] {
        state.waiting.enumerated().map { waiter($0 + 1, $1, state) }
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
            ("command", .optional(facts.maskedCommand)),
            ("tier", .optional(facts.tier)),
            ("source", .optional(facts.source)),
            ("sha", .optional(facts.sha)),
            ("ref", .optional(facts.ref)),
            ("batch_key", .optional(facts.batchKey)),
        ]
    }

    /// The freezes in force, those last that cannot be read.
    package static func freezes(_ freezes: Freezes) -> [JSONValue] {
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

    /// The processes that keep others out.
    package static func processes(_ state: LockState) -> [JSONValue] {
        state.processes.map(process)
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

    /// How long such deployments usually take; without a p95 where there are too few for one.
    package static func usual(_ usual: UsualDuration?) -> JSONValue {
        guard let usual else { return .null }
        return .object([
            ("n", .integer(Int64(usual.n))),
            ("p50_seconds", .seconds(microseconds: usual.p50Us)),
            ("p95_seconds", usual.hasP95 ? .seconds(microseconds: usual.p95Us) : .null),
        ])
    }
}
