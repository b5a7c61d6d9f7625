import CommandSupport
import DeployLock
import Glibc
import Ledger
import Processes
import SystemCalls
import Wording

/// The deeds of a forced unlock, once it is decided.
struct UnlockStep: Sendable {
    let words: UnlockWords
    private let plan: UnlockPlan
    private let target: UnlockTarget
    private let journal: UnlockEvents
    private let decision: EventEnvelope
    private let mark: UnlockNotice
    private let decidedAt = Clock.wallMicroseconds()
    /// What the processes are called; one that has ended cannot be asked.
    private let names: [ProcessIdentity: String]

    init(_ plan: UnlockPlan, _ target: UnlockTarget, reason: String) {
        self.plan = plan
        self.target = target
        words = UnlockWords(queue: plan.queue, target: target)
        let processes = target.processes + [target.wrapper].compactMap(\.self)
        names = Dictionary(
            processes.map { ($0, UnlockWords.process($0)) }, uniquingKeysWith: { $1 })
        journal = UnlockEvents(plan, target, reason: reason)
        // A dead orphan has no more to tell.
        decision = journal.decision(result: target.hasNothingToEnd ? .gone : nil)
        mark = journal.mark(abandoning: plan.abandons ? target.inode : nil)
    }

    private var isRunning: Bool {
        if case .deployment = target.owner { return true }
        return false
    }

    /// How long the next one may take to show that it has the lock, in µs.
    private static let nextTime: Int64 = 2_000_000

    /// Decides the outcome; the result is how that was recorded, nil when the deployment has decided
    /// it itself.
    ///
    /// A live wrapper reads the decision in its ticket; the ledger gets it before anything ends.
    func decide() -> RecordResult? {
        var hasEnded = false
        var isDecidedHere = false
        var isTold = true
        if let ticket = target.wrapperTicket, !target.hasNothingToEnd {
            do {
                try ticket.force { text in
                    hasEnded = text.hasEnded
                    if hasEnded { return nil }
                    // The words for the ledger of one whose wrapper is dead depend on what the
                    // ledger knows.
                    isDecidedHere = isRunning && text.forced == nil
                    return (mark, isDecidedHere ? [decision.text] : [])
                }
            } catch {
                complain("could not notify the running deployment: \(error)")
                // What stands there is what it reads, and be it half of what was written.
                isTold = ticket.text().forced == mark
                isDecidedHere = false
            }
        }
        if hasEnded { return nil }
        let result = journal.record(
            decision: decision, with: journal.events(in: target.ticket),
            unlessKnown: !isDecidedHere, isTold: isTold)
        warn(result)
        return result
    }

    /// Ends what keeps the lock and cleans up behind it; the result is the exit code.
    ///
    /// - Parameter decided: whether the decision is safe on a disk.
    func evict(decided: Bool) -> CInt {
        var result = UnlockResult.gone
        if !target.hasNothingToEnd {
            let ended = ProcessTermination(target, queue: plan.queue).run(grace: plan.grace) {
                step in
                tell(step)
            }
            result = UnlockResult(ended)
            if case .failed(let left) = ended {
                warn(journal.record(.failed))
                complain(
                    "the lock could not be freed. \(Self.survivors(left)) Only --abandon is "
                        + "left: it gives the lock to the next one and leaves them running")
                return EXIT_FAILURE
            }
        }
        let held = journal.held
        clearInfo()
        let left = leftTicket
        let next = nextHolder()
        var isSafe = decided
        if !target.hasNothingToEnd {
            let recorded = journal.record(
                result, held: held, next: next, pending: journal.events(in: left))
            isSafe = recorded.isDurable
            warn(recorded)
        }
        // Until then nothing else may have its events.
        if isSafe, let left { try? FileSystem.unlink(left.path) }
        report("unlocked: \(words.name), \(Self.ending(result))")
        conclude(next)
        return EXIT_SUCCESS
    }

