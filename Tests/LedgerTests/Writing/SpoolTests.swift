import Glibc
import Ledger
import SystemCalls
import TestSupport
import Testing

@Suite struct SpoolTests {
    let ledger: TestLedger

    init() throws { ledger = try TestLedger() }

    /// Keeps everybody else from writing while `body` runs.
    ///
    /// A test that starts a process at the same time shares our last claim with it until its exec.
    private func whileClaimed(_ body: () throws -> Void) rethrows {
        let claim = ledger.writer.claimWaiting()
        if claim == nil { Issue.record("somebody else writes") }
        try body()
        _ = consume claim
    }

    @Test func `events that cannot be written are spooled and drained in order, once`() throws {
        let deployment = EventID.generate()
        let lines = [
            EventEnvelope(
                TestLedger.requested(deployment, number: 1),
                detail: EventDetail(command: ["make"])),
            EventEnvelope(TestLedger.acquired(deployment, number: 1)),
            EventEnvelope(TestLedger.released(deployment, number: 1)),
        ]
        try whileClaimed {
            for line in lines {
                let result = ledger.hasty.record([line])
                guard case .spooled(let directory, let reason) = result else {
                    Issue.record("not spooled: \(result)")
                    return
                }
                #expect(directory == ledger.spool)
                #expect(reason.contains("locked by another process"))
            }
            let names = try FileSystem.entries(of: ledger.spool).sorted()
            #expect(
                names
                    == lines.map { "\($0.id).\(deployment).\($0.kind.rawValue).event" })
            #expect(
                try FileSystem.status(ledger.spool + "/" + names[0]).permissions & 0o077 == 0)
        }
        let last = EventEnvelope(TestLedger.requested(.generate(), number: 2))
        let result = ledger.writer.record([last])
        guard case .written(let head, let drained, _, _) = result else {
            Issue.record("not written: \(result)")
            return
        }
        #expect(head.seq == 4)
        #expect(drained == 3)
        #expect(try FileSystem.entries(of: ledger.spool) == [])
        #expect(try ledger.records() == (lines + [last]).map(\.record))
        #expect(try LedgerVerifier(ledger.settings).verify().isWhole)
    }

    @Test func `an event that is in the ledger already is only removed from the spool`() throws {
        let line = EventEnvelope(TestLedger.requested(.generate(), number: 1))
        _ = ledger.writer.record([line])
        whileClaimed { _ = ledger.hasty.record([line]) }
        #expect(try FileSystem.entries(of: ledger.spool).count == 1)
        #expect(ledger.writer.record([]).seq == 1)
        #expect(try FileSystem.entries(of: ledger.spool) == [])
    }

    @Test func `a file that is not an event is set aside and makes nobody wait`() throws {
        let line = EventEnvelope(TestLedger.requested(.generate(), number: 1))
        whileClaimed { _ = ledger.hasty.record([line]) }
        for name in ["0.event", "z.event"] {
            try ledger.write("garbage", to: "\(ledger.spool)/\(name)")
        }
        #expect(ledger.writer.record([]).seq == 1)
        #expect(
            try FileSystem.entries(of: ledger.spool).sorted()
                == ["0.event.rejected", "z.event.rejected"])
        let report = try LedgerVerifier(ledger.settings).verify()
        #expect(report.waiting == 0)
        #expect(report.setAside == 2)
    }

    @Test func `an event that contradicts the ledger is set aside`() throws {
        var event = TestLedger.requested(.generate(), number: 1)
        _ = ledger.writer.record([EventEnvelope(event)])
        event.number = 2
        whileClaimed { _ = ledger.hasty.record([EventEnvelope(event)]) }
        #expect(ledger.writer.record([]).seq == 1)
        #expect(try FileSystem.entries(of: ledger.spool).allSatisfy { $0.hasSuffix(".rejected") })
    }

    @Test func `links, pipes and unfinished files are never read`() throws {
        try FileSystem.makeDirectories(ledger.spool, mode: 0o700)
        let elsewhere = ledger.directory.file("elsewhere")
        try ledger.write(
            EventEnvelope(TestLedger.requested(.generate(), number: 1)).text, to: elsewhere)
        symlink(elsewhere, ledger.spool + "/a.event")
        mkfifo(ledger.spool + "/b.event", 0o600)
        try ledger.write("x", to: ledger.spool + "/.c.tmp")
        #expect(ledger.writer.record([]).seq == 0)
        let names = try FileSystem.entries(of: ledger.spool)
        #expect(names.contains(".c.tmp"))
        #expect(names.contains("a.event.rejected"))
        #expect(FileSystem.exists(elsewhere))
    }

    @Test func `drafts of the dead are removed, those of the living are not`() throws {
        try FileSystem.makeDirectories(ledger.spool, mode: 0o700)
        let then = timespec(tv_sec: time(nil) - 3600, tv_nsec: 0)
        // The last one as earlier versions named it.
        for name in [".living.1.tmp", ".dead.2.tmp", ".0190.4711.tmp"] {
            let path = ledger.spool + "/" + name
            try ledger.write("x", to: path)
            #expect(utimensat(AT_FDCWD, path, [then, then], 0) == 0)
        }
        try ledger.write("x", to: ledger.spool + "/.new.3.tmp")
        let living = try FileDescriptor.open(ledger.spool + "/.living.1.tmp", O_RDWR)
        #expect(try living.tryLock(.exclusive))
        _ = ledger.writer.record([])
        #expect(
            try FileSystem.entries(of: ledger.spool).sorted() == [".living.1.tmp", ".new.3.tmp"])
    }

    @Test func `a draft abandoned a moment ago is removed by the next writer`() throws {
        try FileSystem.makeDirectories(ledger.spool, mode: 0o700)
        // As this version names them.
        for name in [".living.0123456789abcdef.tmp", ".dead.0123456789abcdef.tmp"] {
            try ledger.write("x", to: ledger.spool + "/" + name)
        }
        let path = ledger.spool + "/.living.0123456789abcdef.tmp"
        let living = try FileDescriptor.open(path, O_RDWR)
        #expect(try living.tryLock(.exclusive))
        _ = ledger.writer.record([])
        #expect(
            try FileSystem.entries(of: ledger.spool) == [".living.0123456789abcdef.tmp"])
    }

    @Test func `a spool in a shared place is used only when it is ours alone`() throws {
        // A file in the way of the first root, so that the second one is next.
        try FileSystem.makeDirectories(ledger.directory.file("state"), mode: 0o700)
        try ledger.write("", to: ledger.spool)
        let shared = ledger.settings.spoolRoots[1]
        let line = EventEnvelope(TestLedger.requested(.generate(), number: 1))
        whileClaimed {
            guard case .spooled(shared, _) = ledger.hasty.record([line]) else {
                Issue.record("not spooled")
                return
            }
        }
        chmod(shared, 0o777)
        #expect(ledger.writer.record([]).seq == 0)
        chmod(shared, 0o700)
        #expect(ledger.writer.record([]).seq == 1)
    }

    @Test func `a long spool is drained over several appends`() throws {
        // More than one append takes.
        let lines = (1...1100).map {
            EventEnvelope(TestLedger.requested(.generate(), number: $0))
        }
        whileClaimed { _ = ledger.hasty.record(lines) }
        #expect(ledger.writer.record([]).seq == 1000)
        #expect(ledger.writer.record([]).seq == 1100)
        #expect(try ledger.records() == lines.map(\.record))
    }
}
