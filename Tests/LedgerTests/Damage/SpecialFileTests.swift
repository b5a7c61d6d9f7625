import Glibc
import Ledger
import SystemCalls
import TestSupport
import Testing

/// Names around a ledger that stand for something other than a file.
@Suite struct SpecialFileTests {
    enum Kind: CaseIterable {
        case pipe, directory, link, socket

        func make(_ path: String) throws {
            switch self {
            case .pipe: #expect(mkfifo(path, 0o600) == 0)
            case .directory: try FileSystem.makeDirectory(path, mode: 0o700)
            case .link: #expect(symlink("/dev/zero", path) == 0)
            case .socket: #expect(mknod(path, S_IFSOCK | 0o600, 0) == 0)
            }
        }
    }

    let ledger: TestLedger
    let line = EventEnvelope(TestLedger.requested(.generate(), number: 1))

    init() throws {
        ledger = try TestLedger()
        try ledger.makeDirectory()
    }

    @Test(arguments: ["", "-wal", "-shm", ".lock"], Kind.allCases)
    func `a special file leads to the spool, with the reason`(
        suffix: String, kind: Kind
    ) throws {
        let path = ledger.path + suffix
        try kind.make(path)
        let result = ledger.hasty.record([line])
        guard case .spooled(ledger.spool, let reason) = result else {
            Issue.record("not spooled: \(result)")
            return
        }
        #expect(reason.contains("\(path) is "), "\(reason)")
        #expect(reason.contains("a regular file"), "\(reason)")
        #expect(throws: LedgerError.self) { try LedgerReader(path: ledger.path) }
        if kind == .directory { rmdir(path) } else { try FileSystem.unlink(path) }
        #expect(ledger.writer.record([]).seq == 1)
    }

    @Test(arguments: Kind.allCases)
    func `special files in the spool are set aside and the rest is drained`(kind: Kind) throws {
        try FileSystem.makeDirectories(ledger.spool, mode: 0o700)
        try kind.make(ledger.spool + "/0.event")
        try ledger.write(line.text, to: ledger.spool + "/1.event")
        #expect(ledger.writer.record([]).seq == 1)
        #expect(!FileSystem.exists(ledger.spool + "/0.event"))
    }
}
