import CommandSupport
import DeployLock
import Glibc
import Ledger
import Processes
import SystemCalls
import Wording

/// One run of `check-deploy-lock --force-unlock`, from the look at the lock to the exit code.
///
/// What it asks, warns and complains goes to standard error, what came of it to standard output.
struct ForcedUnlock: Sendable {
    /// The lock was not freed.
    private static let refused = ExitCodes.Unlock.refused

    private let plan: UnlockPlan

    init(_ plan: UnlockPlan) {
        self.plan = plan
    }

    /// Shows, asks and acts; the result is the exit code of the process.
    func run() -> CInt {
        // A reader of our words who went away must not stop us half-way.
        signal(SIGPIPE, SIG_IGN)
        do {
            return try showAndAct()
        } catch {
            complain("not unlocked: \(error)")
            return ExitCodes.lockUnusable
        }
    }

    private func showAndAct() throws(LockError) -> CInt {
        guard
            let shown = try UnlockTarget(of: plan.queue, isConcluded: EventEnvelope.containsOutcome)
        else {
            report("\(plan.queue.paths.lockFile) is free; there is nothing to unlock")
            return EXIT_SUCCESS
        }
        let words = UnlockWords(queue: plan.queue, target: shown)
        if let number = plan.number, shown.facts?.number != number {
            complain(
                "not unlocked: #\(number) does not have the lock any more; now it is "
                    + "\(words.name). Nothing was changed")
            return Self.refused
        }
        for line in words.situation { Terminal.complain(line) }
        if isRefused(shown, plan.reason) { return Self.refused }
        Terminal.complain(words.warning(abandons: plan.abandons))
        guard let reason = confirmed(words) else { return Self.refused }
        return try claimAndAct(shown, reason)
    }

    /// Whether it cannot be done; says why.
    private func isRefused(_ target: UnlockTarget, _ reason: String?) -> Bool {
        guard let obstacle = obstacle(target) else { return false }
        if let attempt = obstacle.attempt {
            warn(UnlockEvents(plan, target, reason: reason).record(attempt))
        }
        complain("not unlocked: \(obstacle.text). Nothing was changed")
        return true
    }

    /// Why it cannot be done, and how that is recorded.
    private func obstacle(_ target: UnlockTarget) -> (text: String, attempt: UnlockResult?)? {
        if plan.abandons {
            if target.hasNothingToEnd {
                return ("nothing runs, so there is nothing to abandon; leave --abandon out", nil)
            }
            let ticketIsOurs = target.ticket?.mayBeForced ?? true
            guard !plan.queue.paths.mayReplaceLockFile || !ticketIsOurs else { return nil }
            return (
                "the lock file and the deployment belong to somebody else; run it as that user or "
                    + "as root", .notPermitted
            )
        }
        if target.hasNothingToEnd { return nil }
        let eviction = ProcessTermination(target, queue: plan.queue)
        if eviction.wouldEndCaller {
            return ("this command runs inside the deployment it would end", nil)
        }
        let forbidden = eviction.forbidden
        if forbidden.isEmpty, !target.processes.isEmpty || target.wrapper != nil { return nil }
        let whose =
            forbidden.isEmpty
            ? "what has the lock belongs to another user"
            : "these processes belong to another user: "
                + forbidden.map { "pid \($0.pid)" }.joined(separator: ", ")
        return ("\(whose); run it as that user or as root", .notPermitted)
    }

    /// The reason, once the person has said yes; nil otherwise.
    private func confirmed(_ words: UnlockWords) -> String? {
        guard plan.asks else { return plan.reason }
        guard Terminal.canAsk else {
            complain(
                "not unlocked: no terminal to ask on; use --yes and --reason. "
                    + "Nothing was changed")
            return nil
        }
        let reason = plan.reason ?? Terminal.ask("Reason (recorded in the ledger): ")
        guard let reason, !reason.allSatisfy(\.isWhitespace) else {
            complain("not unlocked: no reason was given. Nothing was changed")
            return nil
        }
        let answer = Terminal.ask("Type yes to unlock \(words.name.escapedForTerminal): ")
        guard answer == "yes" else {
            let why =
                ["", "n", "no"].contains(answer ?? "") ? "" : ": the answer must be the word yes"
            complain("not unlocked\(why). Nothing was changed")
            return nil
        }
        return reason
    }

    private func claimAndAct(
        _ shown: UnlockTarget, _ reason: String
    ) throws(LockError) -> CInt {
        let person = "\(plan.origin.shownActor) (pid \(getpid()))"
        switch try UnlockClaim.take(plan.queue.paths, for: person) {
        case .refused(let other):
            complain(
                "not unlocked: \(other ?? "somebody else") is unlocking it by force right now. "
                    + "Nothing was changed by this one")
            return Self.refused
        case .taken(let claim): return try act(shown, reason, claim)
        }
    }

    private func act(
        _ shown: UnlockTarget, _ reason: String, _ claim: consuming UnlockClaim
    ) throws(LockError) -> CInt {
        // While we asked, the deployment may have ended and the next one begun.
        guard
            let target = try UnlockTarget(
                of: plan.queue, isConcluded: EventEnvelope.containsOutcome)
        else {
            return endedByItself(UnlockWords(queue: plan.queue, target: shown))
        }
        guard target.isSame(as: shown) else {
            complain("not unlocked: the lock has changed hands meanwhile. Nothing was changed")
            return Self.refused
        }
        // Or it may have started what is not ours to end.
        if isRefused(target, reason) { return Self.refused }
        // From here on it is done to its end.
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { signal(number, SIG_IGN) }
        let step = UnlockStep(plan, target, reason: reason)
        guard let decision = step.decide() else {
            ProcessTermination(target, queue: plan.queue).wake()
            return endedByItself(step.words)
        }
        if plan.abandons { return step.abandon(releasing: claim) }
        let code = step.evict(decided: decision.isDurable)
        // Only now may another person begin.
        _ = consume claim
        return code
    }

    private func endedByItself(_ words: UnlockWords) -> CInt {
        report("\(words.name) ended by itself just now; nothing was done")
        return EXIT_SUCCESS
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
