import Glibc
import SystemCalls
import TestSupport
import Testing

/// The one file that the three tools of the lock are installed as.
@Suite struct ToolNameTests {
    private static let tools = ["deploy-with-lock", "check-deploy-lock", "check-deploy-queue"]
    private static let file = BuiltTool.path(
        BuiltTool.areStatic ? "deploy-with-lock" : "deploy-ledger")

    private let fixture: Fixture
    private let place: String

    init() throws {
        fixture = try Fixture()
        place = fixture.directory.file("tools")
        try fixture.makeFolder("tools")
    }

    /// A link or a copy of the file with a name.
    private func named(_ name: String, by words: [String] = ["ln", "-s"]) throws -> String {
        let made = try ChildProcess.run(words + [Self.file, "\(place)/\(name)"])
        try #require(made.code == 0, "\(made.errors)")
        return "\(place)/\(name)"
    }

    private func run(_ words: [String]) throws -> ChildProcess.Result {
        try ChildProcess.run(words, environment: fixture.environment())
    }

    @Test(arguments: tools, [["ln", "-s"], ["cp"]])
    func `is each tool by that name, linked or copied`(_ tool: String, _ words: [String]) throws {
        let link = try named(tool, by: words)
        for option in ["--version", "--help"] {
            let own = try run([BuiltTool.path(tool), option])
            let linked = try run([link, option])
            #expect(linked.code == 0)
            #expect(linked.output == own.output)
        }
        let help = try run([link, "--help"]).output
        #expect(help.contains("USAGE: \(tool) "))
        let mistake = try run([link, "--nonsense"])
        #expect(mistake.code == 64)
        #expect(mistake.errors.hasPrefix("\(tool): "), "\(mistake.errors)")
    }

    @Test(arguments: ["deploy-ledger", "deploy", "deploy-with-lock.old"])
    func `says what names it has when it has another one`(_ name: String) throws {
        let result = try run([try named(name), "--version"])
        #expect(result.code == 64)
        #expect(result.output == "")
        #expect(
            result.errors == """
                deploy-ledger: this is deploy-with-lock, check-deploy-lock and check-deploy-queue in \
                one file; call it by one of these names

                """)
    }

    @Test func `its own name counts when it is called something else`() throws {
        let link = try named("check-deploy-queue")
        for name in ["something", "-check", ""] {
            let result = try run(["bash", "-c", "exec -a \"$0\" \"$1\" --help", name, link])
            #expect(result.code == 0)
            #expect(result.output.contains("USAGE: check-deploy-queue "), "\(name)")
        }
    }

    @Test func `is found through PATH, as by cron`() throws {
        _ = try named("check-deploy-lock")
        let result = try run([
            "env", "PATH=\(place):/usr/bin:/bin", "sh", "-c", "check-deploy-lock",
        ])
        #expect(result.code == 0)
        #expect(result.output.contains("free"), "\(result.output)")
    }

    @Test func `a copy alone deploys, and its keeper records the end when it is killed`() throws {
        let copy = try named("deploy-with-lock", by: ["cp"])
        // The wrapper is the parent of the keeper, which is the shell's.
        let script = "kill -9 $(cut -d' ' -f4 /proc/$PPID/stat); exit 3"
        #expect(try run([copy, "sh", "-c", script]).code == 128 + SIGKILL)
        let events: Set = ["requested", "acquired", "wrapper_lost", "released failed"]
        let areRecorded = try eventually {
            // Adds what a busy machine left in the spool, in whatever order.
            let next = try run([copy, "true"])
            return next.code == 0 && (try? Set(fixture.events(1))) == events
        }
        #expect(areRecorded)
    }
}
