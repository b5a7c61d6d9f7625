import Glibc
import Ledger
import SQLite
import SystemCalls
import TestSupport
import Testing

/// Somebody looks at a report for a long time.
@Suite struct StuckReaderTests {
    @Test(arguments: [[], ["--limit", "2500"]])
    func `a pager does not keep the write-ahead log from being emptied`(options: [String]) throws {
        let fixture = try Fixture()
        let settings = LedgerSettings(path: fixture.ledger, budgetMilliseconds: 60_000)
        let lines = (1...3000).map { number in
            var event = Event(.requested)
            event.deployment = .generate()
            event.number = Int64(number)
            return EventEnvelope(event)
        }
        guard case .written = LedgerWriter(settings).record(lines) else {
            Issue.record("not written")
            return
        }
        let pipe = fixture.directory.file("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        let reader = try FileDescriptor.open(pipe, O_RDONLY | O_NONBLOCK)
        let writer = try FileDescriptor.open(pipe, O_WRONLY)
        let raw = reader.rawValue
        #expect(fcntl(raw, F_SETFL, 0) == 0)
        let child = try ChildProcess(
            [BuiltTool.path("deploystats"), "events", "--format", "ndjson"] + options,
            environment: fixture.environment(), output: writer.rawValue)
        _ = consume writer
        // The pipe is full, so it waits for us.
        #expect(
            eventually {
                var waiting: CInt = 0
                return ioctl(raw, UInt(FIONREAD), &waiting) == 0 && waiting >= 60_000
            })
        guard case .written = LedgerWriter(settings).record([EventEnvelope(Event(.frozen))]) else {
            Issue.record("not written")
            return
        }
        let connection = try Connection(
            path: fixture.ledger, mode: .readWrite, busyTimeoutMilliseconds: 1000)
        #expect(try connection.value("PRAGMA wal_checkpoint(TRUNCATE)") == 0)
        let output = try reader.readToEnd()
        #expect(try child.finish().code == 0)
        let expected = options.isEmpty ? 3001 : 2500
        #expect(output.count { $0 == UInt8(ascii: "\n") } == expected)
    }
}
