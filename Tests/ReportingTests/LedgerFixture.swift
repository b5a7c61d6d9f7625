import JSON
import Ledger
import DeploymentMetrics
import Queries
import Reporting
import TestSupport
import Testing

/// A ledger written by the real writer, with every time given by the test.
///
/// Moments are seconds after `start`, 2026-09-14T00:00:00Z, the Monday of week 38.
final class LedgerFixture {
    static let start: Int64 = 1_789_344_000_000_000

    let directory: TemporaryDirectory
    let path: String
    private let writer: LedgerWriter
    private var numbers: [String: Int64] = [:]
    /// Lines that wait for the end of `together`; nil outside of it.
    private var collected: [EventEnvelope]?

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("state/ledger.db")
        writer = LedgerWriter(
            LedgerSettings(
                path: path, budgetMilliseconds: 60_000, spoolRoots: [directory.file("spool")]))
    }

    /// What is the same for all events of a deployment.
    struct Facts {
        var lock = "/tmp/a.lock"
        var tier: String?
        var actor = "ann"
        var source = "ssh"
        var sha: String?
        /// When the commit was made, in seconds after `start`.
        var committedAt: Double?
        var ref: String?
        var ahead: Int64 = 1
        var host = "build1"
        var command = ["make", "deploy"]
        var runURL: String?
        var message: String?
    }

    /// Gives out numbers of a lock of which the ledger hears nothing.
    func loseNumbers(_ count: Int64 = 1, of lock: String = Facts().lock) {
        numbers[lock, default: 0] += count
    }

    /// How a deployment ends.
    enum End {
        case exit(Int64)
        case signal(Int64)
        case left(EventKind, Outcome, reason: String)
        /// It steps aside for another one.
        case superseded(for: EventID)
        /// Somebody finds it dead `foundAt`; it was last known alive at the end of wait or run.
        case died(foundAt: Double)
        case none
    }

    /// What else a deployment went through.
    struct Life {
        /// How long a freeze held it back, before its wait.
        var frozen = 0.0
        /// How long its command, its check and its rollback ran; nil: nobody told.
        var command: Double?
        var health: Double?
        var rollbackTook: Double?
        /// Whether its check failed.
        var isUnhealthy = false
        /// What its rollback came to.
        var rollback: String?
        /// The freezes it ran in spite of, and why.
        var overrode: [String]?
        var overrideReason: String?
        /// Events between the beginning and the end, with their details.
        var steps: [(Event, EventDetail?)] = []
    }

    static func microseconds(_ seconds: Double) -> Int64 { Int64((seconds * 1e6).rounded()) }

    static func instant(_ seconds: Double) -> Instant {
        Instant(microseconds: start + Int64((seconds * 1e6).rounded()))
    }

    /// Records one deployment: asked at `asked`, waited, and unless `held` is nil had the lock.
    ///
    /// - Parameter lost: when its wrapper was lost, and whether that reaches the ledger last.
    @discardableResult
    func add(
        asked: Double, wait: Double, held: Double? = nil, _ end: End, _ facts: Facts = Facts(),
        extra: EventKind? = nil, lost: (at: Double, isLate: Bool)? = nil,
        life: Life = Life(), id: EventID = .generate()
    ) throws -> EventID {
        let number = (numbers[facts.lock] ?? 0) + 1
        numbers[facts.lock] = number
        let waitUs = Int64((wait * 1e6).rounded())
        let heldUs = held.map { Int64(($0 * 1e6).rounded()) }
        func event(_ kind: EventKind, at seconds: Double) -> Event {
            let at = Self.instant(seconds).microseconds
            var event = Event(kind, atUs: at, monoUs: at, host: facts.host)
            event.deployment = id
            event.number = number
            event.lock = facts.lock
            event.user = "deploy"
            event.pid = 4711
            return event
        }
        var requested = event(.requested, at: asked)
        requested.boot = "an earlier boot"
        requested.pidStart = 99
        requested.actor = facts.actor
        requested.source = facts.source
        requested.tier = facts.tier
        requested.sha = facts.sha
        requested.runURL = facts.runURL
        requested.committedAtUs = facts.committedAt.map { Self.instant($0).microseconds }
        requested.ref = facts.ref
        requested.ahead = facts.ahead
        var lines = [
            EventEnvelope(
                requested,
                detail: EventDetail(
                    command: facts.command, directory: "/srv", message: facts.message))
        ]
        let left = asked + life.frozen + wait
        let frozenUs = life.frozen > 0 ? Self.microseconds(life.frozen) : nil
        if held != nil {
            var acquired = event(.acquired, at: left)
            acquired.waitUs = waitUs
            acquired.frozenUs = frozenUs
            acquired.overrode = life.overrode
            acquired.overrideReason = life.overrideReason
            lines.append(EventEnvelope(acquired))
        }
        let ended = left + (held ?? 0)
        for (step, detail) in life.steps {
            var own = step
            own.deployment = id
            own.number = number
            own.lock = facts.lock
            lines.append(EventEnvelope(own, detail: detail))
        }
        if let extra { lines.append(EventEnvelope(event(extra, at: ended))) }
        let loss = lost.map { lost in
            var loss = event(.wrapperLost, at: lost.at)
            loss.pid = 4800
            loss.boot = "an earlier boot"
            loss.pidStart = 120
            return (EventEnvelope(loss), lost.isLate)
        }
        if let loss, !loss.1 { lines.append(loss.0) }
        if var last = last(end, ended, event) {
            if last.lastAliveUs == nil || held == nil { last.waitUs = waitUs }
            last.heldUs = heldUs
            if held == nil {
                last.frozenUs = frozenUs
            } else if last.kind == .released {
                last.take(life)
            }
            lines.append(EventEnvelope(last))
        }
        if let loss, loss.1 { lines.append(loss.0) }
        try record(lines)
        return id
    }

    private func last(
        _ end: End, _ ended: Double, _ event: (EventKind, Double) -> Event
    ) -> Event? {
        switch end {
        case .exit(let code):
            var released = event(.released, ended)
            released.exitCode = code
            released.outcome = code == 0 ? .succeeded : .failed
            return released
        case .signal(let signal):
            var released = event(.released, ended)
            released.signal = signal
            released.outcome = .failed
            return released
        case .left(let kind, let outcome, let reason):
            var left = event(kind, ended)
            left.outcome = outcome
            left.reason = reason
            return left
        case .superseded(let cover):
            var left = event(.superseded, ended)
            left.outcome = .superseded
            left.reason = "supersede"
            left.coveredBy = cover
            return left
        case .died(let foundAt):
            var orphaned = event(.orphaned, foundAt)
            orphaned.outcome = .orphaned
            orphaned.reason = "died"
            orphaned.lastAliveUs = Self.instant(ended).microseconds
            return orphaned
        case .none: return nil
        }
    }

    /// Appends lines; a test that would measure less than it wrote fails here.
    func record(_ lines: [EventEnvelope]) throws {
        if collected != nil {
            collected?.append(contentsOf: lines)
            return
        }
        guard case .written = writer.record(lines) else {
            throw NotWritten()
        }
    }

    struct NotWritten: Error {}

    /// Appends all that `body` records in one commit, which is faster.
    func together(_ body: () throws -> Void) throws {
        collected = []
        try body()
        let lines = collected ?? []
        collected = nil
        try record(lines)
    }

    func reader() throws -> LedgerReader { try LedgerReader(path: path) }

    /// The metrics of `[since, until)`, as seen at the end of the window unless told otherwise.
    func report(
        since: Double = 0, until: Double = 1000, now: Double? = nil,
        filter: ReportFilter = ReportFilter(), dead: Set<String> = []
    ) throws -> MetricsReport {
        let window = try Window(
            since: Self.instant(since), until: Self.instant(until), zone: .utc)
        return try MetricsReport(
            reader().connection, window: window, filter: filter, now: Self.instant(now ?? until),
            isDead: { dead.contains($0.id) })
    }
}

