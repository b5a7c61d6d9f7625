import Ledger
import Queries
import Reporting

/// A ledger of checks, rollbacks, limits and freezes.
///
/// Seconds after Monday, 2026-09-14 00:00 UTC.
///
/// | no. | asked | frozen | waited | command | check | rollback | ended |
/// |---|---|---|---|---|---|---|---|
/// | 1 | 1000 | | 0 | 400 | 20, healthy | | succeeded |
/// | 2 | 2000 | | 0 | 300 | 30, unhealthy, 3 attempts | 12, done | failed: health |
/// | 3 | 3000 | | 0 | 100 | | 5, failed | failed: command |
/// | 4 | 4000 | | 0 | 900 | | | failed: overran |
/// | 5 | 6000 | 3600 | 60 | 200 | | | succeeded |
/// | 6 | 7000 | | 0 | 200 | | | succeeded, in spite of the freeze |
/// | 7 | 9700 | | 0 | 310 | 30, unhealthy | 12, timed out | failed: health |
///
/// Frozen from 6000 to 9600; a second freeze, begun at 9900, is in force until 20000.
enum LifecycleLedger {
    static let freeze = EventID.derived(from: "freeze", place: 1, atUs: LedgerFixture.start)
    static let second = EventID.derived(from: "freeze", place: 2, atUs: LedgerFixture.start)
    static let now = LedgerFixture.instant(15_000)

    typealias Life = LedgerFixture.Life
    private typealias Facts = LedgerFixture.Facts

    static func make() throws -> LedgerFixture {
        let ledger = try LedgerFixture()
        func facts(_ sha: String) -> Facts { Facts(tier: "docker", sha: sha, ahead: 0) }
        try ledger.add(
            asked: 1000, wait: 0, held: 420, .exit(0), facts("aaaaaaaaaaaa1111"),
            life: Life(command: 400, health: 20))
        try ledger.add(
            asked: 2000, wait: 0, held: 342, .left(.released, .failed, reason: "health"),
            facts("bbbbbbbb"),
            life: Life(
                command: 300, health: 30, rollbackTook: 12, isUnhealthy: true, rollback: "done",
                steps: checks(at: 2300) + [rollback(at: 2342, .done, 12)]))
        try ledger.add(
            asked: 3000, wait: 0, held: 105, .exit(3), facts("cccccccc"),
            life: Life(
                command: 100, rollbackTook: 5, rollback: "failed",
                steps: [rollback(at: 3105, .failed, 5)]))
        try ledger.add(
            asked: 4000, wait: 0, held: 910, .left(.released, .failed, reason: "overran"),
            facts("dddddddd"), life: Life(command: 900, steps: [overran]))
        try freezes(in: ledger)
        try ledger.add(
            asked: 6000, wait: 60, held: 200, .exit(0), facts("eeeeeeee"),
            life: Life(frozen: 3600, command: 200))
        try ledger.add(
            asked: 7000, wait: 0, held: 200, .exit(0), facts("ffffffff"),
            life: Life(
                command: 200, overrode: [freeze.description], overrideReason: "outage"))
        try ledger.add(
            asked: 9700, wait: 0, held: 352, .left(.released, .failed, reason: "health"),
            facts("99999999"),
            life: Life(
                command: 310, health: 30, rollbackTook: 12, isUnhealthy: true,
                rollback: "timed_out"))
        return ledger
    }

    private static func checks(at seconds: Double) -> [(Event, EventDetail?)] {
        (1...3).map { attempt in
            var event = self.event(.healthChecked, at: seconds + Double(attempt) * 10)
            event.attempt = Int64(attempt)
            event.attempts = 3
            event.result = attempt == 2 ? "timed_out" : "unhealthy"
            event.exitCode = attempt == 2 ? nil : 22
            event.tookUs = 1_500_000
            return (event, EventDetail(output: "asked\ncurl: (22) error: 500 \u{1b}[31m\n"))
        }
    }

    private static func rollback(
        at seconds: Double, _ result: StepResult, _ took: Double
    ) -> (Event, EventDetail?) {
        var event = event(.rolledBack, at: seconds)
        event.result = result.rawValue
        event.exitCode = result == .done ? 0 : 4
        event.tookUs = LedgerFixture.microseconds(took)
        event.failedStep = result == .done ? "health" : "command"
        event.lastGoodSha = "aaaaaaaaaaaa1111"
        event.lastGoodNumber = 1
        return (event, nil)
    }

    private static var overran: (Event, EventDetail?) {
        var event = event(.overran, at: 4900)
        event.reason = "max-duration"
        event.limitUs = 900_000_000
        event.heldUs = 900_000_000
        return (event, nil)
    }

    private static func freezes(in ledger: LedgerFixture) throws {
        func tell(
            _ kind: EventKind, _ freeze: EventID, at seconds: Double, until: Double?, _ why: String
        ) throws {
            let at = LedgerFixture.instant(seconds).microseconds
            let isFirst = kind == .frozen && (seconds == 6000 || seconds == 9900)
            var event = Event(
                kind, id: isFirst ? freeze : .generate(), atUs: at, monoUs: at, host: "build1")
            event.freeze = freeze
            event.untilUs = until.map { LedgerFixture.instant($0).microseconds }
            event.reason = why
            event.lock = Facts().lock
            event.user = "root"
            event.actor = "ann"
            try ledger.record([EventEnvelope(event)])
        }
        try tell(.frozen, freeze, at: 6000, until: 30_000, "release weekend")
        try tell(.frozen, freeze, at: 6100, until: 9800, "release day")
        try tell(.unfrozen, freeze, at: 9600, until: nil, "done early")
        try tell(.frozen, second, at: 9900, until: 20_000, "audit")
    }

    private static func event(_ kind: EventKind, at seconds: Double) -> Event {
        let at = LedgerFixture.instant(seconds).microseconds
        var event = Event(kind, atUs: at, monoUs: at, host: "build1")
        event.user = "deploy"
        event.pid = 4711
        return event
    }
}
