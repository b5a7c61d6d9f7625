import CommandSupport
import DeployLock
import Glibc
import Ledger
import Processes
import Secrets
import SystemCalls
import Wording

/// Turns one forced unlock into events and takes them to the ledger.
///
/// The first event decides the outcome of the deployment, before anything is done to it; a second
/// one, without an outcome, tells what came of it.
struct UnlockEvents: Sendable {
    private let plan: UnlockPlan
    private let target: UnlockTarget
    private let reason: String?
    private let ledger: LedgerWriter

    init(_ plan: UnlockPlan, _ target: UnlockTarget, reason: String?) {
        self.plan = plan
        self.target = target
        // It goes into the hashed record, where nothing can be redacted.
        self.reason = reason.map { String(Masking.mask($0).prefix(Self.longestReason)) }
        ledger = LedgerWriter(plan.ledger)
    }

    private static let longestReason = 1000

    private var deployment: EventID? { target.facts?.deployment.flatMap { EventID($0) } }

    /// Another user's claim about a deployment that is not theirs does not count.
    private var isNamedCredibly: Bool {
        target.author.map { ledger.isTrusted($0, process: target.wrapper?.pid) } == true
    }

    /// What others are told of this.
    func mark(abandoning inode: Int64?) -> UnlockNotice {
        UnlockNotice(by: plan.origin.shownActor, reason: reason ?? "", abandonedInode: inode)
    }

    /// The event that decides the outcome.
    func decision(result: UnlockResult? = nil) -> EventEnvelope {
        var event = event(result)
        event.outcome = deployment.map { _ in .forceUnlocked }
        event.heldUs = deployment.flatMap { _ in held }
        return line(event)
    }

    /// The events in a deployment's ticket, if its owner may write this ledger.
    func events(in ticket: TicketFile?) -> [EventEnvelope] {
        guard let (text, owner) = ticket?.read(), let owner,
            ledger.isTrusted(
                owner, process: text.facts?.process.flatMap { $0.isAlive ? $0.pid : nil })
        else { return [] }
        return StaleTickets.events(text).lines
    }

    /// Records the decision and what the ticket has, unless the ledger knows how the deployment
    /// ended: then that somebody freed its lock is no outcome.
    ///
    /// Nobody else writes between looking and writing. When the ledger cannot be read, nobody
    /// concludes anything either.
    ///
    /// - Parameter isTold: whether the deployment reads the decision in its ticket; one that cannot
    ///   be told decides its outcome itself.
    func record(
        decision: EventEnvelope, with pending: [EventEnvelope], unlessKnown: Bool, isTold: Bool
    ) -> RecordResult {
        guard let deployment else { return append(decision) }
        let claim = ledger.claimWaiting()
        let known = outcome(of: deployment)
        let isForeign = !isNamedCredibly || pending.isEmpty && known.isMissing
        let isOver =
            !isTold
            || unlessKnown
                && (known.outcome != nil
                    || pending.contains { $0.event.outcome != nil && $0.id != decision.id })
        guard isOver || isForeign else {
            return append(decision, after: pending, holding: claim)
        }
        var event = decision.event
        event.outcome = nil
        event.heldUs = nil
        if isForeign { event.deployment = nil }
        return append(line(event), after: pending, holding: claim)
    }

    private func append(
        _ event: EventEnvelope, after pending: [EventEnvelope] = [],
        holding claim: consuming LedgerClaim? = nil
    ) -> RecordResult {
        plan.log?.write([event])
        return ledger.record(pending + [event], holding: claim)
    }

    /// Records what came of it.
    ///
    /// - Parameter held: how long the deployment had the lock, in µs, now that its end is known.
    func record(
        _ result: UnlockResult, held: Int64? = nil, next: Int64? = nil,
        pending: [EventEnvelope] = []
    ) -> RecordResult {
        var event = event(result)
        event.nextNumber = next
        event.heldUs = held
        if !isNamedCredibly || deployment.map({ outcome(of: $0).isMissing }) ?? false {
            event.deployment = nil
        }
        return append(EventEnvelope(event), after: pending)
    }

    /// Who of those from a number on got the lock first since a time, as far as the ledger knows.
    func nextHolder(from number: Int64, sinceUs: Int64) -> Int64? {
        let reader = try? LedgerReader(path: plan.ledger.path, busyTimeoutMilliseconds: 200)
        return
            (try? reader?.nextHolder(
                lock: plan.queue.paths.lockFile, from: number, sinceUs: sinceUs)) ?? nil
    }

    private func outcome(of deployment: EventID) -> (isMissing: Bool, outcome: Outcome?) {
        do {
            let reader = try LedgerReader(path: plan.ledger.path, busyTimeoutMilliseconds: 500)
            let (isKnown, outcome) = try reader.outcome(of: deployment)
            return (!isKnown, outcome)
        } catch {
            return (false, nil)
        }
    }

    /// How long the deployment has had the lock, in µs.
    var held: Int64? {
        target.facts?.acquiredAtUs.map { max(0, Clock.wallMicroseconds() - $0) }
    }

    /// Who had the lock, as the record says it.
    private var victim: String {
        if target.hasNothingToEnd { return "dead_orphan" }
        return switch target.owner {
        case .deployment: "holder"
        case .runningOrphan: "running_orphan"
        case .leftBehind: "left_behind"
        case .deadOrphan: "dead_orphan"
        case .unrecorded, .nobody, .unreadable: "stranger"
        }
    }

    private func event(_ result: UnlockResult?) -> Event {
        var event = Event(.forcedUnlock)
        event.deployment = deployment
        event.number = target.facts?.number
        event.lock = plan.queue.paths.lockFile
        event.user = plan.origin.user
        event.pid = Int64(getpid())
        event.uid = Int64(plan.origin.uid)
        event.login = plan.origin.login
        event.sudoUser = plan.origin.sudoUser
        event.actor = plan.origin.actor
        event.claimedActor = plan.origin.claimedActor.map(EventDetail.outside)
        event.source = plan.origin.source
        event.client = plan.client
        event.reason = reason
        event.victim = victim
        event.victimPid = (target.facts?.pid ?? target.locker).map(Int64.init)
        event.waiting = Int64(target.waiting.count)
        event.result = result?.rawValue
        return event
    }

    /// With the facts as they were, which are cleared.
    private func line(_ event: Event) -> EventEnvelope {
        guard let facts = target.facts else { return EventEnvelope(event) }
        let text = String(decoding: facts.json(), as: UTF8.self)
        return EventEnvelope(event, detail: EventDetail(command: [], facts: text))
    }
}
