import Ledger
import Reporting
import SQLite
import Testing

@Suite("Forensics: orphans")
struct OrphanForensicsTests {
    @Test func `orphans: when the wrapper was lost, how it ended, and its cost without an end`()
        throws
    {
        let ledger = try OrphanLedger.make()
        func ask(_ values: [String: Value] = [:]) throws -> [String] {
            try ledger.ask(
                "orphans", values,
                show: "number orphaned_at_us outcome alive_at_us found_at_us held_us next_number "
                    + "waiters cost_us pid")
        }
        let all = [
            "8 605010 running - - - - 0 0 4800",
            "7 604750 failed 604900 - 200 8 0 0 4800",
            "5 4100 orphaned 4100 4600 100 6 0 0 4711",
            "4 3040 orphaned 3100 3500 100 5 0 0 4800",
            "3 2050 force_unlocked 2100 - 100 4 0 0 4800",
            "2 1010 failed 1060 - 60 3 0 0 4800",
            "1 100 succeeded 300 - 300 2 0 0 4800",
        ]
        #expect(try ask() == all)
        let window = ["since": LedgerFixture.at(1010), "until": LedgerFixture.at(3040)]
        #expect(try ask(window) == Array(all[4...5]))
        #expect(try ask(["lock": "/b"]).isEmpty)
    }

    @Test func `orphans: with its keeper dead, too, the cost is the wait after the last sign`()
        throws
    {
        let ledger = try LedgerFixture()
        let facts = LedgerFixture.Facts(ahead: 0)
        try ledger.add(
            asked: 0, wait: 0, held: 100, .died(foundAt: 250), facts, lost: (50, false))
        try ledger.add(asked: 80, wait: 170, held: 10, .exit(0), facts)
        #expect(
            try ledger.ask("orphans", show: "number orphaned_at_us waiters cost_us")
                == ["1 50 1 150"])
        // Of one whose end its keeper told, nothing but the hand-over is left to wait for.
        let other = try LedgerFixture()
        try other.add(asked: 0, wait: 0, held: 100, .exit(0), facts, lost: (50, false))
        try other.add(asked: 80, wait: 170, held: 10, .exit(0), facts)
        #expect(
            try other.ask("orphans", show: "number orphaned_at_us waiters cost_us")
                == ["1 50 0 0"])
    }

    @Test func `holder-at: an orphan has the lock until its true end`() throws {
        let ledger = try OrphanLedger.make()
        func holder(_ at: Double) throws -> [String] {
            try ledger.ask("holder-at", ["at": LedgerFixture.at(at)], show: "role number outcome")
        }
        #expect(try holder(299) == ["holder 1 succeeded"])
        #expect(try holder(301) == ["previous 1 succeeded", "next 2 failed"])
        #expect(try holder(605_050) == ["holder 8 running"])
    }

    @Test func `timeline and integrity show the loss of a wrapper as one`() throws {
        let ledger = try OrphanLedger.make()
        let told = try ledger.ask(
            "timeline", ["around": LedgerFixture.at(100), "within": LedgerFixture.length(1)],
            show: "number kind sentence")
        #expect(
            told == [
                "1 wrapper_lost The wrapper was lost (killed); its keeper, pid 4800, continues."
            ])
        let problems = try ledger.ask(
            "integrity", ["until": LedgerFixture.at(604_000)], show: "problem number")
        #expect(problems == ["forced unlock unfinished 3"])
        #expect(try ledger.ask("double-holders", show: "number").isEmpty)
    }

    @Test func `every record of an orphan survives a file and verifies`() throws {
        let ledger = try OrphanLedger.make()
        let settings = LedgerSettings(path: ledger.path, spoolRoots: [])
        #expect(try LedgerVerifier(settings).verify().problems == [])
        let copy = try LedgerFixture()
        let texts = try ledger.reader().records(after: 0, limit: 1000).texts
        // A spool may bring them in any order.
        try copy.record(texts.reversed().compactMap { EventEnvelope(text: $0) })
        let columns = """
            SELECT number, pid, pid_start, outcome, held_us, ended_at_us, wrapper_lost_at_us,
                orphaned_at_us
            FROM deployment ORDER BY number
            """
        let rows = try [ledger, copy].map {
            try $0.reader().connection.prepare(columns).rows()
        }
        #expect(rows[0] == rows[1])
        #expect(
            try LedgerVerifier(LedgerSettings(path: copy.path, spoolRoots: [])).verify().isWhole)
    }
}
