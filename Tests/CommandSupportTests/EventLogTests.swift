import CommandSupport
import Ledger
import SystemCalls
import TestSupport
import Testing

@Suite struct EventLogTests {
    private let directory: TemporaryDirectory
    private var journal: String { directory.file("journal") }
    private var system: String { directory.file("log") }
    private var log: EventLog {
        EventLog(lock: "/l", sha: "abc", journal: journal, system: system)
    }

    init() throws { directory = try TemporaryDirectory() }

    private func released(_ reason: String? = nil) -> EventEnvelope {
        var event = Event(.released)
        event.deployment = .generate()
        event.number = 42
        event.lock = "/l"
        event.outcome = .failed
        event.reason = reason
        event.endedWith = 69
        return EventEnvelope(event)
    }

    @Test func `the journal gets one entry with fields for each event`() throws {
        let receiver = try DatagramReceiver(at: journal)
        let unused = try DatagramReceiver(at: system)
        let events = [EventEnvelope(Event(.requested)), released("health")]
        log.write(events)
        let entries = receiver.take().map { String(decoding: $0, as: UTF8.self) }
        try #require(entries.count == 2)
        let lines = entries[1].split(separator: "\n").map(String.init)
        for line in [
            "MESSAGE=#42 released: failed, health, exit code 69", "PRIORITY=3",
            "SYSLOG_IDENTIFIER=deploy-with-lock", "DEPLOY_EVENT=released", "DEPLOY_NUMBER=42",
            "DEPLOY_LOCK=/l", "DEPLOY_OUTCOME=failed", "DEPLOY_REASON=health", "DEPLOY_SHA=abc",
            "DEPLOY_ENDED_WITH=69", "DEPLOY_EVENT_ID=\(events[1].event.id)",
        ] { #expect(lines.contains(line), "\(line) is not in \(lines)") }
        #expect(!entries[1].contains("DEPLOY_TIER"))
        #expect(unused.take().isEmpty)
    }

    @Test func `a value of several lines goes with its length`() throws {
        let receiver = try DatagramReceiver(at: journal)
        log.write([released("one\ntwo")])
        let entry = try #require(receiver.take().first)
        let expected =
            Array("DEPLOY_REASON\n".utf8) + [7, 0, 0, 0, 0, 0, 0, 0] + Array("one\ntwo\n".utf8)
        #expect(entry.indices.contains { entry[$0...].starts(with: expected) })
    }

    @Test func `a value without end is cut`() throws {
        let receiver = try DatagramReceiver(at: journal)
        log.write([released(String(repeating: "x", count: 4 << 20))])
        let entry = try #require(receiver.take().first)
        #expect(entry.count < 16 << 10)
    }

    @Test func `where there is no journal syslog gets a line`() throws {
        let receiver = try DatagramReceiver(at: system)
        log.write([released("a\nb")])
        let line = String(decoding: try #require(receiver.take().first), as: UTF8.self)
        #expect(line.hasPrefix("<11>deploy-with-lock["), "\(line)")
        #expect(line.contains("]: #42 released: failed, "), "\(line)")
        #expect(line.contains(" DEPLOY_NUMBER=42 ") && !line.contains("\n"))
    }

    @Test func `nobody who listens, and one who takes nothing, are no trouble`() throws {
        log.write([released()])
        let receiver = try DatagramReceiver(at: journal)
        // Many more than the socket holds.
        for _ in 0..<5_000 { log.write([released()]) }
        #expect(receiver.take().count < 5_000)
    }
}
