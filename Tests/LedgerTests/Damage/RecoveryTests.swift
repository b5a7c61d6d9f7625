import Glibc
import SQLite
import SystemCalls
import TestSupport
import Testing

@testable import Ledger

/// What a damaged ledger still has comes back, and it is said precisely what does not.
@Suite struct RecoveryTests {
    let ledger: TestLedger

    init() throws { ledger = try TestLedger() }

    /// Deployments with commands; every fifth one has one that needs pages of its own.
    private func fill(_ deployments: Int = 40) throws -> [String] {
        for number in 1...deployments {
            let id = EventID.generate()
            let words = number % 5 == 0 ? String(repeating: "long ", count: 2400) : "make deploy"
            let detail = EventDetail(command: ["sh", "-c", "\(words) \(number)"])
            _ = ledger.writer.record([
                EventEnvelope(TestLedger.requested(id, number: Int64(number)), detail: detail),
                EventEnvelope(TestLedger.acquired(id, number: Int64(number))),
                EventEnvelope(TestLedger.released(id, number: Int64(number))),
            ])
        }
        return try ledger.records()
    }

    private func checkpoint() throws { try ledger.shell("PRAGMA wal_checkpoint(TRUNCATE)") }

    private func page(of name: String) throws -> Int {
        let sql = "SELECT rootpage FROM sqlite_schema WHERE name = '\(name)'"
        let page = try LedgerReader(path: ledger.path).connection.value(sql)
        return Int(try #require(page?.integer))
    }

    private func damage(page: Int) throws {
        try FileDescriptor.open(ledger.path, O_RDWR)
            .write([UInt8](repeating: 0xff, count: 4096), at: (page - 1) * 4096)
    }

    private func open() throws -> [LedgerInterruption] {
        try LedgerReader(path: ledger.path).interruptions()
    }

    private func begunAnew() throws -> LedgerInterruption {
        let line = EventEnvelope(Event(.frozen, atUs: 1))
        #expect(ledger.writer.record([line]).seq == 2)
        return try #require(try open().first)
    }

    private func recover(_ one: LedgerInterruption) throws -> Recovery.Result {
        let recovery = Recovery(ledger.writer)
        let result = try recovery.run(try #require(one.file), head: one.head)
        _ = try recovery.settle(
            one, .recovered, reason: result.words, withoutDetail: result.withoutDetail)
        return result
    }

    private func expectSettled() throws {
        #expect(try open() == [])
        #expect(try LedgerVerifier(ledger.settings).verify().problems == [])
        #expect(try LedgerVerifier(ledger.settings).verifyNewest().problems == [])
    }

    @Test func `a ledger that lost its indexes and its root comes back in full`() throws {
        let records = try fill()
        try checkpoint()
        for name in ["event_by_id", "event", "deployment"] { try damage(page: page(of: name)) }
        let beginning = try begunAnew()
        #expect(try LedgerVerifier(ledger.settings).verify().problems.map(\.seq) == [1])
        let result = try recover(beginning)
        #expect(result.appended == records.count && result.losses == [])
        #expect(Array(try ledger.records().dropFirst(2).dropLast()) == records)
        let last = try ledger.records().last.flatMap { EventEnvelope(text: $0 + "\n")?.event }
        #expect(last?.result == "recovered" && last?.previousFile == beginning.file)
        try expectSettled()
        // Whoever repeats it adds nothing.
        let again = try recover(beginning)
        #expect(again.appended == 0 && again.known == records.count)
        #expect(try ledger.records().count == records.count + 4)
    }

    @Test func `a log without its database comes back in full`() throws {
        let records = try fill(4)
        try #require(FileSystem.status(ledger.path + "-wal").size > 0)
        try FileSystem.unlink(ledger.path)
        let result = try recover(try begunAnew())
        #expect(result.appended == records.count && result.losses == [])
        try expectSettled()
    }

    @Test func `unreadable events are named, and those behind them come back`() throws {
        let records = try fill()
        try checkpoint()
        // A page in the middle of the events, and the index that the next append reads.
        let reader = try LedgerReader(path: ledger.path)
        let sql = "SELECT hex(record) FROM event WHERE seq = 60"
        let needle = try #require(try reader.connection.value(sql)?.text)
        let bytes = try FileSystem.read(ledger.path)
        let text = try #require(Hexadecimal.decode(Array(needle.lowercased().utf8)[..<160]))
        let offset = try #require(bytes.indices.first { bytes[$0...].starts(with: text) })
        try damage(page: offset / 4096 + 1)
        try damage(page: page(of: "event_by_id"))
        let result = try recover(try begunAnew())
        #expect(result.appended > 100 && result.appended < records.count - 3)
        let unreadable = try #require(result.losses.first { $0.hasSuffix("(unreadable)") })
        let bounds = unreadable.split { !$0.isNumber }.compactMap { Int($0) }
        #expect(bounds.count == 2 && bounds[0] <= 60 && bounds[1] >= 60, "\(unreadable)")
        // The first one behind the gap has nothing that proves it.
        #expect(result.losses.contains("\(bounds[1] + 1) (cannot be verified)"))
        let last = try ledger.records().last.flatMap { EventEnvelope(text: $0 + "\n")?.event }
        #expect(last?.result == "recovered" && last?.reason?.contains(unreadable) == true)
        try expectSettled()
    }

    @Test func `events whose details are lost come back, and only theirs may be missing`() throws {
        let records = try fill()
        try checkpoint()
        try damage(page: page(of: "event_detail"))
        try damage(page: page(of: "event_by_id"))
        // The leaves of a table with long rows are spread; one of them, too.
        let bytes = try FileSystem.read(ledger.path)
        let text = Array("make deploy 22".utf8)
        let offset = try #require(bytes.indices.first { bytes[$0...].starts(with: text) })
        try damage(page: offset / 4096 + 1)
        let result = try recover(try begunAnew())
        #expect(result.appended == records.count)
        #expect(result.losses.first?.hasPrefix("command and message of ") == true)
        try expectSettled()
        try ledger.shell("DROP TRIGGER event_detail_never_deleted; DELETE FROM event_detail")
        let report = try LedgerVerifier(ledger.settings).verify()
        #expect(
            report.problems.contains { $0.what == "its detail is missing" },
            "\(result.losses) \(report.problems)")
    }

    @Test func `an event that was changed does not come back`() throws {
        _ = try fill(5)
        try ledger.shell("DROP TRIGGER event_never_updated")
        try ledger.shell("UPDATE event SET record = replace(record, 'ann', 'eve') WHERE seq = 4")
        try checkpoint()
        try damage(page: page(of: "event_by_id"))
        let result = try recover(try begunAnew())
        #expect(result.appended == 14)
        #expect(result.losses == ["4 (cannot be verified)"])
        #expect(try !ledger.records().contains { $0.contains("eve\"") })
        try expectSettled()
    }

    @Test func `a ledger that replaced one that replaced one brings both back`() throws {
        let first = try fill(3)
        try checkpoint()
        try damage(page: page(of: "event_by_id"))
        let middle = try begunAnew()
        let line = EventEnvelope(TestLedger.requested(.generate(), number: 9))
        _ = ledger.writer.record([line])
        try checkpoint()
        try damage(page: page(of: "event_by_id"))
        let newest = try begunAnew()
        _ = try recover(newest)
        let before = try #require(try open().first)
        #expect(before.file == middle.file)
        _ = try recover(before)
        #expect(try Set(ledger.records()).isSuperset(of: first + [line.record]))
        try expectSettled()
    }

    @Test func `another ledger is not mixed into this one`() throws {
        _ = try fill(3)
        try checkpoint()
        try damage(page: page(of: "event_by_id"))
        let one = try begunAnew()
        let other = try TestLedger()
        for number in 1...9 {
            _ = other.writer.record([
                EventEnvelope(TestLedger.requested(.generate(), number: Int64(number)))
            ])
        }
        #expect(throws: Recovery.Problem.self) {
            try Recovery(ledger.writer).run(other.path, head: one.head)
        }
        #expect(try ledger.records().count == 2)
    }

