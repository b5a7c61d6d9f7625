import CommandSupport
import DeployLock
import Glibc
import Ledger
import Processes
import Secrets
import SystemCalls
import Wording

/// Turns what happens to one deployment into events.
struct Journal: Sendable {
    let deployment = EventID.generate()
    let requestedAt = Clock.wallMicroseconds()
    private let requestedMono = Clock.monotonicMicroseconds()
    private let plan: DeploymentPlan

    /// In characters; the record has the rest.
    private static let longestCommand = 4096

    init(_ plan: DeploymentPlan) {
        self.plan = plan
    }

    /// Microseconds since the deployment asked for the lock.
    var sinceRequest: Int64 { Clock.monotonicMicroseconds() - requestedMono }

    /// The facts others may see, secrets masked.
    func facts(number: Int64?) -> DeploymentFacts {
        var facts = DeploymentFacts()
        let process = ProcessIdentity.current
        facts.pid = process.pid
        facts.processStart = process.startTime
        facts.bootID = process.boot
        facts.pidNamespace = process.namespace
        facts.user = plan.origin.user
        let actor = masked(plan.origin.shownActor)
        facts.actor = actor == facts.user ? nil : actor
        facts.hostname = Machine.hostName
        facts.started = RFC3339.toTheSecond(requestedAt)
        facts.timestamp = requestedAt / 1_000_000
        facts.requestedAtUs = requestedAt
        // A ticket that others could not read whole would be nobody's.
        facts.command = String(
            ShellText.quoted(Masking.mask(arguments: plan.command.words)).prefix(
                Self.longestCommand)
        )
        facts.deployment = deployment.description
        facts.number = number
        facts.tier = masked(plan.tier)
        facts.source = masked(plan.origin.source)
        facts.sha = masked(plan.sha)
        facts.ref = masked(plan.ref)
        facts.runURL = masked(plan.runURL)
        // Who does not wait cannot be relied on to come after anybody.
        if let batch = plan.batch, plan.timeout != nil {
            facts.batchKey = batch.key
            facts.stepsAside = batch.stepsAside
        }
        return facts
    }

    /// - Parameter committedAt: when the commit was made, in UTC µs.
    func requested(number: Int64?, ahead: Int, committedAt: Int64?) -> EventEnvelope {
        var event = event(.requested, number)
        let process = ProcessIdentity.current
        event.atUs = requestedAt
        event.monoUs = requestedMono
        event.boot = process.boot
        event.pidStart = Int64(process.startTime)
        event.pidNS = Int64(process.namespace)
        event.uid = Int64(plan.origin.uid)
        event.login = masked(plan.origin.login)
        event.sudoUser = masked(plan.origin.sudoUser)
        event.actor = masked(plan.origin.actor)
        event.claimedActor = masked(plan.origin.claimedActor)
        event.source = masked(plan.origin.source)
        event.tier = masked(plan.tier)
        event.sha = masked(plan.sha)
        event.committedAtUs = committedAt
        event.ref = masked(plan.ref)
        event.batchKey = plan.batch?.key
        event.runURL = masked(plan.runURL)
        event.runAttempt = plan.runAttempt
        event.ahead = Int64(ahead)
        return EventEnvelope(event, detail: detail)
    }

    /// - Parameter waited: without the time in which only freezes held it up, in µs.
    func acquired(
        number: Int64, waited: Int64, _ circumstances: LockAcquisition.Circumstances
    ) -> EventEnvelope {
        var event = event(.acquired, number)
        event.waitUs = waited
        event.frozenUs = circumstances.frozenUs > 0 ? circumstances.frozenUs : nil
        if !circumstances.overridden.isEmpty {
            event.overrode = circumstances.overridden.ids.map(EventDetail.outside)
            event.overrideReason = plan.freeze.overrideReason
        }
        return EventEnvelope(event)
    }

    /// The end of a deployment that never had the lock.
    ///
    /// - Parameter frozen: how long only freezes held it up, in µs.
    func leftQueue(
        _ kind: EventKind, _ outcome: Outcome, number: Int64?, reason: String, frozen: Int64 = 0
    ) -> EventEnvelope {
        EventEnvelope(left(kind, outcome, number, reason, frozen))
    }

    /// The same when there were enough others already.
    func skipped(number: Int64, because pending: PendingDeployments) -> EventEnvelope {
        var event = left(.skipped, .skipped, number, ReasonCode.maxQueue.rawValue)
        event.ahead = Int64(pending.count)
        event.queue = pending.tickets.prefix(Self.longestQueue).map(\.number)
        return EventEnvelope(event)
    }

    /// The same when a newer one is as good.
    func superseded(number: Int64, by covering: Cover, frozen: Int64) -> EventEnvelope {
        var event = left(.superseded, .superseded, number, ReasonCode.supersede.rawValue, frozen)
        event.batchKey = plan.batch?.key
        event.coveredBy = covering.id
        event.coveredByNumber = covering.number
        return EventEnvelope(event)
    }

    /// A record has an end somewhere.
    private static let longestQueue = 1000

    private func left(
        _ kind: EventKind, _ outcome: Outcome, _ number: Int64?, _ reason: String,
        _ frozen: Int64 = 0
    ) -> Event {
        var event = event(kind, number)
        event.waitUs = sinceRequest - frozen
        event.frozenUs = frozen > 0 ? frozen : nil
        event.outcome = outcome
        event.reason = masked(reason)
        return event
    }

    /// This call, under a deployment that already has the lock.
    func nested(in outer: DeploymentFacts) -> EventEnvelope {
        EventEnvelope(events(of: outer).event(.nested), detail: detail)
    }

    /// The events that need no more than to know which deployment it is.
    func events(number: Int64?) -> DeploymentEvents {
        DeploymentEvents(
            deployment: deployment, number: number, lock: plan.paths.lockFile,
            user: plan.origin.user)
    }

    /// The same of the deployment that this call runs inside.
    func events(of outer: DeploymentFacts) -> DeploymentEvents {
        DeploymentEvents(
            deployment: outer.deployment.flatMap { EventID($0) }, number: outer.number,
            lock: plan.paths.lockFile, user: plan.origin.user)
    }

    private func event(_ kind: EventKind, _ number: Int64?) -> Event {
        events(number: number).event(kind)
    }

    /// What the hashed record says cannot be redacted later: a secret must not get there, whichever
    /// option it was given to.
    private func masked(_ text: String?) -> String? { text.map(EventDetail.outside) }

    private var detail: EventDetail {
        let directory = getcwd(nil, 0)
        defer { free(directory) }
        return EventDetail(
            command: plan.command.words, directory: directory.map { String(cString: $0) },
            message: plan.message)
    }
}
