import Glibc
import SystemCalls
import TestSupport
import Testing

/// `deploystats queue`.
@Suite struct QueueCommandTests {
    @Test func `the queue shows the holder and the waiters in order`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold(
            "a",
            options: ["--tier", "docker", "--source", "gha", "--run-url", "https://ci.example/7"])
        let second = try fixture.queue("bbb")
        let third = try fixture.queue("ccc")
        // What the ledger knows of the holder is written while its command runs.
        #expect(
            eventually { (try? fixture.query("SELECT count(*) FROM deployment")) == ["3"] })
        let table = try fixture.stats("queue")
        #expect(table.code == 0)
        #expect(table.output.hasPrefix("\(fixture.lock): held, 2 waiting\nPOS  NO.  STATE"))
        for row in [
            /-    1  running +\S+  root  gha +docker  - +- +-  +sh -c/,
            /1    2  waiting \(will be superseded by #3\) +\S+ +root .* bbb +ref main +#1 +sh -c/,
            /2    3  waiting +\S+ +root .* ccc +ref main +#2 +sh -c/,
        ] {
            #expect(table.output.contains(row), "\(table.output)")
        }
        let lines = try fixture.stats("queue", "--format", "ndjson").output.split(separator: "\n")
        #expect(lines.count == 3)
        let first = #"{"lock":"\#(fixture.lock)","position":0,"number":1,"state":"running","#
        #expect(lines[0].hasPrefix(first + #""user":"root","actor":"root","source":"gha""#))
        #expect(lines[0].contains(#""run_url":"https://ci.example/7""#))
        #expect(lines[1].contains(#""batch_key":"ref main","superseded_by":3,"since":"20"#))
        #expect(lines[1].contains(#""waiting_for":1,"pid":\#(second.pid)"#))
        let json = try fixture.stats("queue", "--format", "json", "--lock", fixture.lock).output
        #expect(json.contains("\"waiting\": 2"))
        #expect(try fixture.stats("queue", "--format", "csv").output.hasPrefix("lock,position,"))
        fixture.letGo("a")
        for child in [holder, second, third] { #expect(try child.finish().code == 0) }
        #expect(
            try fixture.stats("queue").output == "\(fixture.lock) is free; nobody is waiting.\n")
    }

    @Test func `without a ledger the queue is still shown`() throws {
        let fixture = try Fixture()
        #expect(
            try fixture.stats("queue").output == "\(fixture.lock) is free; nobody is waiting.\n")
        try fixture.breakLedger()
        let holder = try fixture.hold("a")
        let broken = try fixture.stats("queue")
        #expect(broken.code == 0)
        #expect(broken.output.contains("running"))
        #expect(broken.errors.contains("the queue is shown without its details"))
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }

    @Test func `unrecorded processes, orphans and every lock in use are shown`() throws {
        let fixture = try Fixture()
        let orphan = try fixture.hold("a")
        let other = fixture.directory.file("other.lock")
        let elsewhere = try fixture.hold("o", options: ["--lock-file", other])
        #expect(
            eventually { (try? fixture.query("SELECT count(*) FROM deployment")) == ["2"] })
        try fixture.killWrapper(orphan)
        let both = try fixture.stats("queue").output
        #expect(both.contains("\(fixture.lock): running orphan, nobody waiting\n"), "\(both)")
        #expect(both.contains("\(other): held, nobody waiting\n"))
        #expect(try !fixture.stats("queue", "--lock", other).output.contains(fixture.lock))
        fixture.letGo("a")
        fixture.letGo("o")
        #expect(try elsewhere.finish().code == 0)
        #expect(try eventually { try fixture.isFree })
        #expect(try fixture.run(["true"]).code == 0)
        let stranger = try ChildProcess(["flock", fixture.lock, "sleep", "600"])
        #expect(try eventually { try !fixture.isFree })
        let taken = try fixture.stats("queue").output
        #expect(taken.contains("\(fixture.lock): stranger, nobody waiting\n"), "\(taken)")
        #expect(taken.contains(/stranger .* flock/))
        kill(-stranger.pid, SIGKILL)
    }
}
