import Glibc
import Ledger
import SystemCalls
import TestSupport
import Testing

/// What the dead left in their tickets.
@Suite struct StaleTicketsTests {
    @Test(arguments: [
        (#""kind":"nested""#, #""kind":"approved""#, true), (#""v":1"#, #""v":2"#, true),
        (#""v":1"#, #""v":"#, false),
    ])
    func `a ticket is kept until all of it can be read`(old: String, new: String, isNewer: Bool)
        throws
    {
        let fixture = try Fixture()
        let dead = try fixture.hold("a")
        let name = try #require(fixture.tickets.first)
        let id = try #require(
            fixture.read("deploy.lock.queue/\(name)").split(separator: #""deployment":""#)
                .dropFirst().first?.prefix(36))
        Glibc.kill(-dead.pid, SIGKILL)
        _ = try dead.finish()
        var event = Event(.nested)
        event.deployment = EventID(String(id))
        let line = EventEnvelope(event).text
        let text = fixture.read("deploy.lock.queue/\(name)")
        fixture.write(
            "deploy.lock.queue/\(name)", text + "event " + line.replacing(old, with: new))
        for _ in 1...2 { #expect(try fixture.run(["true"]).code == 0) }
        #expect(fixture.tickets == [name])
        #expect(
            try fixture.query("SELECT coalesce(outcome, 'in flight') FROM deployment WHERE n = 1")
                == [isNewer ? "in flight" : "orphaned"])
        // As if the version came by that understands it.
        fixture.write("deploy.lock.queue/\(name)", text + "event " + line)
        #expect(try fixture.run(["true"]).code == 0)
        #expect(fixture.tickets == [])
        #expect(
            try fixture.query("SELECT outcome FROM deployment WHERE n = 1") == ["orphaned"])
        #expect(try fixture.query("SELECT count(*) FROM event WHERE kind = 'nested'") == ["1"])
    }
}
