import Glibc
import SQLite
import SystemCalls
import TestSupport
import Testing

@testable import Ledger

/// Only what is provably a ledger of ours is ever moved.
@Suite struct QuarantineTests {
    let ledger: TestLedger
    let line = EventEnvelope(TestLedger.requested(.generate(), number: 1))
    private static let garbage = String(repeating: "garbage ", count: 2000)

    init() throws {
        ledger = try TestLedger()
        try ledger.makeDirectory()
    }

    private func expectRefused(_ result: RecordResult) {
        guard case .spooled(_, let reason) = result else {
            Issue.record("not spooled: \(result)")
            return
        }
        #expect(reason.contains("is not a ledger"), "\(reason)")
    }

    private func asides() throws -> [String] {
        try FileSystem.entries(of: ledger.directory.file("state"))
            .filter { $0.contains(".corrupt-") }.sorted()
    }

    @Test func `a file that was never a ledger stays where it is, however often we ask`() throws {
        try ledger.write(Self.garbage, to: ledger.path)
        // What the first attempt leaves (lock, spool) proves nothing to the second.
        for _ in 1...3 { expectRefused(ledger.hasty.record([line])) }
        #expect(try FileSystem.read(ledger.path) == Array(Self.garbage.utf8))
        #expect(try asides() == [])
        try FileSystem.unlink(ledger.path)
        #expect(ledger.writer.record([]).seq == 1)
    }

    @Test func `a damaged database of somebody else stays where it is`() throws {
        try Connection(path: ledger.path, mode: .create, busyTimeoutMilliseconds: 0)
            .execute("PRAGMA journal_mode = WAL; CREATE TABLE theirs (a)")
        try FileDescriptor.open(ledger.path, 1)
            .write([UInt8](repeating: 0xff, count: 3000), at: 100)
        let before = try FileSystem.read(ledger.path)
        for _ in 1...2 {
            guard case .spooled = ledger.hasty.record([line]) else {
                Issue.record("not spooled")
                return
            }
        }
        #expect(try FileSystem.read(ledger.path) == before)
        #expect(try asides() == [])
    }

    @Test func `a database that was our ledger is set aside even when none of it can be read`()
        throws
    {
        #expect(ledger.writer.record([line]).seq == 1)
        try ledger.shell("PRAGMA wal_checkpoint(TRUNCATE)")
        try ledger.write(Self.garbage, to: ledger.path)
        let next = EventEnvelope(TestLedger.acquired(.generate(), number: 1))
        #expect(ledger.writer.record([next]).seq == 2)
        #expect(try asides().contains { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") })
    }

    @Test func `a damaged ledger is known by its header without anything beside it`() throws {
        #expect(ledger.writer.record([line]).seq == 1)
        try ledger.shell("PRAGMA wal_checkpoint(TRUNCATE)")
        let size = try FileSystem.status(ledger.path).size
        for suffix in ["-wal", "-shm", ".lock"] { unlink(ledger.path + suffix) }
        try FileDescriptor.open(ledger.path, 1)
            .write([UInt8](repeating: 0xff, count: size - 4096), at: 4096)
        let next = EventEnvelope(TestLedger.acquired(.generate(), number: 1))
        #expect(ledger.writer.record([next]).seq == 2)
        #expect(try asides().count >= 1)
    }

    /// What a kill left: everything that `setAside` does, but nothing after `renames` of its steps.
    private func killed(after renames: Int) throws -> String {
        #expect(ledger.writer.record([line]).seq == 1)
        let writer = LedgerWriter(ledger.settings)
        let before = try FileSystem.entries(of: ledger.directory.file("state"))
        let link = try #require(
            try Quarantine(files: writer.files, spool: writer.spool, mark: .none)
                .setAside(because: "damage", wasLedger: true))
        let aside = try #require(link.event.previousFile)
        for suffix in ["", "-wal", "-shm"].dropFirst(renames)
        where before.contains("ledger.db\(suffix)") {
            try FileSystem.rename(aside + suffix, to: ledger.path + suffix)
        }
        return aside
    }

    @Test(arguments: 1...3)
    func `a kill before the new ledger has an event loses no link to the old one`(
        renames: Int
    ) throws {
        let aside = try killed(after: renames)
        let next = EventEnvelope(TestLedger.acquired(.generate(), number: 1))
        #expect(ledger.writer.record([next]).seq == 2)
        let records = try ledger.records().compactMap { EventEnvelope(text: $0 + "\n")?.event }
        #expect(records.map(\.kind) == [.continued, .acquired])
        #expect(records[0].previousFile == aside)
        #expect(records[0].previousHead?.hasPrefix("1:") == true)
        #expect(
            try asides().allSatisfy {
                aside.hasSuffix($0) || $0.contains("-wal") || $0.contains("-shm")
            })
        #expect(try FileSystem.entries(of: ledger.spool) == [])
    }

    @Test func `a kill before anything was moved leaves a healthy ledger alone`() throws {
        _ = try killed(after: 0)
        let next = EventEnvelope(TestLedger.acquired(.generate(), number: 1))
        #expect(ledger.writer.record([next]).seq == 2)
        #expect(try ledger.records() == [line, next].map(\.record))
        #expect(try asides() == [])
        #expect(
            try FileSystem.entries(of: ledger.spool).allSatisfy { $0.hasSuffix(".rejected") })
    }

    @Test func `a kill before anything was moved is resumed`() throws {
        let aside = try killed(after: 0)
        for suffix in ["", "-wal"] { try ledger.write(Self.garbage, to: ledger.path + suffix) }
        let next = EventEnvelope(TestLedger.acquired(.generate(), number: 1))
        #expect(ledger.writer.record([next]).seq == 2)
        let first = try #require(
            try ledger.records().first.flatMap { EventEnvelope(text: $0 + "\n") })
        #expect(first.event.previousFile == aside)
        #expect(try FileSystem.read(aside) == Array(Self.garbage.utf8))
    }
}