    @Test func `whatever is damaged, only true events come back, and nothing is counted wrong`()
        throws
    {
        let records = try fill(20)
        try checkpoint()
        let (database, size) = (
            try FileSystem.read(ledger.path), try FileSystem.status(ledger.path).size
        )
        let head = try LedgerReader(path: ledger.path).head()
        var random = SeededRandom(state: 4)
        for round in 1...25 {
            var bytes = database
            for _ in 1...Int.random(in: 1...40, using: &random) {
                let at = Int.random(in: 0..<size, using: &random)
                for place in at..<min(size, at + Int.random(in: 1...600, using: &random)) {
                    bytes[place] = UInt8.random(in: 0...255, using: &random)
                }
            }
            let copy = ledger.directory.file("copy-\(round)")
            try FileDescriptor.open(copy, O_WRONLY | O_CREAT, mode: 0o600).write(bytes)
            var found: [String] = []
            let losses = try Salvage(copy).read(head: head) { event in
                found.append(event.line?.record ?? "")
                #expect(records[Int(event.seq) - 1] == event.line?.record, "round \(round)")
            }
            // Damage may make up a place behind the end; it is never taken for an event.
            #expect(
                found.count + Int(losses.unreadable.count + losses.unverified.count)
                    >= records.count)
        }
    }

    @Test func `a ledger that was deleted is missed by the next one, once`() throws {
        _ = try fill(2)
        for suffix in ["", "-wal", "-shm"] { unlink(ledger.path + suffix) }
        let line = EventEnvelope(TestLedger.requested(.generate(), number: 3))
        #expect(ledger.writer.record([line]).seq == 2)
        let missed = try #require(try open().first)
        #expect(missed.file == nil && missed.reason == "its file was gone")
        #expect(try LedgerVerifier(ledger.settings).verify().problems.map(\.seq) == [1])
        _ = try Recovery(ledger.writer).settle(missed, .dismissed, reason: "another disk")
        try expectSettled()
        #expect(ledger.writer.record([]).seq == 3)
    }

    @Test func `a bulk begins a ledger as an append does`() throws {
        _ = try fill(1)
        for suffix in ["", "-wal", "-shm"] { unlink(ledger.path + suffix) }
        let line = EventEnvelope(TestLedger.requested(.generate(), number: 3))
        #expect(try ledger.writer.append(bulk: [line]).head.seq == 2)
        #expect(try open().count == 1)
        // What is left of a ledger is not deleted.
        unlink(ledger.path)
        #expect(throws: LedgerError.self) { try ledger.writer.append(bulk: [line]) }
        #expect(try FileSystem.status(ledger.path + "-wal").size > 0)
    }

    @Test func `a ledger that never had an event is not missed`() throws {
        #expect(ledger.writer.record([]).seq == 0)
        for suffix in ["", "-wal", "-shm"] { unlink(ledger.path + suffix) }
        #expect(ledger.writer.record([EventEnvelope(Event(.frozen))]).seq == 1)
        #expect(try open() == [])
    }

    @Test func `a check that does not fit in the time sets nothing aside`() throws {
        _ = try fill(400)
        let files = ledger.writer.files
        let quarantine = Quarantine(files: files, spool: ledger.writer.spool, mark: .none)
        let error = #expect(throws: LedgerError.self) {
            try quarantine.isDamaged(until: Deadline(milliseconds: 0))
        }
        #expect(error?.description.contains("'deploystats recover' checks it") == true)
        #expect(try quarantine.isDamaged(until: Deadline(milliseconds: 60_000)) == false)
    }
}
