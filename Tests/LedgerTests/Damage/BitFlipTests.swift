import Glibc
import SQLite
import SystemCalls
import TestSupport
import Testing

@testable import Ledger

/// One bit that turns over, anywhere: whatever it changes in an answer, `verify` finds.
@Suite struct BitFlipTests {
    let ledger: TestLedger

    init() throws {
        ledger = try TestLedger()
        for number: Int64 in 1...24 { deploy(number) }
        try ledger.shell("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    private func deploy(_ number: Int64) {
        let id = EventID.generate()
        let detail = EventDetail(command: ["make", "deploy-\(number)"])
        _ = ledger.writer.record([
            EventEnvelope(TestLedger.requested(id, number: number), detail: detail),
            EventEnvelope(TestLedger.acquired(id, number: number)),
        ])
        _ = ledger.writer.record([EventEnvelope(TestLedger.released(id, number: number))])
    }

    /// Everything that can be asked of it, by tables and by indexes; an error is an answer, too.
    private func answers(_ path: String) -> [String] {
        do {
            let reader = try LedgerReader(path: path, busyTimeoutMilliseconds: 0)
            let connection = reader.connection
            var answers: [String] = []
            func ask(_ sql: String) throws {
                answers.append("\(try connection.prepare(sql).rows())")
            }
            try ask("SELECT * FROM event ORDER BY seq")
            try ask("SELECT * FROM event_detail ORDER BY seq")
            try ask("SELECT * FROM deployment NOT INDEXED ORDER BY n")
            try ask("SELECT * FROM event ORDER BY at_us, seq")
            try ask("SELECT seq FROM event INDEXED BY event_by_id WHERE id > '' ORDER BY id")
            try ask("SELECT seq, kind FROM event WHERE deployment IN (SELECT id FROM deployment)")
            try ask("SELECT n, number FROM deployment WHERE lock = '/tmp/a.lock' ORDER BY number")
            try ask(
                "SELECT n FROM deployment WHERE id IN (SELECT deployment FROM event) ORDER BY n")
            for column in ["queue_left_at_us", "ended_at_us", "acquired_at_us"] {
                try ask(
                    "SELECT n, \(column) FROM deployment WHERE \(column) > 0 ORDER BY \(column), n")
            }
            try ask("SELECT n FROM deployment WHERE actor = 'ann' ORDER BY requested_at_us, n")
            return answers
        } catch {
            return ["\(error)"]
        }
    }

    private func isFound(_ path: String) -> Bool {
        let settings = LedgerSettings(path: path, spoolRoots: [ledger.directory.file("none")])
        return (try? LedgerVerifier(settings).verify().isWhole) != true
    }

    private func flip(_ name: String, bits: Range<Int>, times: Int, seed: UInt64) throws {
        let before = answers(ledger.path)
        try #require(before.count > 10, "\(before)")
        let copy = ledger.directory.file("copy.db")
        var random = SeededRandom(state: seed)
        var changing = 0
        for _ in 0..<times {
            for suffix in ["", "-wal"] {
                let bytes = try FileSystem.read(ledger.path + suffix)
                unlink(copy + suffix)
                try FileDescriptor.open(copy + suffix, O_WRONLY | O_CREAT, mode: 0o600)
                    .write(bytes)
            }
            unlink(copy + "-shm")
            let bit = Int.random(in: bits, using: &random)
            do {
                let file = try FileDescriptor.open(copy + name, O_RDWR)
                let byte = try file.read(count: 1, at: bit / 8)[0]
                try file.write([byte ^ 1 << UInt8(bit % 8)], at: bit / 8)
            }
            guard answers(copy) != before else { continue }
            changing += 1
            #expect(isFound(copy), "bit \(bit % 8) of byte \(bit / 8) of ledger.db\(name)")
        }
        #expect(changing > times / 10, "hardly anything was changed")
    }

    @Test func `a flipped bit in the database is found`() throws {
        let size = try FileSystem.status(ledger.path).size
        try flip("", bits: 0..<8 * size, times: 250, seed: 11)
    }

    /// The newest transaction may be an unfinished one for all that anybody can tell; one that has
    /// others behind it is not.
    @Test func `a flipped bit in the log before its newest transactions is found`() throws {
        for number: Int64 in 25...29 { deploy(number) }
        let size = try FileSystem.status(ledger.path + "-wal").size
        deploy(30)
        try flip("-wal", bits: 0..<8 * size, times: 120, seed: 12)
    }
}
