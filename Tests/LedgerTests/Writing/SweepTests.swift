import Glibc
import Ledger
import SQLite
import Synchronization
import SystemCalls
import Testing

@Suite struct SweepTests {
    let ledger: TestLedger
    let sweeper = EventID.generate()
    let base: Int64 = 1_700_000_000_000_000

    init() throws { ledger = try TestLedger() }

    private func sweep(
        pending: [EventEnvelope] = [], lastAlive: [LastAlive] = [],
        isDead: @escaping @Sendable (SweepCandidate) -> Bool = { _ in true }
    ) -> Sweep {
        Sweep(
            host: "host", lock: "/tmp/a.lock", recordedBy: sweeper, isDead: isDead,
            leftovers: { Leftovers(pending: pending, lastAlive: lastAlive) })
    }

    private func record(_ lines: [EventEnvelope] = [], _ sweep: Sweep) -> [SweptDeployment] {
        let result = ledger.writer.record(lines, sweep: sweep)
        guard case .written(_, _, let swept, _) = result else {
            Issue.record("not written: \(result)")
            return []
        }
        return swept
    }

    /// Outcome, reason, held, wait, end and whether it was inferred of the deployment `number`.
    private func row(_ number: Int64) throws -> [Value]? {
        try LedgerReader(path: ledger.path).connection.prepare(
            """
            SELECT outcome, reason, held_us, wait_us, ended_at_us, inferred
            FROM deployment WHERE number = ?
            """
        ).rows(.integer(number)).first
    }

    private func start(_ id: EventID, _ number: Int64, acquired: Bool) {
        var lines = [EventEnvelope(TestLedger.requested(id, number: number))]
        if acquired { lines.append(EventEnvelope(TestLedger.acquired(id, number: number))) }
        _ = ledger.writer.record(lines)
    }

    @Test func `a dead holder is orphaned and a dead waiter cancelled, once`() throws {
        let holder = EventID.generate()
        let waiter = EventID.generate()
        start(holder, 1, acquired: true)
        start(waiter, 2, acquired: false)
        let seen = Seen()
        let swept = record(
            [],
            sweep(lastAlive: [
                LastAlive(holder, atUs: base + 61_000), LastAlive(waiter, atUs: base + 5),
            ]) { candidate in
                seen.add(candidate)
                return true
            })
        #expect(swept.map(\.deployment) == [holder, waiter])
        #expect(swept.map(\.outcome) == [.orphaned, .cancelled])
        #expect(swept.map(\.lastAliveUs) == [base + 61_000, base + 5])
        #expect(seen.all.map(\.pid) == [4711, 4711])
        #expect(seen.all.map(\.pidStart) == [99, 99])
        #expect(seen.all.map(\.boot) == ["boot", "boot"])
        #expect(try row(1) == ["orphaned", "died", 60_000, 1000, .integer(base + 61_000), 1])
        #expect(try row(2) == ["cancelled", "died", nil, 5, .integer(base + 5), 1])
        #expect(record([], sweep()).isEmpty)
        #expect(try ledger.records().count == 5)
        #expect(try ledger.records().last?.contains(#""recorded_by":"\#(sweeper)""#) == true)
    }

    @Test func `without a better sign of life the newest event counts`() throws {
        start(.generate(), 1, acquired: true)
        #expect(record([], sweep()).map(\.lastAliveUs) == [base + 1000])
        #expect(try row(1)?[2] == 0)
    }

    @Test func `the living, other hosts and other locks are left alone`() throws {
        start(.generate(), 1, acquired: true)
        #expect(record([], sweep { _ in false }).isEmpty)
        var other = sweep()
        other.lock = "/tmp/b.lock"
        #expect(record([], other).isEmpty)
        other = sweep()
        other.host = "elsewhere"
        #expect(record([], other).isEmpty)
        #expect(try row(1)?[0] == .null)
    }