    /// Gives the lock's name to a new file, leaves the processes running and watches them.
    func abandon(releasing claim: consuming UnlockClaim) -> CInt {
        let handles = (target.processes + [target.wrapper].compactMap(\.self))
            .compactMap { try? ProcessHandle($0) }
        // First: whoever finds published facts of a process without a ticket waits for it.
        clearInfo()
        do {
            try plan.queue.abandon(target, mark)
        } catch {
            warn(journal.record(.failed))
            complain("the lock could not be replaced: \(error)")
            return EXIT_FAILURE
        }
        // Others may force the next one while we watch.
        _ = consume claim
        let next = nextHolder()
        warn(journal.record(.abandoned, next: next))
        report("ABANDONED: \(words.name) lost the lock and still runs:")
        for handle in handles { report("  \(names[handle.identity] ?? "")") }
        conclude(next)
        guard plan.watches else {
            report("not monitored; check with 'kill -0 PID' whether it still runs")
            return EXIT_SUCCESS
        }
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { signal(number, SIG_DFL) }
        report("watching until it ends; Ctrl-C stops the watching only")
        fflush(nil)
        _ = ProcessHandle.waitForEnd(of: handles, until: nil)
        plan.queue.removeStaleFiles()
        warn(journal.record(.ended, held: journal.held))
        report("\(words.name), which was abandoned, has ended")
        return EXIT_SUCCESS
    }

    /// The ticket of a dead deployment; one that still lives records its release and removes its
    /// ticket itself.
    private var leftTicket: TicketFile? {
        guard let ticket = target.ticket, !ticket.isLive, target.wrapper?.isAlive != true else {
            return nil
        }
        return ticket
    }

    private func clearInfo() {
        let path = plan.queue.paths.infoFile
        guard let facts = target.facts, let info = DeploymentFacts(publishedAt: path) else {
            return
        }
        let isSame = facts.deployment.map { $0 == info.deployment } ?? (facts == info)
        if isSame { try? FileSystem.unlink(path) }
    }

    /// Who got the lock next, if somebody waited for it.
    private func nextHolder() -> Int64? {
        guard !target.hasNothingToEnd, let first = target.waiting.first else { return nil }
        let deadline = Clock.monotonicMicroseconds() + Self.nextTime
        var seen: Int64?
        repeat {
            seen = target.waiting.first { $0.text().facts?.acquiredAtUs != nil }?.number ?? seen
            if FileSystem.exists(first.path) {
                if let seen { return seen }
            } else if let next = journal.nextHolder(from: first.number, sinceUs: decidedAt) {
                // It is done already and has taken its ticket away.
                return next
            }
            usleep(10_000)
        } while Clock.monotonicMicroseconds() < deadline
        return seen
    }

    private func conclude(_ next: Int64?) {
        if let next {
            report("next: #\(next) got the lock")
        } else if target.waiting.isEmpty {
            report("next: nobody is waiting")
        }
        if let facts = target.facts {
            report("saved facts: \(String(decoding: facts.json(), as: UTF8.self))")
        }
        report(words.advice(abandoned: plan.abandons))
    }

    /// Commands that live for a moment only, such as the steps of a script, are not worth a line.
    private func tell(_ step: ProcessTermination.Step) {
        switch step {
        case .asked(let process):
            guard let name = names[process] else { return }
            let grace = DurationText.text(microseconds: plan.grace)
            Terminal.complain("TERM to \(name); KILL in \(grace)")
        case .killed(let process):
            guard let name = names[process] else { return }
            Terminal.complain("KILL to \(name)")
        }
    }

    private static func ending(_ result: UnlockResult) -> String {
        switch result {
        case .terminated: "its processes ended when asked to (TERM)"
        case .killed: "its processes had to be killed (KILL)"
        default: "nothing of it ran any more"
        }
    }

    private static func survivors(_ left: [ProcessIdentity]) -> String {
        if left.isEmpty { return "Another user's process may have its descriptor." }
        return "Still there after KILL: \(left.map { "pid \($0.pid)" }.joined(separator: ", "))."
    }

    private func warn(_ result: RecordResult) {
        for words in result.words { complain(words) }
    }

    private func complain(_ text: String) {
        Terminal.complain("check-deploy-lock: \(text)")
    }

    private func report(_ text: String) {
        print(text.escapedForTerminal)
    }
}
