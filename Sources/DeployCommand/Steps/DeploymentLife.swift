import CommandSupport
import DeployLock
import Glibc
import Ledger
import Processes
import SystemCalls

/// What every step that follows the command of a deployment works with.
struct DeploymentLife: Sendable {
    let context: DeploymentContext
    let release: Release
    let start: StepStart
    /// The command's; each step makes its own of it.
    let state: StepState
    /// What others may see of the deployment.
    let facts: DeploymentFacts
    /// What a rollback can go back to.
    let lastGood: LastGood?

    var number: Int64 { start.number }
    var plan: DeploymentPlan { context.plan }

    /// Whether a forced unlock has decided about the deployment: then nothing begins any more.
    func isDecided(_ ticket: borrowing Ticket) -> Bool { ticket.isForced }

    /// Lets the keeper of the last step go, before the next one starts: two must never be there to
    /// finish one deployment.
    func release(_ command: inout KeptCommand?) {
        guard let last = command.take() else { return }
        last.dismiss()
        last.reap(insists: true)
    }

    /// Ends the command, or a step, with all it started, and waits until that is gone; how it ended.
    func end(_ command: inout KeptCommand, _ lock: borrowing LockFile) -> KeptCommand.End? {
        var end: KeptCommand.End?
        let ending = CommandEnding(grace: plan.limit.grace) { text in
            context.say("#\(number) \(text)")
        }
        let keeper = command.keeper
        ending.run(below: keeper, lock: lock) { deadline in
            if end == nil { end = command.wait(signals: context.signals, until: deadline) }
            if end != nil { _ = try? Poll.readable([], until: deadline) }
            return end != nil
        }
        return end
    }

    /// Lets others see which step runs.
    func publish(
        _ step: StepState.Step, _ ticket: borrowing Ticket, endedWith code: CInt? = nil
    ) {
        var facts = facts
        facts.endedWith = code.map(Int64.init)
        facts.step = step.rawValue
        ticket.note(facts)
        ticket.readRunLine(into: &facts)
        try? facts.publish(at: plan.paths.infoFile)
    }

    /// Says what goes on, unless nothing should be said.
    func tell(_ text: String) {
        if plan.verbosity > .quiet { context.say("#\(number) \(text)") }
    }
}
