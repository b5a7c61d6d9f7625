import Glibc
import SystemCalls
import TestSupport
import Testing

@testable import Ledger

/// No file in a spool keeps the others from the ledger.
@Suite struct DrainTests {
    let ledger: TestLedger
    let line = EventEnvelope(TestLedger.requested(.generate(), number: 1))

    init() throws {
        ledger = try TestLedger()
        try FileSystem.makeDirectories(ledger.spool, mode: 0o700)
    }

    private func put(_ text: String, _ name: String) throws {
        try ledger.write(text, to: "\(ledger.spool)/\(name)")
    }

    private func names() throws -> [String] { try FileSystem.entries(of: ledger.spool).sorted() }

    @Test(arguments: [4_100_000, EventEnvelope.longest - 100, EventEnvelope.longest])
    func `the largest file there can be is taken, or set aside`(size: Int) throws {
        var event = TestLedger.requested(.generate(), number: 1)
        event.reason = ""
        let rest = EventEnvelope(event).text.utf8.count
        event.reason = String(repeating: "x", count: size - rest)
        try put(EventEnvelope(event).text, "0.event")
        try put(line.text, "1.event")
        guard case .written = ledger.writer.record([]) else {
            Issue.record("not written")
            return
        }
        #expect(try names().allSatisfy { !$0.hasSuffix(".event") })
        #expect(try ledger.records().contains(line.record))
        #expect(try LedgerVerifier(ledger.settings).verify().isWhole)
    }

    @Test func `an event whose detail the ledger refuses leaves no half of it`() throws {
        let salt = [UInt8](repeating: 1, count: 16)
        var event = TestLedger.requested(.generate(), number: 1)
        event.detailHash = Chain.detailHash(salt: salt, detail: "no json".utf8)
        let attachment = #"{"detail":"no json","salt":"\#(Hexadecimal.encode(salt))"}"#
        try put("\(EventEnvelope(event).record)\n\(attachment)\n", "0.event")
        try put(line.text, "1.event")
        #expect(ledger.writer.record([]).seq == 1)
        #expect(try ledger.records() == [line.record])
        #expect(try names() == ["0.event.rejected"])
        #expect(try LedgerVerifier(ledger.settings).verify().isWhole)
    }

    @Test func `1200 files that cannot be read block neither drain nor sweep`() throws {
        let dead = EventID.generate()
        _ = ledger.writer.record([EventEnvelope(TestLedger.requested(dead, number: 1))])
        for index in 0..<1200 {
            try put("", "0\(index).event")
            let path = "\(ledger.spool)/0\(index).event"
            // Nobody's for root; for others what they may not read.
            chmod(path, geteuid() == 0 ? 0o606 : 0)
            if geteuid() == 0 { chown(path, 65534, 65534) }
        }
        try put(line.text, "1.event")
        let sweep = Sweep(
            host: "host", lock: "/tmp/a.lock", recordedBy: nil,
            isDead: { $0.deployment == dead }, leftovers: { Leftovers() })
        guard case .written(_, let drained, let swept, _) = ledger.writer.record([], sweep: sweep)
        else {
            Issue.record("not written")
            return
        }
        #expect(drained == 1)
        #expect(swept.map(\.deployment) == [dead])
    }

    @Test func `a file of a later version waits for it and delays nobody`() throws {
        let dead = EventID.generate()
        _ = ledger.writer.record([EventEnvelope(TestLedger.requested(dead, number: 1))])
        let record = EventEnvelope(TestLedger.acquired(dead, number: 1)).text
        let released = EventEnvelope(TestLedger.released(dead, number: 1)).text
        try put(record.replacing(#""v":1"#, with: #""v":2"#), "0.event")
        try put(record.replacing(#""kind":"acquired""#, with: #""kind":"approved""#), "1.event")
        try put(released.replacing(#":"succeeded""#, with: #":"blessed""#), "2.event")
        try put(line.text, "3.event")
        let sweep = Sweep(
            host: "host", lock: "/tmp/a.lock", recordedBy: nil,
            isDead: { $0.deployment == dead }, leftovers: { Leftovers() })
        guard case .written(_, let drained, let swept, _) = ledger.writer.record([], sweep: sweep)
        else {
            Issue.record("not written")
            return
        }
        #expect(drained == 1)
        // Its own word is still to come.
        #expect(swept == [])
        #expect(try names() == ["0.event", "1.event", "2.event"])
    }

    @Test func `a line in a ticket that the ledger refuses is kept and delays nobody`() throws {
        var event = TestLedger.requested(.generate(), number: 1)
        _ = ledger.writer.record([EventEnvelope(event)])
        event.number = 2
        let contradiction = EventEnvelope(event)
        let sweep = Sweep(
            host: "host", lock: "/tmp/a.lock", recordedBy: nil, isDead: { _ in false },
            leftovers: { Leftovers(pending: [contradiction]) })
        // Its deployment is dead and closed all the same.
        #expect(ledger.writer.record([line], sweep: sweep).seq == 3)
        #expect(ledger.writer.record([]).seq == 3)
        #expect(try names() == ["\(Spool.name(of: contradiction)).rejected"])
    }
}
