import SQLite
import Testing

@testable import Ledger

@Suite struct DerivedIDTests {
    private static let at: Int64 = 1_789_344_000_123_456

    @Test func `the same name gives the same id, and another name another one`() {
        let id = EventID.derived(from: "run 1 x", place: 1, atUs: Self.at)
        #expect(id == .derived(from: "run 1 x", place: 1, atUs: Self.at))
        #expect(id != .derived(from: "run 2 x", place: 1, atUs: Self.at))
        #expect(EventID(id.description) == id)
        #expect(id.isDerived)
        #expect(!EventID.generate().isDerived)
    }

    @Test func `a derived id sorts by time as any other, and then by place`() {
        let id = EventID.derived(from: "b", place: 1, atUs: Self.at)
        let text = id.description
        #expect(text.prefix(13) == "01a09d36-a87b")
        #expect(Array(text)[14] == "8")
        #expect("89ab".contains(Array(text)[19]))
        #expect(id < .derived(from: "a", place: 2, atUs: Self.at))
        #expect(id < .derived(from: "a", place: 0, atUs: Self.at + 1000))
        let nameless = (1...3).map { EventID.derived(from: "skip", place: $0) }
        #expect(nameless == nameless.sorted())
    }

    private static func run(attempt: Int64, _ outcome: Outcome) -> ImportedRun {
        ImportedRun(
            .init(host: "github.com", run: 1, attempt: attempt, createdAtUs: at),
            host: "github.com", endedAtUs: at + 5, ranUs: 5, outcome: outcome)
    }

    @Test func `a fact that arrives twice in other words is recorded once`() throws {
        let ledger = try TestLedger()
        var run = Self.run(attempt: 1, .failed)
        #expect(ledger.writer.record([run.event()]).seq == 1)
        run.actor = "ann"
        #expect(ledger.writer.record([run.event()]).seq == 1)
        run.runURL = "https://GitHub.com/O/renamed/actions/runs/1"
        #expect(ledger.writer.record([run.event()]).seq == 1)
        #expect(ledger.writer.record([Self.run(attempt: 2, .failed).event()]).seq == 2)
        #expect(try LedgerVerifier(ledger.settings).verify().isWhole)
    }

    @Test func `an imported run never was in the queue`() throws {
        let run = Self.run(attempt: 1, .cancelled)
        let ledger = try TestLedger()
        #expect(ledger.writer.record([run.event()]).seq == 1)
        let connection = try LedgerReader(path: ledger.path).connection
        #expect(
            try connection.prepare("SELECT requested_at_us, queue_left_at_us FROM deployment")
                .rows() == [[.integer(Self.at), .null]])
    }
}
