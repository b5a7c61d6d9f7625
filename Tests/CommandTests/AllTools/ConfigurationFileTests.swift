import Glibc
import TestSupport
import Testing

/// The configuration file as the built tools read it.
@Suite struct ConfigurationFileTests {
    /// A pipe can be read once: a command that reads it again gets an empty file, and with that
    /// another ledger and another lock.
    @Test(arguments: [
        "metrics", "deployments", "events", "explain skip-rate", "query skips", "sql 'SELECT 1'",
        "show 1", "queue", "verify", "report --week this-week", "alerts", "export",
        "metrics --format prometheus", "doctor --format json",
        "record skip --source gha --reason full --queue 3", "recover",
    ])
    func `a command reads it once`(_ command: String) throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let script = """
            printf 'DEPLOY_LEDGER=%s\\nDEPLOY_LOCK_FILE=%s\\n' "$L" "$K" |
                DEPLOY_LEDGER_CONFIG=/dev/stdin '\(BuiltTool.path("deploystats"))' \(command)
            """
        let result = try ChildProcess.run(
            ["sh", "-c", script],
            environment: fixture.environment([
                "L": fixture.ledger, "K": fixture.lock, "DEPLOY_LEDGER": nil,
                "DEPLOY_LOCK_FILE": nil, "HOME": fixture.directory.file("nowhere"),
                "XDG_STATE_HOME": fixture.directory.file("nowhere"),
            ]))
        let isDiagnosis = command.hasPrefix("doctor")
        #expect(result.code == 0 || isDiagnosis, "\(result)")
        #expect(!(result.output + result.errors).contains("nowhere"), "\(result)")
        #expect(!(result.output + result.errors).contains("/var/l"), "\(result)")
    }

    @Test(arguments: ["deploy-with-lock", "check-deploy-lock", "deploystats", "check-deploy-queue"])
    func `one that cannot be used is a usage error that names it`(_ tool: String) throws {
        let fixture = try Fixture()
        let words = [
            "deploy-with-lock": ["true"], "check-deploy-queue": ["--local"],
            "deploystats": ["doctor"],
        ]
        func run(_ path: String) throws -> ChildProcess.Result {
            try ChildProcess.run(
                [BuiltTool.path(tool)] + (words[tool] ?? []),
                environment: fixture.environment(["DEPLOY_LEDGER_CONFIG": path]))
        }
        let missing = fixture.directory.file("gone.conf")
        let result = try run(missing)
        #expect(result.code == 64)
        #expect(
            result.errors.contains(
                "cannot read the configuration file \(missing): No such file or directory; "
                    + "DEPLOY_LEDGER_CONFIG names it"), "\(result.errors)")
        #expect(!result.errors.contains("remove it"))
        // Nobody can read a directory.
        let directory = try run(fixture.directory.path)
        #expect(directory.code == 64)
        #expect(directory.errors.contains(fixture.directory.path), "\(directory.errors)")
        fixture.write("bad.conf", "DEPLOY_LOCK_FIEL=x\n")
        let wrong = try run(fixture.directory.file("bad.conf"))
        #expect(wrong.code == 64)
        #expect(
            wrong.errors.contains("bad.conf, line 1: unknown setting DEPLOY_LOCK_FIEL; did you"))
        fixture.write("new.conf", "DEPLOY_TIER=docker\nDEPLOY_CANARY_SHARE=5\n")
        let newer = try run(fixture.directory.file("new.conf"))
        #expect(newer.code != 64, "\(newer.errors)")
        #expect(
            newer.errors.contains(
                "\(tool): warning: \(fixture.directory.file("new.conf")), line 2: unknown setting "
                    + "DEPLOY_CANARY_SHARE; this version ("), "\(newer.errors)")
    }

    @Test func `options that contradict each other are a usage error, a setting gives way`() throws
    {
        let fixture = try Fixture()
        for words in [["--quiet", "--verbose"], ["-q", "-v"], ["-qv"]] {
            let result = try fixture.run(words + ["touch", fixture.directory.file("ran")])
            #expect(result.code == 64)
            #expect(
                result.errors.hasPrefix(
                    "deploy-with-lock: --quiet and --verbose exclude each other; see "),
                "\(result.errors)")
        }
        for words in [["--no-wait", "--timeout", "5m"], ["--timeout=0", "--no-wait"]] {
            let result = try fixture.run(words + ["touch", fixture.directory.file("ran")])
            #expect(result.code == 64)
            #expect(result.errors.contains("--no-wait and --timeout exclude each other; see "))
            #expect(result.errors.split(separator: "\n").count == 1)
        }
        #expect(!fixture.exists("ran"))
        let setting = ["DEPLOY_LOCK_TIMEOUT": "5m"]
        #expect(try fixture.run(["--no-wait", "true"], environment: setting).code == 0)
    }

    @Test func `an option with an empty value is the same as one that is left out`() throws {
        let fixture = try Fixture()
        let options = ["--tier", "--sha", "--ref", "--run-url", "--message", "--actor", "--source"]
        #expect(try fixture.run(options.flatMap { [$0, ""] } + ["true"]).code == 0)
        #expect(
            try fixture.query(
                """
                SELECT group_concat(coalesce(tier, '-') || coalesce(sha, '-') || coalesce(ref, '-')
                    || coalesce(run_url, '-')) || (source <> '')
                FROM deployment
                """) == ["----1"])
        let given = ["DEPLOY_TIER": "docker"]
        #expect(try fixture.run(["--tier", "", "true"], environment: given).code == 0)
        #expect(
            try fixture.query("SELECT coalesce(tier, '-') FROM deployment WHERE number = 2")
                == ["docker"])
    }
}
