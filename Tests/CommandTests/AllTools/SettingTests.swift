import TestSupport
import Testing

@Suite struct SettingTests {
    private static func warning(_ tool: String, _ name: String, _ meant: String) -> String {
        "\(tool): warning: the environment has \(name), which is not read; did you mean \(meant)?\n"
    }

    @Test(arguments: [
        ("DEPLOY_LOCKFILE", "DEPLOY_LOCK_FILE"), ("DEPLOY_LOCK_FIEL", "DEPLOY_LOCK_FILE"),
        ("deploy_lock_file", "DEPLOY_LOCK_FILE"), ("DEPLOY_TIMEOUT", "DEPLOY_LOCK_TIMEOUT"),
        ("DEPLOY_INFO_FILE", "DEPLOY_LOCK_INFO_FILE"), ("DEPLOY_LEGDER", "DEPLOY_LEDGER"),
        ("DEPLOYLEDGER", "DEPLOY_LEDGER"), ("DEPLOY_LEDGER_CONF", "DEPLOY_LEDGER_CONFIG"),
    ])
    func `a misspelt variable is mentioned and changes nothing`(_ name: String, _ meant: String)
        throws
    {
        let fixture = try Fixture()
        let environment: [String: String?] = [name: "/elsewhere"]
        let result = try fixture.run(["sh", "-c", "exit 7"], environment: environment)
        #expect(result.code == 7)
        let said = Self.warning("deploy-with-lock", name, meant)
        #expect(result.errors.hasPrefix(said), "\(result.errors)")
        #expect(result.errors.ranges(of: "warning").count == 1)
        // What the parser reads says it once, too.
        let parsed = try fixture.run(["--timeout=5m", "true"], environment: environment)
        #expect(parsed.code == 0)
        #expect(parsed.errors.hasPrefix(said))
        #expect(parsed.errors.ranges(of: "warning").count == 1)
        let quiet = try fixture.run(["--quiet", "true"], environment: environment)
        #expect(quiet.errors == "")
        let stats = try fixture.stats("deployments", environment: environment)
        #expect(stats.code == 0)
        #expect(stats.errors == Self.warning("deploystats", name, meant))
    }

    @Test func `every tool mentions a misspelt variable`() throws {
        let fixture = try Fixture()
        let environment = fixture.environment(["DEPLOY_LOCKFILE": "/elsewhere"])
        for words in [["check-deploy-lock"], ["check-deploy-queue", "--local"]] {
            let result = try ChildProcess.run(
                [BuiltTool.path(words[0])] + words.dropFirst(), environment: environment)
            #expect(result.code == 0)
            #expect(
                result.errors == Self.warning(words[0], "DEPLOY_LOCKFILE", "DEPLOY_LOCK_FILE"))
        }
    }

    @Test(arguments: [
        "DEPLOY_TOKEN", "DEPLOY_KEY", "DEPLOY_ENV", "DEPLOY_USER", "DEPLOY_HOST", "DEPLOY_PATH",
        "DEPLOY_DIR", "DEPLOY_URL", "DEPLOY_REV", "DEPLOY_TIME", "DEPLOY_TAG", "DEPLOY_BRANCH",
        "DEPLOY_ENVIRONMENT", "DEPLOY_VERSION", "DEPLOY_SSH_KEY", "DEPLOYMENT_ID", "DEPLOYER",
        "DEPLOY_LOCK", "DEPLOY_ID", "DEPLOY_NUMBER", "DEPLOY_TIER", "MY_DEPLOY_LEGDER",
    ])
    func `a variable of ours or of another program is not mentioned`(_ name: String) throws {
        let fixture = try Fixture()
        let result = try fixture.run(["true"], environment: [name: "x"])
        #expect(result.code == 0)
        #expect(!result.errors.contains("warning"), "\(result.errors)")
        // As good as not set.
        let empty = try fixture.run(["true"], environment: ["DEPLOY_LOCKFILE": ""])
        #expect(!empty.errors.contains("warning"))
    }

    @Test(arguments: [
        (
            ["deploystats", "deployments", "--limit", "-1"],
            "--limit must not be negative; 0 shows all"
        ),
        (["deploystats", "events", "--limit", "-1"], "--limit must not be negative; 0 shows all"),
        (["deploystats", "report", "--limit", "-1"], "--limit must not be negative; 0 shows all"),
        (
            ["deploystats", "export", "--after", "-1"],
            "missing value for '--after <seq>': '-1' reads as an option; if it is the value, write "
                + "--after=-1"
        ),
        (
            ["deploy-with-lock", "--tier", "-x", "true"],
            "missing value for '--tier <tier>': '-x' reads as an option; if it is the value, write "
                + "--tier=-x"
        ),
        (["check-deploy-queue", "--threshold", "-1"], "write --threshold=-1"),
        (["check-deploy-queue", "--threshold=-1"], "--threshold must not be negative"),
        (["deploystats", "export", "--after"], "missing value for '--after <seq>'"),
    ])
    func `a value that begins with a dash is not called missing`(
        _ words: [String], _ says: String
    ) throws {
        let command = words.prefix { !$0.hasPrefix("-") }.joined(separator: " ")
        let result = try ChildProcess.run(
            [BuiltTool.path(words[0])] + words.dropFirst(), environment: Fixture().environment())
        #expect(result.code == 64)
        #expect(result.errors.contains("\(says); see '\(command) --help'\n"), "\(result.errors)")
    }

    @Test(arguments: [
        ("DEPLOY_LOCK_TIMEOUT", "soon", "requires a duration such as"),
        ("DEPLOY_MAX_QUEUE", "many", "must be at least 1"),
    ])
    func `a wrong value is reported with its origin`(
        _ name: String, _ value: String, _ wanted: String
    ) throws {
        let fixture = try Fixture()
        let path = fixture.directory.file("conf")
        fixture.write("conf", "# ours\nDEPLOY_TIER=docker\n\(name)='\(value)'\n")
        let environment: [String: String?] = ["DEPLOY_LEDGER_CONFIG": path]
        let file = try fixture.run(["true"], environment: environment)
        #expect(file.code == 64)
        #expect(
            file.errors.hasPrefix("deploy-with-lock: \(path), line 3: \(name) \(wanted)"),
            "\(file.errors)")
        #expect(file.errors.contains("not '\(value)'"))
        let variable = try fixture.run(
            ["true"], environment: environment.merging([name: value]) { $1 })
        #expect(variable.code == 64)
        #expect(variable.errors.hasPrefix("deploy-with-lock: \(name) \(wanted)"))
    }
}
