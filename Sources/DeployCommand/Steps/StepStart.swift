import DeployLock
import Glibc
import Ledger
import Processes
import SystemCalls

/// What every step of a deployment is started with.
struct StepStart: Sendable {
    let context: DeploymentContext
    let release: Release
    let number: Int64
    /// Where the command writes; nil for our own streams.
    let output: KeptOutput?

    /// The variables that tell a step which deployment it belongs to.
    private var environment: [(name: String, value: String)] {
        [
            ("DEPLOY_ID", context.journal.deployment.description),
            ("DEPLOY_NUMBER", String(number)),
            ("DEPLOY_LOCK_FILE", context.plan.paths.lockFile),
        ]
    }

    /// Starts the command of the deployment.
    func command(
        _ state: StepState, _ lock: borrowing LockFile, _ ticket: borrowing Ticket
    ) throws(SystemError) -> KeptCommand {
        try start(
            context.plan.command, environment + (output?.environment ?? []), state, lock, ticket,
            output: output?.descriptor, isApart: false)
    }

    /// Starts a check or a rollback.
    ///
    /// - Parameters:
    ///   - more: variables that it gets besides.
    ///   - output: where it writes; nil for where the command does.
    func step(
        _ arguments: [String], _ more: [(name: String, value: String?)], _ state: StepState,
        _ lock: borrowing LockFile, _ ticket: borrowing Ticket, output: CInt? = nil
    ) throws(SystemError) -> KeptCommand {
        let plan = context.plan
        var environment = environment
        let facts: [(String, String?)] = [
            ("DEPLOY_SHA", plan.sha), ("DEPLOY_REF", plan.ref), ("DEPLOY_TIER", plan.tier),
        ]
        // Those of a rollback around us are not ours.
        var unknown: [String] = []
        for (name, value) in facts + more {
            if let value { environment.append((name, value)) } else { unknown.append(name) }
        }
        var process = try start(
            Command(arguments), environment, without: unknown, state, lock, ticket,
            output: output ?? self.output?.descriptor, isApart: true)
        process.passesOnSignals = false
        return process
    }

    private func start(
        _ command: Command, _ environment: [(name: String, value: String)],
        without names: [String] = [], _ state: StepState, _ lock: borrowing LockFile,
        _ ticket: borrowing Ticket, output: CInt?, isApart: Bool
    ) throws(SystemError) -> KeptCommand {
        let line = try ticket.openForRunLine()
        let succession = Succession(
            release, context.plan, state, lock: lock.descriptor.rawValue,
            ticket: ticket.descriptor.rawValue, at: ticket.path)
        return try command.start(
            environment: environment, without: names,
            Keeping(
                inherited: lock.descriptor.rawValue,
                ticket: (ticket.descriptor.rawValue, line.rawValue),
                output: output, successor: succession.arguments,
                pidNamespace: Machine.pidNamespace, isApart: isApart),
            ignoresHangUp: context.signals.ignoresHangUp)
    }
}