    @Test func `events that a dead process had spooled count before it is closed`()
        throws
    {
        let spooled = EventID.generate()
        let left = EventID.generate()
        start(spooled, 1, acquired: true)
        start(left, 2, acquired: true)
        let claim = ledger.writer.claimWaiting()
        _ = ledger.hasty.record([EventEnvelope(TestLedger.released(spooled, number: 1))])
        _ = consume claim
        let pending = [EventEnvelope(TestLedger.released(left, number: 2))]
        #expect(record([], sweep(pending: pending)).isEmpty)
        #expect(try row(1)?[0] == "succeeded")
        #expect(try row(2)?[0] == "succeeded")
        #expect(record([], sweep(pending: pending)).isEmpty)
        #expect(try ledger.records().count == 6)
    }

    @Test func `events that a process wrote until it was seen dead count`() throws {
        let holder = EventID.generate()
        start(holder, 1, acquired: true)
        let seen = Seen()
        // It releases and dies in the very moment it is looked at.
        let released = EventEnvelope(TestLedger.released(holder, number: 1))
        let sweep = Sweep(
            host: "host", lock: "/tmp/a.lock", recordedBy: sweeper,
            isDead: { candidate in
                seen.add(candidate)
                return true
            }, leftovers: { Leftovers(pending: seen.all.isEmpty ? [] : [released]) })
        #expect(record([], sweep).isEmpty)
        #expect(try row(1)?[0] == "succeeded")
        #expect(try ledger.records().count == 3)
    }

    @Test func `the closing event comes before the events of the sweeper`() throws {
        start(.generate(), 1, acquired: true)
        let mine = EventEnvelope(TestLedger.requested(.generate(), number: 2))
        _ = record([mine], sweep { $0.number == 1 })
        let records = try ledger.records()
        #expect(records.last == mine.record)
        #expect(records.count == 4)
    }

    @Test func `the deployment's own record outweighs a conclusion`() throws {
        let id = EventID.generate()
        start(id, 1, acquired: true)
        #expect(record([], sweep()).count == 1)
        _ = ledger.writer.record([EventEnvelope(TestLedger.released(id, number: 1))])
        #expect(
            try row(1) == ["succeeded", nil, 5_000_000, 1000, .integer(base + 5_001_000), 0])
        #expect(try LedgerVerifier(ledger.settings).verify().isWhole)
    }

    @Test func `while another process has the ledger events of the dead stay in their tickets`()
        throws
    {
        let claim = ledger.writer.claimWaiting()
        let pending = [EventEnvelope(TestLedger.requested(.generate(), number: 1))]
        let mine = EventEnvelope(TestLedger.requested(.generate(), number: 2))
        guard case .spooled = ledger.hasty.record([mine], sweep: sweep(pending: pending)) else {
            Issue.record("not spooled")
            return
        }
        _ = consume claim
        #expect(try FileSystem.entries(of: ledger.spool).count == 1)
        _ = ledger.writer.record([], sweep: sweep(pending: pending))
        // Its own, what the dead left, and that they are dead.
        #expect(try ledger.records().prefix(2) == [mine.record] + pending.map(\.record))
    }

    @Test func `with enough time they are copied to the spool, a few at a time, each once`()
        throws
    {
        try FileSystem.makeDirectories(ledger.path, mode: 0o700)
        let pending = (1...10).map { number in
            EventEnvelope(TestLedger.requested(.generate(), number: Int64(number)))
        }
        for expected in [7, 12, 13] {
            let mine = EventEnvelope(TestLedger.requested(.generate(), number: 20))
            guard
                case .spooled = ledger.writer.record([mine], sweep: sweep(pending: pending))
            else {
                Issue.record("not spooled")
                return
            }
            #expect(try FileSystem.entries(of: ledger.spool).count == expected)
        }
        rmdir(ledger.path)
        _ = ledger.writer.record([])
        #expect(try ledger.records().count == 13)
    }
}

/// What a closure was shown.
private final class Seen: Sendable {
    private let candidates = Mutex<[SweepCandidate]>([])

    func add(_ candidate: SweepCandidate) { candidates.withLock { $0.append(candidate) } }
    var all: [SweepCandidate] { candidates.withLock { $0 } }
}
