import CommandSupport
import DeployLock
import Ledger
import Processes
import SystemCalls

/// What every step of one deployment works with.
struct DeploymentContext: Sendable {
    let plan: DeploymentPlan
    let journal: Journal
    let recorder: Recorder
    let queue: WaitQueue
    let signals: SignalInbox
    /// Nil when nobody is told.
    let notifier: Notifier?

    init(_ plan: DeploymentPlan, _ signals: SignalInbox) throws(SystemError) {
        self.plan = plan
        self.signals = signals
        journal = Journal(plan)
        recorder = try Recorder(
            LedgerWriter(plan.ledger), log: plan.log)
        queue = WaitQueue(plan.paths)
        if let notify = plan.notify {
            notifier = try Notifier(
                notify, journal, ledger: plan.ledger.path, lock: plan.paths.lockFile)
        } else {
            notifier = nil
        }
    }

    /// Takes events to the ledger; false when they could not be kept anywhere in time.
    @discardableResult
    func record(_ events: [EventEnvelope?]) -> Bool {
        let result = recorder.record(events.compactMap(\.self)) { recorded($0) }
        if result == nil { say("the ledger did not respond in time") }
        return recorder.isComplete
    }

    /// Says what came of a commit.
    func recorded(_ result: RecordResult) {
        for words in result.words { say(words) }
        guard case .written(_, _, let swept, _) = result, plan.verbosity > .quiet else { return }
        for found in swept { say(Words.swept(found)) }
    }

    /// Says something that has to be known.
    func say(_ text: String) {
        Terminal.complain("deploy-with-lock: \(text)")
    }

    /// Says something with --verbose.
    func explain(_ text: String) {
        if plan.verbosity == .verbose { say(text) }
    }
}
