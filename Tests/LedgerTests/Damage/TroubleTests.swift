import Glibc
import SQLite
import SystemCalls
import TestSupport
import Testing

@testable import Ledger

/// Whatever is wrong with the ledger, an event is safe and nobody waits long for it.
@Suite struct TroubleTests {
    /// Far above the budget, far below forever: the machine may be busy.
    static let patience: Int64 = 5_000_000

    let ledger: TestLedger
    let line = EventEnvelope(TestLedger.requested(.generate(), number: 1))

    init() throws { ledger = try TestLedger() }

    private func expectSpooled(
        _ result: RecordResult, in directory: String? = nil, because words: String
    ) {
        guard case .spooled(let place, let reason) = result else {
            Issue.record("not spooled: \(result)")
            return
        }
        #expect(place == directory ?? ledger.spool)
        #expect(reason.contains(words), "\(reason)")
    }

    @Test func `a missing directory is created, for us alone`() throws {
        #expect(ledger.writer.record([line]).seq == 1)
        let state = ledger.directory.file("state")
        #expect(try FileSystem.status(state).permissions == 0o700)
        for name in try FileSystem.entries(of: state) {
            #expect(try FileSystem.status(state + "/" + name).permissions == 0o600, "\(name)")
        }
    }

    @Test func `a directory shared by a group makes files shared by it, whatever the umask`()
        throws
    {
        let state = ledger.directory.file("state")
        try FileSystem.makeDirectories(state, mode: 0o2770)
        #expect(ledger.writer.record([line]).seq == 1)
        let names = try FileSystem.entries(of: state)
        #expect(
            names.sorted() == ["ledger.db", "ledger.db-shm", "ledger.db-wal", "ledger.db.lock"])
        for name in names {
            #expect(try FileSystem.status(state + "/" + name).permissions == 0o660, "\(name)")
        }
        let claim = ledger.writer.claimWaiting()
        _ = ledger.hasty.record([EventEnvelope(TestLedger.requested(.generate(), number: 2))])
        _ = consume claim
        #expect(try FileSystem.status(ledger.spool).permissions == 0o2770)
        let name = try #require(try FileSystem.entries(of: ledger.spool).first)
        #expect(try FileSystem.status(ledger.spool + "/" + name).permissions == 0o660)
    }

    @Test func `another writer costs the budget and no more`() throws {
        #expect(ledger.writer.record([line]).seq == 1)
        let other = try Connection(path: ledger.path, mode: .readWrite, busyTimeoutMilliseconds: 0)
        try other.execute("BEGIN IMMEDIATE")
        let start = Clock.monotonicMicroseconds()
        let late = EventEnvelope(TestLedger.acquired(.generate(), number: 1))
        expectSpooled(ledger.hasty.record([late]), because: "locked by another process")
        #expect(Clock.monotonicMicroseconds() - start < Self.patience)
        try other.execute("ROLLBACK")
        #expect(ledger.writer.record([]).seq == 2)
    }

    @Test func `a held lock file costs the budget and no more`() throws {
        try ledger.makeDirectory()
        let held = try FileDescriptor.open(ledger.path + ".lock", O_RDWR | O_CREAT, mode: 0o600)
        try held.lock(.exclusive)
        if ledger.writer.claim() != nil { Issue.record("claimed what is locked") }
        let start = Clock.monotonicMicroseconds()
        expectSpooled(ledger.hasty.record([line]), because: "locked by another process")
        #expect(Clock.monotonicMicroseconds() - start < Self.patience)
        try held.unlock()
        #expect(ledger.writer.record([]).seq == 1)
    }

    @Test func `a database that is locked while it is created costs the budget and no more`()
        throws
    {
        try ledger.makeDirectory()
        let other = try Connection(path: ledger.path, mode: .create, busyTimeoutMilliseconds: 0)
        try other.execute("BEGIN EXCLUSIVE")
        let start = Clock.monotonicMicroseconds()
        expectSpooled(ledger.hasty.record([line]), because: "locked by another process")
        #expect(Clock.monotonicMicroseconds() - start < Self.patience)
        try other.execute("ROLLBACK")
        #expect(ledger.writer.record([]).seq == 1)
    }

    @Test func `garbage is set aside and a new ledger continues`() throws {
        #expect(ledger.writer.record([]).seq == 0)
        try ledger.shell("PRAGMA wal_checkpoint(TRUNCATE)")
        try ledger.write(String(repeating: "garbage ", count: 2000), to: ledger.path)
        #expect(ledger.writer.record([line]).seq == 2)
        let first = try #require(
            try ledger.records().first.flatMap { EventEnvelope(text: $0 + "\n") })
        #expect(first.kind == .continued)
        let aside = try #require(first.event.previousFile)
        #expect(aside.hasPrefix(ledger.path + ".corrupt-"))
        #expect(try FileSystem.read(aside).starts(with: "garbage garbage".utf8))
        // Whole in itself, and still not all there was.
        let problems = try LedgerVerifier(ledger.settings).verify().problems
        #expect(
            problems.count == 1 && problems[0].what.contains("the ledger was started over after"))
    }

    @Test func `a damaged ledger is set aside with its head`() throws {
        for _ in 1...3 {
            _ = ledger.writer.record([.init(TestLedger.requested(.generate(), number: 1))])
        }
        try ledger.shell("PRAGMA wal_checkpoint(TRUNCATE)")
        let head = try LedgerReader(path: ledger.path).head()
        // The root page of the index by id, which every append reads.
        let page = try LedgerReader(path: ledger.path).connection.value(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'event_by_id'")
        let offset = Int(try #require(page?.integer) - 1) * 4096
        try FileDescriptor.open(ledger.path, O_RDWR)
            .write([UInt8](repeating: 0xff, count: 4096), at: offset)
        let result = ledger.writer.record([line])
        #expect(result.seq == 2, "\(result)")
        let first = try #require(
            try ledger.records().first.flatMap { EventEnvelope(text: $0 + "\n") })
        #expect(first.event.previousHead == head.description)
    }

    @Test func `a file of another kind is never moved`() throws {
        let path = ledger.directory.file("notes.txt")
        try ledger.write("not a database, and not ours", to: path)
        let settings = LedgerSettings(path: path, spoolRoots: ledger.settings.spoolRoots)
        expectSpooled(LedgerWriter(settings).record([line]), because: "is not a ledger")
        let content = try FileSystem.read(path)
        #expect(String(decoding: content, as: UTF8.self) == "not a database, and not ours")
    }

    @Test func `a database of somebody else is never touched`() throws {
        try ledger.makeDirectory()
        try Connection(path: ledger.path, mode: .create, busyTimeoutMilliseconds: 0)
            .execute("CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)")
        let before = try FileSystem.read(ledger.path)
        expectSpooled(ledger.hasty.record([line]), because: "is not a ledger")
        #expect(try FileSystem.read(ledger.path) == before)
        #expect(throws: LedgerError.notALedger(path: ledger.path)) {
            try LedgerReader(path: ledger.path)
        }
    }

    @Test func `zero bytes are a new ledger`() throws {
        try ledger.makeDirectory()
        try ledger.write("", to: ledger.path)
        #expect(throws: LedgerError.empty(path: ledger.path)) {
            try LedgerReader(path: ledger.path)
        }
        #expect(ledger.writer.record([line]).seq == 1)
    }

    @Test func `a log without its database is set aside, not deleted`() throws {
        #expect(ledger.writer.record([line]).seq == 1)
        #expect(try FileSystem.status(ledger.path + "-wal").size > 0)
        try FileSystem.unlink(ledger.path)
        let again = EventEnvelope(TestLedger.acquired(.generate(), number: 1))
        #expect(ledger.writer.record([again]).seq == 2)
        let names = try FileSystem.entries(of: ledger.directory.file("state"))
        #expect(names.contains { $0.contains(".corrupt-") && $0.hasSuffix("-wal") })
    }

    @Test func `a newer schema is left to newer programs`() throws {
        #expect(ledger.writer.record([line]).seq == 1)
        try ledger.shell("PRAGMA user_version = 99")
        let late = EventEnvelope(TestLedger.acquired(.generate(), number: 1))
        expectSpooled(ledger.hasty.record([late]), because: "has schema 99")
        let error = try #require(throws: LedgerError.self) { try LedgerReader(path: ledger.path) }
        #expect(error.description.contains("install the newer version"))
        try ledger.shell("PRAGMA user_version = \(Migrator.knownVersion)")
        #expect(ledger.writer.record([]).seq == 2)
    }

    @Test func `a ledger path that is a directory is reported as one`() throws {
        try FileSystem.makeDirectories(ledger.path, mode: 0o700)
        expectSpooled(ledger.hasty.record([line]), because: "cannot be used")
        let error = try #require(throws: LedgerError.self) { try LedgerReader(path: ledger.path) }
        #expect(error.description.contains("it is a directory"))
    }

    @Test func `a missing ledger is reported as missing`() throws {
        let error = try #require(throws: LedgerError.self) { try LedgerReader(path: ledger.path) }
        #expect(error.description.contains("there is no ledger at \(ledger.path)"))
    }

    @Test func `when no disk takes it the caller is told`() throws {
        let settings = LedgerSettings(
            path: "/proc/none/ledger.db", spoolRoots: ["/proc/none/spool"])
        let result = LedgerWriter(settings).record([line])
        #expect(!result.isDurable)
        #expect(result.warning != nil)
    }

    @Test func `events that cannot be stored anywhere are handed back whole`() throws {
        let detailed = EventEnvelope(
            TestLedger.requested(.generate(), number: 1), detail: EventDetail(command: ["make"]))
        let words = RecordResult.lost([detailed, line], reason: "nothing works").words
        #expect(words.count == 4)
        #expect(words[0].contains("nothing works"))
        let told = words.dropFirst().map { $0.dropFirst("event: ".count) + "\n" }
        #expect(told.joined() == detailed.text + line.text)
        #expect(RecordResult.syslog(reason: "r").words.count == 1)
    }

    @Test func `a ledger where anybody may make the directory is used only when it is ours alone`()
        throws
    {
        var settings = ledger.settings
        settings.isFallback = true
        let writer = LedgerWriter(settings)
        try ledger.makeDirectory()
        let state = ledger.directory.file("state")
        for mode in [0o777, 0o770] as [mode_t] {
            chmod(state, mode)
            let second = ledger.settings.spoolRoots[1]
            expectSpooled(writer.record([line]), in: second, because: "others can write in")
            #expect(!FileSystem.exists(ledger.path))
        }
        chmod(state, 0o700)
        if geteuid() == 0 {
            chown(state, 65534, 65534)
            expectSpooled(
                writer.record([line]), in: ledger.settings.spoolRoots[1], because: "is not ours")
            chown(state, 0, 0)
        }
        #expect(writer.record([line]).seq == 1)
    }

    @Test(.enabled(if: Mount.isPossible, "needs to be root and to mount"))
    func `a read-only file system lets events go to the next spool`() throws {
        let mount = try Mount(ledger.directory.file("state"), options: "size=1m")
        #expect(ledger.writer.record([line]).seq == 1)
        try mount.makeReadOnly()
        let late = EventEnvelope(TestLedger.acquired(.generate(), number: 1))
        let second = ledger.settings.spoolRoots[1]
        expectSpooled(ledger.hasty.record([late]), in: second, because: "cannot be used")
    }

    @Test(.enabled(if: Mount.isPossible, "needs to be root and to mount"))
    func `a full disk lets events go to the next spool and they come back`() throws {
        let mount = try Mount(ledger.directory.file("state"), options: "size=512k")
        #expect(ledger.writer.record([line]).seq == 1)
        let ballast = ledger.directory.file("state/ballast")
        let file = try FileDescriptor.open(ballast, O_WRONLY | O_CREAT, mode: 0o600)
        while (try? file.write([UInt8](repeating: 1, count: 4096))) != nil {}
        while (try? file.write([1])) != nil {}
        let late = EventEnvelope(TestLedger.acquired(.generate(), number: 1))
        let result = ledger.writer.record([late])
        guard case .spooled(ledger.settings.spoolRoots[1], _) = result else {
            Issue.record("\(result)")
            return
        }
        try FileSystem.unlink(ballast)
        // The open file keeps its blocks until it is closed.
        _ = consume file
        let next = EventEnvelope(TestLedger.requested(.generate(), number: 2))
        #expect(ledger.writer.record([next]).seq == 3)
        #expect(try ledger.records() == [line, late, next].map(\.record))
        #expect(try LedgerVerifier(ledger.settings).verify().isWhole)
        _ = consume mount
    }
}

/// A small file system in memory, unmounted with the value.
final class Mount: Sendable {
    static let isPossible: Bool = {
        guard geteuid() == 0, let directory = try? TemporaryDirectory() else { return false }
        return (try? Mount(directory.file("try"), options: "size=64k")) != nil
    }()

    private let path: String

    init(_ path: String, options: String) throws(SystemError) {
        self.path = path
        try FileSystem.makeDirectories(path, mode: 0o700)
        guard mount("none", path, "tmpfs", 0, options + ",mode=700") == 0 else {
            throw SystemError("mount", path)
        }
    }

    func makeReadOnly() throws(SystemError) {
        guard mount("none", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), "") == 0
        else { throw SystemError("mount", path) }
    }

    deinit { umount2(path, CInt(MNT_DETACH)) }
}
