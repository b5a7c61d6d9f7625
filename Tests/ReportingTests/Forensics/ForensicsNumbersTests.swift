import Ledger
import Queries
import Reporting
import SQLite
import Testing

/// Numbers of which the ledger has no event.
@Suite("Forensics: missing numbers")
struct ForensicsNumbersTests {
    private typealias Facts = LedgerFixture.Facts

    private func missing(
        _ ledger: LedgerFixture, _ values: [String: Value] = [:]
    ) throws -> [String] {
        let rows = try ledger.ask(
            "missing-numbers", values, show: "lock first last missing number")
        // The other place where the judgement stands.
        let found = try ledger.ask("integrity", values, show: "problem lock found")
            .filter { $0.hasPrefix("number missing") }
        #expect(found.count == rows.count, "\(found)")
        return rows
    }

    @Test func `a number between two others or below a holder's is missing`() throws {
        let ledger = try LedgerFixture()
        // #1 and #2 are older than the ledger.
        ledger.loseNumbers(2, of: "/a")
        try ledger.add(asked: 0, wait: 0, held: 10, .exit(0), Facts(lock: "/a"))
        #expect(try missing(ledger) == [])
        ledger.loseNumbers(of: "/a")
        try ledger.add(asked: 20, wait: 0, held: 10, .exit(0), Facts(lock: "/a"))
        ledger.loseNumbers(3, of: "/a")
        try ledger.add(asked: 40, wait: 0, held: 10, .exit(0), Facts(lock: "/a"))
        try ledger.add(asked: 40, wait: 0, held: 10, .exit(0), Facts(lock: "/b"))
        #expect(try missing(ledger) == ["/a 6 8 3 9", "/a 4 4 1 5"])
        #expect(try missing(ledger, ["lock": "/b"]) == [])
        #expect(try missing(ledger, ["since": LedgerFixture.at(35)]) == ["/a 6 8 3 9"])
        #expect(try missing(ledger, ["until": LedgerFixture.at(35)]) == ["/a 4 4 1 5"])
        #expect(
            try ledger.ask("integrity", [:], show: "found")
                == ["no event of #6 to #8 is here", "no event of #4 is here"])
    }

    @Test func `a number that may still be in the queue or has the lock is not missing`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, held: 10, .exit(0))
        ledger.loseNumbers()
        // #3 gave up and #4 still has the lock: #2 may wait, and may be recorded later.
        try ledger.add(asked: 20, wait: 5, .timeout)
        #expect(try missing(ledger) == [])
        try ledger.add(asked: 30, wait: 0, held: 0, .none)
        #expect(try missing(ledger) == [])
        try ledger.add(asked: 40, wait: 0, held: 10, .exit(1))
        #expect(try missing(ledger) == ["/tmp/a.lock 2 2 1 3"])
    }

    @Test func `numbers that a lost counter skips were never assigned; later gaps are missing`()
        throws
    {
        let ledger = try LedgerFixture()
        let start = LedgerFixture.start / 1_000_000
        try ledger.add(asked: 0, wait: 0, held: 10, .exit(0))
        // It goes on from the seconds since 1970.
        ledger.loseNumbers(start + 100 - 1)
        try ledger.add(asked: 100.2, wait: 0, held: 10, .exit(0))
        #expect(try missing(ledger) == [])
        ledger.loseNumbers()
        try ledger.add(asked: 300, wait: 0, held: 10, .exit(0))
        #expect(try missing(ledger).count == 1)
        // Lost again.
        let next = start + 103
        ledger.loseNumbers(start + 600 - next)
        try ledger.add(asked: 600, wait: 0, held: 10, .exit(0))
        #expect(try missing(ledger).count == 1)
        // A number nobody's clock gave.
        ledger.loseNumbers(1 << 40)
        try ledger.add(asked: 700, wait: 0, held: 10, .exit(0))
        #expect(try missing(ledger).count == 2)
    }

    @Test func `alerts and the report mention missing numbers, for each lock`() throws {
        let ledger = try LedgerFixture()
        for lock in ["/a", "/b"] {
            try ledger.add(asked: 0, wait: 0, held: 10, .exit(0), Facts(lock: lock))
            ledger.loseNumbers(2, of: lock)
            try ledger.add(asked: 20, wait: 0, held: 10, .exit(0), Facts(lock: lock))
        }
        let connection = try ledger.reader().connection
        let zone = try Zone(named: "UTC")
        let window = try Window(
            since: LedgerFixture.instant(0), until: LedgerFixture.instant(100), zone: zone)
        let missing = try MissingNumbers(connection, window)
        #expect(missing.sentences.count == 2)
        #expect(
            missing.sentences[0].contains("no event of #2 to #3 under /a has reached the ledger"))
        #expect(try MissingNumbers(connection, window, locks: ["/b"]).sentences.count == 1)
        let before = try Window(
            since: LedgerFixture.instant(0), until: LedgerFixture.instant(15), zone: zone)
        #expect(try MissingNumbers(connection, before).sentences.isEmpty)
    }
}
