/// What the events of a deployment make of it: a row of the table `deployment`.
///
/// `apply` is the only definition of that. It depends on nothing but the events and their order, so
/// whoever has the events can make the same row again. Times are in microseconds.
struct DeploymentRow: Hashable, Sendable {
    /// Its place in the order of arrival, from 1; 0 until it is written.
    var n: Int64 = 0
    /// The deployment's id.
    var id: EventID = .zero
    var number: Int64?
    var lock: String?
    var host: String?
    var boot: String?
    var pid: Int64?
    var pidStart: Int64?
    var pidNS: Int64?
    var user: String?
    var actor: String?
    var claimedActor: String?
    var source: String?
    var tier: String?
    var sha: String?
    var ref: String?
    var runURL: String?
    var batchKey: String?
    var ahead: Int64?
    var requestedAtUs: Int64?
    /// The event that carries the command.
    var requestedSeq: Int64?
    /// Whether it was made elsewhere and imported.
    var isImported = false
    /// What set off its CI run, and what the CI calls that which ran.
    var runEvent: String?
    var workflow: String?
    /// When its commit was made, as far as somebody says so.
    var committedAtUs: Int64?
    var acquiredAtUs: Int64?
    /// Acquired, timed out, cancelled, …: the end of the wait.
    var queueLeftAtUs: Int64?
    /// When it ended; of one that was found dead, its last proof of life.
    var endedAtUs: Int64?
    var waitUs: Int64?
    var heldUs: Int64?
    var exitCode: Int64?
    var signal: Int64?
    /// Nil while it is in flight.
    var outcome: Outcome?
    var reason: String?
    /// Whether somebody else concluded the outcome.
    var isInferred = false
    /// Whether it was ended because it ran too long.
    var overran = false
    /// When its wrapper was first known to be lost while it had the lock.
    var wrapperLostAtUs: Int64?
    /// The deployment it stepped aside for.
    var coveredBy: EventID?
    var coveredByNumber: Int64?
    /// Its newest event, those of nested calls left out.
    var lastSeq: Int64 = 0
    /// Its steps, and what held it back.
    var life = DeploymentLife()
    /// What became of its commit: the one thing that depends on the events of others, too.
    var delivery = Delivery()

    /// The deployment whose row an event changes; nil when it changes none.
    static func subject(of event: Event) -> EventID? {
        event.kind == .nested ? nil : event.deployment
    }

    /// The row before anything but its first event is known.
    init(_ id: EventID, firstEvent event: Event) {
        self.id = id
        host = event.host
        // A run of CI has no number and no lock.
        if event.kind != .imported {
            number = event.number
            lock = event.lock
        }
    }

    /// A row that is read from a table.
    init() {}

    /// Takes one more event of the deployment into account.
    mutating func apply(_ event: Event, seq: Int64) {
        lastSeq = seq
        switch event.kind {
        case .requested: request(event, seq)
        case .imported: takeRun(event)
        case .acquired:
            acquiredAtUs = event.atUs
            queueLeftAtUs = event.atUs
            waitUs = event.waitUs
        case .wrapperLost: takeProcess(event)
        case .overran: overran = true
        default: break
        }
        if event.kind == .requested || event.kind == .superseded { takeBatch(event) }
        decide(event)
        life.take(event)
        noteLoss(event)
    }

    private mutating func request(_ event: Event, _ seq: Int64) {
        // The keeper, once it is known, answers for the deployment, in whatever order that arrives.
        if wrapperLostAtUs == nil || pid == nil { takeProcess(event) }
        user = event.user
        actor = event.actor
        claimedActor = event.claimedActor
        tier = event.tier
        sha = event.sha
        ref = event.ref
        runURL = event.runURL
        ahead = event.ahead
        requestedAtUs = event.atUs
        requestedSeq = seq
        takeOrigin(event)
    }

    private mutating func takeProcess(_ event: Event) {
        boot = event.boot
        pid = event.pid
        pidStart = event.pidStart
        pidNS = event.pidNS
    }

    /// One event tells all of a run of CI, whatever was known before; it never was in the queue.
    private mutating func takeRun(_ event: Event) {
        user = event.user
        actor = event.actor
        tier = event.tier
        sha = event.sha
        ref = event.ref
        runURL = event.runURL
        requestedAtUs = event.atUs.subtractingClamped(event.heldUs ?? 0)
        queueLeftAtUs = nil
        endedAtUs = event.atUs
        waitUs = nil
        heldUs = event.heldUs
        outcome = event.outcome
        reason = event.reason
        isInferred = false
        takeOrigin(event)
    }

    private mutating func takeOrigin(_ event: Event) {
        source = event.source ?? (event.kind == .imported ? Self.imported : nil)
        isImported = event.kind == .imported
        runEvent = event.runEvent
        workflow = event.workflow
        committedAtUs = event.committedAtUs
    }

    /// The source of what was imported from a CI that names no other.
    private static let imported = "import"

    /// What it stepped aside for is kept whatever was decided before.
    private mutating func takeBatch(_ event: Event) {
        batchKey = event.batchKey ?? batchKey
        if event.batchKey == nil, event.coveredBy == nil { return }
        coveredBy = event.coveredBy ?? coveredBy
        coveredByNumber = event.coveredByNumber ?? coveredByNumber
    }

    /// The first final event decides the outcome, with one exception: an outcome that a sweep
    /// inferred yields to the word of the deployment itself, which may arrive later from a spool.
    private mutating func decide(_ event: Event) {
        let isWord = event.lastAliveUs == nil
        if let decided = event.outcome {
            guard outcome == nil || isInferred && isWord else { return }
            outcome = decided
            reason = event.reason
            exitCode = event.exitCode
            signal = event.signal
            heldUs = event.heldUs
            isInferred = !isWord
            waitUs = event.waitUs ?? waitUs
            endedAtUs = event.lastAliveUs ?? event.atUs
            queueLeftAtUs = acquiredAtUs ?? event.lastAliveUs ?? event.atUs
        } else if let held = event.heldUs, outcome == .forceUnlocked {
            // A forced unlock decides before anything ends; what is told of the end is no second
            // outcome.
            exitCode = event.exitCode ?? exitCode
            signal = event.signal ?? signal
            heldUs = max(heldUs ?? 0, held)
            endedAtUs = endedAtUs.map { max($0, event.atUs) }
        }
    }

    /// Of several losses the earliest counts, so that the order in which they arrive does not matter.
    private mutating func noteLoss(_ event: Event) {
        // A person who freed an orphan knew that its wrapper was lost.
        let isFreedOrphan =
            event.kind == .forcedUnlock && event.outcome == .forceUnlocked
            && ["running_orphan", "dead_orphan"].contains(event.victim)
        guard event.kind == .wrapperLost || isFreedOrphan else { return }
        wrapperLostAtUs = min(wrapperLostAtUs ?? event.atUs, event.atUs)
    }
}

extension Int64 {
    /// The difference, or the end of what can be written where it is beyond.
    fileprivate func subtractingClamped(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other > 0 ? .min : .max) : difference
    }
}
