import Ledger
import SQLite
import TestSupport
import Testing

@Suite struct AppendTests {
    let ledger: TestLedger

    init() throws { ledger = try TestLedger() }

    @Test func `a whole deployment becomes three events and one row`() throws {
        let deployment = EventID.generate()
        let detail = EventDetail(command: ["make", "deploy"], directory: "/srv")
        let first = ledger.writer.record([
            EventEnvelope(TestLedger.requested(deployment, number: 7), detail: detail),
            EventEnvelope(TestLedger.acquired(deployment, number: 7)),
        ])
        guard case .written(let head, let drained, let swept, _) = first else {
            Issue.record("not written: \(first)")
            return
        }
        #expect(head.seq == 2)
        #expect(drained == 0)
        #expect(swept.isEmpty)
        let second = ledger.writer.record([
            EventEnvelope(TestLedger.released(deployment, number: 7))
        ])
        #expect(second.seq == 3)

        let reader = try LedgerReader(path: ledger.path)
        #expect(try reader.head().seq == 3)
        #expect(try reader.highestNumber(lock: "/tmp/a.lock") == 7)
        #expect(try reader.highestNumber(lock: "/tmp/other.lock") == nil)
        let usual = try reader.usualDuration(lock: "/tmp/a.lock", tier: "docker")
        #expect(usual?.p50Us == 5_000_000)
        #expect(usual?.p95Us == 5_000_000)
        #expect(usual?.n == 1)
        let row = try reader.connection.prepare(
            "SELECT number, outcome, source, wait_us, held_us, exit_code FROM deployment"
        ).rows()
        #expect(row == [[7, "succeeded", "ssh", 1000, 5_000_000, 0]])
        let stored = try reader.connection.value("SELECT detail FROM event_detail")
        #expect(stored == #"{"command":["make","deploy"],"directory":"/srv"}"#)
    }

    @Test func `an event appended twice is there once`() throws {
        let line = EventEnvelope(TestLedger.requested(.generate(), number: 1))
        #expect(ledger.writer.record([line]).seq == 1)
        #expect(ledger.writer.record([line]).seq == 1)
    }
}
