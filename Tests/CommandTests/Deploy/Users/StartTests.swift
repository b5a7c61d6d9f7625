import Glibc
import SystemCalls
import TestSupport
import Testing

/// What a tool does before Swift's runtime can do anything else.
@Suite struct StartTests {
    static let tools = [
        "deploy-with-lock", "check-deploy-lock", "check-deploy-queue", "deploystats",
    ]
    static let hasTrace = (try? ChildProcess.run(["strace", "-V"]).code == 0) == true

    @Test(
        .enabled(if: PrivateMounts.arePossible, "needs to be root and to mount"),
        arguments: tools, [[], ["--version"], ["--nonsense"]])
    func `without /proc a tool prints a message and does not abort`(
        _ tool: String, _ words: [String]
    ) throws {
        let result = try ChildProcess.run(
            [
                "unshare", "--mount", "--propagation", "private", "sh", "-ec",
                "mount -t tmpfs none /proc; exec \"$@\"", "sh", BuiltTool.path(tool),
            ] + words)
        #expect(result.code == 71)
        #expect(result.output == "")
        #expect(result.errors == "\(tool): /proc is not mounted; deploy-ledger requires it\n")
    }

    /// Runs a tool that cannot read where its memory is, which Swift's runtime finds its arguments by.
    private func withoutMaps(_ words: [String], _ fixture: Fixture) throws -> ChildProcess.Result {
        try ChildProcess.run(
            [
                "strace", "-o", fixture.directory.file("trace"), "-P", "/proc/self/maps", "-e",
                "inject=open,openat:error=EIO", BuiltTool.path(words[0]),
            ] + words.dropFirst(), environment: fixture.environment())
    }

    @Test(.enabled(if: hasTrace, "needs strace"))
    func `arguments are found when the runtime cannot find them`() throws {
        let fixture = try Fixture()
        let deployed = try withoutMaps(
            ["deploy-with-lock", "-q", "--", "sh", "-c", "exit 7"], fixture)
        #expect(deployed.code == 7, "\(deployed.errors)")
        let wrong = try withoutMaps(["deploy-with-lock", "--nonsense", "true"], fixture)
        #expect(wrong.code == 64)
        let whole = try withoutMaps(["deploystats", "verify", "--format", "json"], fixture)
        #expect(
            whole.code == 0 && whole.output.contains("\"whole\""), "\(whole.output)\(whole.errors)")
        let unknown = try withoutMaps(["check-deploy-lock", "--nonsense"], fixture)
        #expect(unknown.code == 64)
        #expect(fixture.read("trace").contains("INJECTED"))
    }

    @Test(.enabled(if: hasTrace, "needs strace"))
    func `no tool has the C library load a module for names`() throws {
        let fixture = try Fixture()
        let user = geteuid() == 0 ? ["setpriv", "--reuid=48711", "--clear-groups"] : []
        let copies = try Self.tools.map { try OtherUser(tool: $0) }
        mkdir(fixture.directory.file("state"), 0o777)
        chmod(fixture.directory.file("state"), 0o777)
        let held = try fixture.hold("a")
        let runs =
            [
                [0, "--no-wait", "true"],
                [0, "--lock-file", fixture.directory.file("other"), "true"],
                [1], [1, "--json"], [1, "audit"], [2, "--repo", "a/b"], [3], [3, "queue"],
                [3, "alerts"], [3, "verify"], [3, "report"], [3, "deployments"],
            ] as [[any Sendable]]
        for run in runs {
            let words = run.dropFirst().compactMap { $0 as? String }
            let tool = copies[run[0] as? Int ?? 0].tool
            for prefix in [[], user] {
                let trace = fixture.directory.file("trace")
                unlink(trace)
                // Not of what it starts: getent(1) may load what it likes.
                _ = try ChildProcess.run(
                    prefix + ["strace", "-o", trace, "-e", "trace=open,openat", tool] + words,
                    environment: fixture.environment())
                let text = fixture.read("trace")
                #expect(text.contains("+++ exited"), "\(words): \(text.suffix(300))")
                #expect(!text.contains("libnss_"), "\(words)")
            }
        }
        fixture.letGo("a")
        _ = try held.finish()
    }
}
