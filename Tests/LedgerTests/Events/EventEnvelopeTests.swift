import JSON
import Testing

@testable import Ledger

@Suite struct EventEnvelopeTests {
    @Test func `a record has sorted keys, no spaces and nothing absent`() throws {
        let id = try #require(EventID("018bcfe5-6800-7000-8000-000000000001"))
        let deployment = try #require(EventID("018bcfe5-6800-7000-8000-000000000002"))
        var event = Event(.released, id: id, atUs: 1_700_000_000_000_000, monoUs: 5, host: "web-1")
        event.deployment = deployment
        event.number = 42
        event.lock = "/var/lock/deploy.lock"
        event.exitCode = 0
        event.outcome = .succeeded
        event.reason = "a \"quote\" \\ \n\u{1} ö"
        let expected =
            #"{"at_us":1700000000000000,"deployment":"018bcfe5-6800-7000-8000-000000000002","#
            + #""exit_code":0,"host":"web-1","id":"018bcfe5-6800-7000-8000-000000000001","#
            + #""kind":"released","lock":"/var/lock/deploy.lock","mono_us":5,"number":42,"#
            + #""outcome":"succeeded","reason":"a \"quote\" \\ \n\u0001 ö","v":1}"#
        let line = EventEnvelope(event)
        #expect(line.record == expected)
        #expect(line.event == event)
        #expect(CanonicalMembers(Array(line.record.utf8)) != nil)
    }

    @Test func `every field survives the way to text and back`() throws {
        var event = TestLedger.requested(.generate(), number: 1)
        event.uid = 0
        event.pidNS = 4_026_531_836
        event.login = "ann"
        event.sudoUser = "ann"
        event.claimedActor = "dora"
        event.sha = "abc"
        event.ref = "main"
        event.batchKey = "ref main"
        event.queue = [1, 2]
        event.coveredBy = .generate()
        event.coveredByNumber = 8
        event.runURL = "https://ci/1"
        event.runAttempt = 2
        event.runEvent = "push"
        event.workflow = "deploy"
        event.committedAtUs = 10
        event.waitUs = 1
        event.heldUs = 2
        event.exitCode = 3
        event.signal = 9
        event.outcome = .failed
        event.reason = "r"
        event.lastAliveUs = 4
        event.recordedBy = .generate()
        event.client = "10.0.0.5"
        event.victim = "holder"
        event.victimPid = 5
        event.waiting = 6
        event.result = "killed"
        event.nextNumber = 7
        event.previousFile = "/a"
        event.previousHead = "1:00"
        event.previousLedger = "00"
        event.settles = .generate()
        event.missingDetails = [1, 3]
        event.detailHash = "00"
        (event.endedWith, event.commandUs, event.healthUs, event.rollbackUs) = (69, 11, 12, 13)
        (event.frozenUs, event.health, event.rollback) = (14, "unhealthy", "done")
        event.notReached = ["rollback"]
        (event.attempt, event.attempts, event.tookUs, event.failedStep) = (1, 3, 15, "health")
        (event.lastGoodSha, event.lastGoodNumber, event.limitUs) = ("abc", 16, 17)
        (event.freeze, event.untilUs) = (.generate(), 18)
        (event.overrode, event.overrideReason) = (["f"], "hotfix")
        (event.logFile, event.logBytes, event.logHash) = ("/l", 19, "00")
        #expect(EventEnvelope(event).event == event)
        let nils = Mirror(reflecting: event).children.filter { "\($0.value)" == "nil" }
        #expect(nils.compactMap(\.label) == [])
    }

    @Test func `line and detail belong together`() throws {
        let detail = EventDetail(command: ["deploy", "--token", "abc"], message: "line\nbreak")
        let line = EventEnvelope(TestLedger.requested(.generate(), number: 1), detail: detail)
        #expect(line.detail == #"{"command":["deploy","--token","***"],"message":"line\nbreak"}"#)
        #expect(line.text.split(separator: "\n").count == 2)
        #expect(EventEnvelope(text: line.text) == line)
        #expect(EventEnvelope(text: line.text.replacing("deploy\\", with: "other\\")) == nil)
        #expect(EventEnvelope(text: line.record + "\n")?.detail == nil)
    }

    @Test func `huge details are cut, not refused`() throws {
        let command = ["sh"] + [String](repeating: String(repeating: "ä", count: 9000), count: 50)
        let line = EventEnvelope(
            TestLedger.requested(.generate(), number: 1), detail: EventDetail(command: command))
        let size = try #require(line.detail?.utf8.count)
        #expect(size < 80_000)
        #expect(EventEnvelope(text: line.text) == line)
    }

    @Test(arguments: [
        "", "\n", "{}\n", "not json\n", #"{"v":1}"#, "a\nb\nc\nd\n",
        #"{"at_us":1,"host":"h","id":"nonsense","kind":"requested","mono_us":1,"v":1}"# + "\n",
    ])
    func `a text that is not an event line is refused`(text: String) {
        #expect(EventEnvelope(text: text) == nil)
    }

    @Test func `deep nesting is not an event line, in the record or beside it`() {
        let deep = String(repeating: "[", count: 400_000)
        #expect(EventEnvelope(text: "{\"a\":\(deep)\n") == nil)
        let record = EventEnvelope(TestLedger.requested(.generate(), number: 1)).record
        #expect(EventEnvelope(text: "\(record)\n{\"detail\":\(deep)\n") == nil)
    }
}
