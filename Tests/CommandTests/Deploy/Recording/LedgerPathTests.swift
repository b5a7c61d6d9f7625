import Glibc
import SystemCalls
import TestSupport
import Testing

/// Paths that somebody mistyped or took for something else.
@Suite struct LedgerPathTests {
    @Test(arguments: ["/dev/null", "/dev/full"])
    func `a path that cannot be a ledger is refused and nothing is made beside it`(_ path: String)
        throws
    {
        let fixture = try Fixture()
        for (tool, rest) in [
            ("deploy-with-lock", ["touch", fixture.directory.file("ran")]),
            ("check-deploy-lock", []), ("deploystats", []),
        ] {
            let words = tool == "deploystats" ? ["alerts"] : []
            let result = try ChildProcess.run(
                [BuiltTool.path(tool)] + words + ["--ledger=\(path)"] + rest,
                environment: fixture.environment())
            #expect(result.code == 64, "\(tool): \(result)")
            #expect(result.errors.contains("--ledger"), "\(result.errors)")
        }
        #expect(!fixture.exists("ran"))
        for litter in ["/dev/null.lock", "/dev/full.lock", "/dev/spool"] {
            #expect(!FileSystem.exists(litter))
        }
    }

    @Test func `the environment's ledger path is refused in the same way`() throws {
        let fixture = try Fixture()
        let result = try fixture.run(["true"], environment: ["DEPLOY_LEDGER": "/dev/null"])
        #expect(result.code == 64)
        #expect(result.errors.contains("/dev/null is a device and cannot keep a ledger"))
    }

    @Test(arguments: ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/ledger.db"])
    func `a stream that is a file now is refused and its content stays`(_ path: String) throws {
        let fixture = try Fixture()
        fixture.write("out", "kept\n")
        let result = try ChildProcess.run(
            [
                "sh", "-c", "exec \"$@\" >> $HERE/out", "sh", BuiltTool.path("deploy-with-lock"),
                "--ledger", path, "true",
            ], environment: fixture.environment())
        #expect(result.code == 64, "\(result)")
        #expect(result.errors.contains("\(path) is below /"), "\(result.errors)")
        #expect(try FileSystem.read(fixture.directory.file("out")) == Array("kept\n".utf8))
    }

    @Test func `an import that creates a ledger says so`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        let copy = fixture.directory.file("copy/ledger.db")
        let exported = fixture.directory.file("export")
        fixture.write("export", try fixture.stats("export").output)
        let words = "deploystats: a new ledger begins: \(copy)\n"
        for expected in [words, ""] {
            let result = try fixture.stats("import", "--events", exported, "--ledger", copy)
            #expect(result.code == 0, "\(result.errors)")
            #expect(result.errors == expected)
        }
    }

    @Test func `many first deployments at once create one ledger`() throws {
        let fixture = try Fixture()
        let all = try (1...12).map { number in
            try fixture.start(
                ["sh", "-c", "echo $DEPLOY_NUMBER"],
                environment: ["DEPLOY_LOCK_FILE": fixture.directory.file("\(number).lock")])
        }
        for one in all {
            let result = try one.finish()
            #expect(result.output == "1\n")
            #expect(!result.errors.contains("counter"), "\(result.errors)")
        }
    }

    @Test func `a deleted ledger is not started again as if it were the first`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        for suffix in ["", "-wal", "-shm"] { unlink(fixture.ledger + suffix) }
        _ = try ChildProcess.run(["rm", "-r", fixture.lock, fixture.lock + ".queue"])
        let result = try fixture.run(["sh", "-c", "echo $DEPLOY_NUMBER"])
        #expect(Int(result.output.dropLast()) ?? 0 > 1_700_000_000, "\(result)")
        #expect(result.errors.contains("counter of the lock is lost"))
    }
}
