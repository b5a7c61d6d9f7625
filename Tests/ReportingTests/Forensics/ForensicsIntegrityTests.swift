import Ledger
import Reporting
import SQLite
import Testing

/// Contradictions in the records.
@Suite("Forensics: integrity")
struct ForensicsIntegrityTests {
    private typealias Facts = LedgerFixture.Facts

    private func problems(
        _ ledger: LedgerFixture, _ values: [String: Value] = [:],
        show: String = "problem lock number found"
    ) throws -> [String] {
        try ledger.ask("integrity", values, show: show)
    }

    @Test func `a consistent ledger has no problems`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, held: 10, .exit(0), Facts(lock: "/a"))
        try ledger.add(asked: 5, wait: 5, held: 10, .exit(0), Facts(lock: "/a"))
        try ledger.add(asked: 6, wait: 5, .timeout, Facts(lock: "/a"))
        #expect(try problems(ledger).isEmpty)
    }

    @Test func `a deployment is in flight for a day, or although the next one has the lock`() throws
    {
        let ledger = try LedgerFixture()
        let long = LedgerFixture.longAgo
        try ledger.add(asked: long, wait: 0, .none, Facts(lock: "/a"))
        // Later than any clock: nothing here is a day old.
        let later = 10_000_000_000.0
        try ledger.add(asked: later, wait: 0, held: 0, .none, Facts(lock: "/b"))
        try ledger.add(asked: later + 9, wait: 0, held: 0, .none, Facts(lock: "/b"))
        #expect(
            try problems(ledger) == [
                "no end /b 1 the next one has the lock",
                "no end /a 1 its newest event is older than a day",
            ])
        #expect(
            try problems(ledger, ["since": LedgerFixture.at(0)], show: "number lock")
                == ["1 /b"])
    }

    @Test func `ends before beginnings, locks out of turn, repeated numbers, no request`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 100, wait: 0, held: -40, .exit(0), Facts(lock: "/a"))
        // #1 of /b gets the lock at 50, #2 at 30.
        try ledger.add(asked: 10, wait: 40, held: 5, .exit(0), Facts(lock: "/b"))
        try ledger.add(asked: 20, wait: 10, held: 5, .exit(0), Facts(lock: "/b"))
        let again = EventID.generate()
        try ledger.tell(.skipped, again, 1, at: 200, lock: "/a") { $0.outcome = .skipped }
        #expect(
            try problems(ledger)
                == [
                    "no request /a 1 nobody knows who asked, and when",
                    "number given twice /a 1 another deployment has it, too",
                    "ends before it begins /a 1 ended before it got the lock",
                    "number given twice /a 1 another deployment has it, too",
                    "out of order /b 1 #2 had got it before",
                ])
        #expect(
            try problems(ledger, ["lock": "/b"], show: "problem seq at_us") == ["out of order 6 50"]
        )
    }

    @Test func `a clock that was set back is distinguished from a late event`() throws {
        let ledger = try LedgerFixture()
        try ledger.tell(.frozen, nil, nil, at: 100, mono: 10)
        // By half a second only: within what clocks are corrected by.
        try ledger.tell(.unfrozen, nil, nil, at: 99.5, mono: 11)
        try ledger.tell(.frozen, nil, nil, at: 40, mono: 12)
        // Out of a spool: earlier by both clocks.
        try ledger.tell(.unfrozen, nil, nil, at: 20, mono: 5)
        #expect(
            try problems(ledger, show: "problem seq at_us found")
                == ["clock set back 3 40 by 59500ms since event 2"])
        // What it is compared with does not lie in the window.
        #expect(
            try problems(ledger, ["until": LedgerFixture.at(50)], show: "problem seq")
                == ["clock set back 3"])
    }

    @Test func `recovered events of an earlier boot set no clock back`() throws {
        let ledger = try LedgerFixture()
        try ledger.tell(.continued, nil, nil, at: 100, mono: 10)
        try ledger.tell(.frozen, nil, nil, at: 50, mono: 900)
        try ledger.tell(.unfrozen, nil, nil, at: 60, mono: 901)
        #expect(try problems(ledger) == [])
        // Afterwards it may.
        try ledger.tell(.frozen, nil, nil, at: 200, mono: 910)
        try ledger.tell(.unfrozen, nil, nil, at: 150, mono: 911)
        #expect(
            try problems(ledger, show: "problem seq at_us found")
                == ["clock set back 5 150 by 50000ms since event 4"])
    }

    @Test func `two outcomes of one deployment, and a forced unlock without an end`() throws {
        let ledger = try LedgerFixture()
        let id = try ledger.add(
            asked: 0, wait: 0, held: 10, .died(foundAt: 30), Facts(lock: "/a"))
        try ledger.tell(.released, id, 1, at: 12) { event in
            event.exitCode = 0
            event.outcome = .succeeded
            event.heldUs = 12_000_000
        }
        try ledger.force(nil, nil, at: 40, by: "carol", victim: "stranger")
        try ledger.force(nil, nil, at: 50, by: "carol", pid: 901, victim: "stranger")
        try ledger.force(
            nil, nil, at: 52, by: "carol", pid: 901, victim: "stranger", result: "gone")
        #expect(
            try problems(ledger, show: "problem number at_us found actor") == [
                "forced unlock unfinished - 40 carol set out and nothing more was told carol",
                "several outcomes 1 12 orphaned, succeeded ann",
            ])
    }

    @Test func `a hole in the ledger is found where it is`() throws {
        let ledger = try LedgerFixture()
        for _ in 1...4 { try ledger.tell(.frozen, nil, nil, at: 0) }
        let connection = try Connection(
            path: ledger.path, mode: .readWrite, busyTimeoutMilliseconds: 1000)
        try connection.execute("DROP TRIGGER event_never_deleted")
        try connection.execute("DELETE FROM event WHERE seq = 2")
        #expect(
            try problems(ledger, show: "problem seq found")
                == ["gap in seq 3 the event before is missing"])
    }
}
