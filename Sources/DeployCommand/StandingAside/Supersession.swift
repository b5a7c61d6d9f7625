import CommandSupport
import DeployLock
import Ledger
import Processes
import Secrets
import SystemCalls

/// Stepping aside for a newer deployment of the same batch, once the turn has come and before
/// anything runs.
struct Supersession: Sendable {
    private let context: DeploymentContext
    private var plan: DeploymentPlan { context.plan }
    private var journal: Journal { context.journal }
    private var recorder: Recorder { context.recorder }
    private var queue: WaitQueue { context.queue }

    init(_ context: DeploymentContext) {
        self.context = context
    }

    /// The newest deployment that makes this one needless; nil when it has to run itself.
    func covering(_ number: Int64) -> CoveringDeployment? {
        guard plan.batch?.stepsAside == true,
            let found = queue.covering(journal.facts(number: number)),
            Cover(found.facts) != nil
        else { return nil }
        return found
    }

    /// Lets the lock go unused and records why; the result is the exit code.
    ///
    /// As always first the ticket, which outlives us, then the deed, then the ledger.
    func stepAside(
        for deployment: consuming CoveringDeployment, _ lock: consuming LockFile,
        _ ticket: consuming Ticket, _ circumstances: LockAcquisition.Circumstances,
        pending: EventEnvelope?
    ) -> CInt {
        guard let covering = Cover(deployment.facts) else { return plan.busyExitCode }
        let number = ticket.number
        let event = journal.superseded(
            number: number, by: covering, frozen: circumstances.frozenUs)
        let lockCameFreeAt = circumstances.lockWasHeld ? Clock.wallMicroseconds() : nil
        let (last, forced) = ticket.end(with: event)
        // We are the one who saw until when an earlier holder lived: with the ledger's own lock in
        // hand, the next one cannot conclude less about it first. Nobody waits for that lock here.
        let claim = recorder.ledger.claim()
        try? lock.descriptor.unlock()
        ticket.release()
        if let forced {
            context.say("#\(number) was force-unlocked by \(forced.by): \(forced.reason)")
        } else {
            context.say(words(number, covering))
        }
        let sweep = lockCameFreeAt.map {
            StaleTickets(
                queue, lockCameFreeAt: $0, to: number, before: number,
                isTrusted: recorder.ledger.isTrusted
            ).sweep(lock: plan.paths.lockFile, recordedBy: journal.deployment)
        }
        let result = recorder.record(
            [pending].compactMap(\.self) + last, holding: claim, sweep: sweep
        ) { context.recorded($0) }
        if result == nil { context.say("the ledger did not respond in time") }
        if recorder.isComplete { ticket.remove() }
        context.notifier?.tell(.left(event, forced: forced))
        if forced != nil { return plan.busyExitCode }
        guard plan.batch?.waitsForCovering == true else { return plan.skipExitCode }
        return CoveredWait(context, number: number).run(deployment, covering)
    }

    private func words(_ number: Int64, _ covering: Cover) -> String {
        let what = plan.sha.map { "commit \(Masking.mask($0))" } ?? "what it brings"
        return "#\(number) SUPERSEDED, nothing was run: it stepped aside for a newer deployment, "
            + "\(Words.deployment(covering.facts)) (batch: \(plan.batch?.key ?? "none")); \(what) "
            + "is delivered if #\(covering.number) succeeds, see 'deploystats show \(number)'"
    }
}
