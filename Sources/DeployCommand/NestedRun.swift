import CommandSupport
import DeployLock
import Glibc
import Processes
import SystemCalls

/// A command that runs under the lock of a deployment around it.
struct NestedRun: Sendable {
    private let context: DeploymentContext
    private var plan: DeploymentPlan { context.plan }
    private var journal: Journal { context.journal }

    init(_ context: DeploymentContext) {
        self.context = context
    }

    /// Runs the command and records it; the result is the exit code.
    func run(_ call: consuming NestedCall) -> CInt {
        let outer = call.outer
        // Until we are done the outer deployment keeps the lock.
        defer { withExtendedLifetime(call) {} }
        context.explain("nested in deployment \(outer.number.map { "#\($0)" } ?? "with the lock")")
        if plan.hasSteps {
            context.explain("check and rollback are those of the deployment around it")
        }
        var environment = [("DEPLOY_LOCK_FILE", plan.paths.lockFile)]
        if let deployment = outer.deployment { environment.append(("DEPLOY_ID", deployment)) }
        if let number = outer.number { environment.append(("DEPLOY_NUMBER", String(number))) }
        let events = journal.events(of: outer)
        let beginning = journal.nested(in: outer)
        let began = Clock.monotonicMicroseconds()
        let ending: Ending
        do {
            let mark = call.markDescriptor
            let succession = Succession(inside: events, beginning, plan, mark: mark)
            var command = try plan.command.start(
                environment: environment,
                Keeping(
                    inherited: mark, ticket: nil, successor: succession.arguments,
                    pidNamespace: Machine.pidNamespace),
                ignoresHangUp: context.signals.ignoresHangUp)
            command.awaitStart(signals: context.signals)
            context.record([beginning])
            ending = Ending(command.wait(signals: context.signals))
            let held = ending.failure == nil ? Clock.monotonicMicroseconds() - began : 0
            if let failure = ending.failure {
                context.say(ExitCodes.startFailureWords(failure, plan.command.words))
            }
            context.record([events.nestedEnd(held: held, ending: ending)])
            call.end()
            command.dismiss()
            command.reap()
        } catch {
            ending = Ending(startFailure: error)
            if let failure = ending.failure {
                context.say(ExitCodes.startFailureWords(failure, plan.command.words))
            }
            context.record([beginning, events.nestedEnd(held: 0, ending: ending)])
        }
        return ending.code
    }
}