extension MetricsReport {
    func metric(_ name: Metric.Name) throws -> Metric {
        try #require(metrics.first { $0.name == name })
    }

    func duration(tier: String?) throws -> Metric {
        try #require(metrics.first { $0.name == .deploymentDuration && $0.scope == .tier(tier) })
    }
}

extension Metric {
    func detail(_ key: String) -> JSONValue? { details.first { $0.key == key }?.value }
}

/// Seconds as a quantity.
func seconds(_ value: Double) -> Quantity { .duration(Int64((value * 1e6).rounded())) }

extension LedgerFixture.End {
    static let timeout = Self.left(.timedOut, .timedOut, reason: "timeout")
    static let cancelled = Self.left(.cancelled, .cancelled, reason: "signal TERM")
    static let skipped = Self.left(.skipped, .skipped, reason: "max-queue")
    static let superseded = Self.left(.superseded, .superseded, reason: "newer")
    static let refused = Self.left(.refused, .refused, reason: "no-wait")
}

extension Event {
    /// The end of a life: an unhealthy one has a command that succeeded.
    fileprivate mutating func take(_ life: LedgerFixture.Life) {
        commandUs = life.command.map(LedgerFixture.microseconds)
        healthUs = life.health.map(LedgerFixture.microseconds)
        rollbackUs = life.rollbackTook.map(LedgerFixture.microseconds)
        rollback = life.rollback
        if life.isUnhealthy {
            (health, reason, exitCode, endedWith) = ("unhealthy", "health", 0, 69)
        } else if life.health != nil {
            health = "healthy"
        }
    }
}
