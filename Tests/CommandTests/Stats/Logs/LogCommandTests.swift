import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite struct LogCommandTests {
    @Test func `the output of a deployment is found by number, id and directory`() throws {
        let fixture = try Fixture()
        #expect(try fixture.keep("echo one; exit 2").code == 2)
        #expect(try fixture.keep("echo two").code == 0)
        try fixture.settle()
        #expect(try fixture.stats("log", "1").output == "one\n")
        #expect(try fixture.stats("log", "#2").output == "two\n")
        let id = try #require(fixture.query("SELECT id FROM deployment WHERE number = 2").first)
        #expect(try fixture.stats("log", id).output == "two\n")
        // Without a ledger.
        let without = ["DEPLOY_LEDGER": fixture.directory.file("none.db")]
        #expect(
            try fixture.stats("log", "1", "--log-dir", fixture.logs, environment: without).output
                == "one\n")
        let configured = without.merging(["DEPLOY_LOG_DIR": fixture.logs]) { $1 }
        #expect(try fixture.stats("log", id, environment: configured).output == "two\n")
    }

    @Test func `what acts on a terminal is made harmless, or left as it is`() throws {
        let fixture = try Fixture()
        let script =
            #"printf 'a\033[31mred\033[0m\033]0;title\007\r\n10%%\r20%%\r\n\377\000z\n'; exit 1"#
        let result = try fixture.keep(script)
        let raw = "a\u{1b}[31mred\u{1b}[0m\u{1b}]0;title\u{7}\r\n10%\r20%\r\n"
        #expect(result.output.hasPrefix(raw))
        try fixture.settle()
        let harmless = "ared\\e]0;title\\u{7}\n10%\n20%\n\u{fffd}\\u{0}z\n"
        #expect(try fixture.stats("log", "1").output == harmless)
        #expect(try fixture.stats("log", "1", "--raw").output.hasPrefix(raw))
        let bytes = try ChildProcess.run(
            ["sh", "-c", "\(BuiltTool.path("deploystats")) log 1 --raw | tail -c 4 | od -An -tx1"],
            environment: fixture.environment())
        #expect(bytes.output == " ff 00 7a 0a\n")
    }

    @Test func `a deployment that runs is followed until it ends`() throws {
        let fixture = try Fixture()
        let script = "echo begin; while [ ! -e $HERE/go ]; do sleep 0.01; done; echo end"
        let deployment = try fixture.startKeeping(script)
        #expect(eventually { deployment.output == "begin\n" })
        let follower = try ChildProcess(
            [BuiltTool.path("deploystats"), "log", "1", "--follow"],
            environment: fixture.environment())
        #expect(eventually { follower.output == "begin\n" })
        #expect(try fixture.stats("log", "1").output == "begin\n")
        // Its name may go, or be another one, meanwhile.
        let name = try #require(fixture.logNames.first)
        try FileSystem.rename("\(fixture.logs)/\(name)", to: "\(fixture.logs)/elsewhere")
        fixture.write("go", "")
        #expect(try deployment.finish().code == 0)
        let result = try follower.finish()
        #expect(result.code == 0)
        #expect(result.output == "begin\nend\n")
    }

    @Test func `a deployment that waits is followed when its turn comes`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let waiter = try fixture.startKeeping("echo mine")
        #expect(eventually { fixture.tickets.count == 2 })
        #expect(
            eventually { (try? fixture.stats("log", "2").errors)?.contains("is waiting") ?? false })
        let follower = try ChildProcess(
            [BuiltTool.path("deploystats"), "log", "2", "-f"], environment: fixture.environment())
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        #expect(try waiter.finish().code == 0)
        let result = try follower.finish()
        #expect(result.output == "mine\n", "\(result.errors)")
    }

    @Test func `a missing file was removed, or never was there`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        #expect(try fixture.keep("echo two").code == 0)
        #expect(fixture.isCompressed)
        try fixture.settle()
        for name in fixture.logNames { try FileSystem.unlink("\(fixture.logs)/\(name)") }
        let never = try fixture.stats("log", "1")
        #expect(never.code == 1)
        #expect(never.errors.contains("the output of 1 was not kept"))
        let removed = try fixture.stats("log", "2")
        #expect(removed.code == 1)
        #expect(removed.errors.contains("is no longer in \(fixture.logs)/2-"))
        let unknown = try fixture.stats("log", "3")
        #expect(unknown.code == 1)
        #expect(unknown.errors.contains("no deployment '3'"))
    }

    @Test func `a damaged file is said to be damaged`() throws {
        let fixture = try Fixture()
        #expect(try fixture.keep("seq 1000000").code == 0)
        #expect(fixture.isCompressed)
        try fixture.settle()
        let path = "\(fixture.logs)/\(try #require(fixture.logNames.first))"
        let without = try fixture.stats("log", "1", environment: ["PATH": "/nonexistent"])
        #expect(without.code == 1)
        #expect(without.errors.contains("reading it requires gzip(1)"))
        try FileDescriptor.open(path, O_WRONLY).truncate(to: 500_000)
        let result = try fixture.stats("log", "1")
        #expect(result.code == 1)
        #expect(result.output.hasPrefix("1\n2\n3\n"))
        #expect(result.errors.contains("is damaged"))
    }

    @Test func `a number that two locks have given has to be told apart`() throws {
        let fixture = try Fixture()
        let other = fixture.directory.file("other.lock")
        #expect(try fixture.keep("echo usual").code == 0)
        #expect(try fixture.keep("echo other", options: ["--lock-file", other]).code == 0)
        try fixture.settle()
        // Two locks that share a ledger go on from the highest number of each.
        let numbers = try fixture.query("SELECT number FROM deployment ORDER BY id")
        #expect(numbers == ["1", "1"])
        #expect(try fixture.stats("log", "1").errors.contains("can mean 2 deployments"))
        #expect(try fixture.stats("log", "1", "--lock-file", other).output == "other\n")
        #expect(
            try fixture.stats("log", "1", "--log-dir", fixture.logs).errors
                .contains("can mean several deployments"))
    }
}
