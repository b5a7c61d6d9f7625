import DeployLock
import Testing

@Suite struct DeploymentFactsTests {
    private func sample() -> DeploymentFacts {
        var info = DeploymentFacts()
        info.pid = 4711
        info.user = "alice"
        info.number = 42
        info.command = "docker compose up -d"
        info.bootID = "b"
        info.processStart = 99
        return info
    }

    @Test func `JSON facts have the keys others rely on`() {
        #expect(
            String(decoding: sample().json(), as: UTF8.self)
                == #"{"boot_id":"b","command":"docker compose up -d","number":42,"#
                + #""pid":4711,"process_start":99,"user":"alice"}"#)
    }

    @Test func `JSON facts are read back`() {
        #expect(DeploymentFacts(parsing: sample().json()) == sample())
    }

    @Test func `the older text form of facts is read`() throws {
        let text = """
            PID: 123
            User: bob
            Started: 2026-11-02 10:00:00
            Timestamp: 1793613600
            Command: ./deploy.sh --now: yes
            Hostname: web1
            """
        let info = try #require(DeploymentFacts(parsing: Array(text.utf8)))
        #expect(info.pid == 123)
        #expect(info.user == "bob")
        #expect(info.started == "2026-11-02 10:00:00")
        #expect(info.timestamp == 1_793_613_600)
        #expect(info.command == "./deploy.sh --now: yes")
        #expect(info.hostname == "web1")
        #expect(info.process == nil)
    }

    @Test(arguments: ["", "garbage", "\u{0}\u{1}", "{", "[1]"])
    func `text that is neither form of facts is nothing`(_ text: String) {
        #expect(DeploymentFacts(parsing: Array(text.utf8)) == nil)
    }
}
