import Glibc
import SystemCalls
import TestSupport
import Testing
import Wording

/// `deploystats freeze`, `unfreeze` and `freezes`, and who else shows a freeze.
struct FreezeCommandTests {
    @Test func `a freeze is said in both zones`() throws {
        let fixture = try Fixture()
        let until = RFC3339.toTheSecond(Clock.wallMicroseconds() + 3_600_000_000)
        let made = try fixture.stats(
            "freeze", "--until", until, "--reason", "release weekend", "--tz", "Asia/Tokyo")
        #expect(made.code == 0, "\(made.errors)")
        let lines = made.output.split(separator: "\n").map(String.init)
        #expect(lines[0].hasPrefix("\(fixture.lock) is frozen until "))
        #expect(lines[0].contains(" Asia/Tokyo = \(until), in 59m"), "\(lines[0])")
        #expect(lines[1] == "  reason: release weekend")
        #expect(lines.last?.hasPrefix("To end it earlier: deploystats unfreeze ") == true)
    }

    @Test(arguments: ["-2h", "2h", "2020-01-01", "now", "@0"])
    func `an end in the past is refused`(_ until: String) throws {
        let fixture = try Fixture()
        let result = try fixture.stats("freeze", "--until", until, "--reason", "x")
        #expect(result.code == 64)
        #expect(result.errors.contains("is in the past"), "\(result.errors)")
        #expect(fixture.freezeFiles.isEmpty)
    }

    @Test(arguments: [
        ["--until", "+1h"], ["--reason", "x"], ["--until", "+1h", "--reason", " "],
        ["--until", "sometime", "--reason", "x"],
        ["--until", "Mon 07:00", "--reason", "x", "--tz", "Mars/Olympus"],
    ])
    func `end and reason are required and checked`(_ options: [String]) throws {
        let fixture = try Fixture()
        #expect(try fixture.stats(["freeze"] + options).code == 64)
        #expect(fixture.freezeFiles.isEmpty)
    }

    @Test func `a freeze of more than 30 days is asked for`() throws {
        let fixture = try Fixture()
        let options = ["freeze", "--until", "+31d", "--reason", "winter"]
        let asked = try fixture.stats(options)
        #expect(asked.code == 1)
        #expect(asked.errors.contains("would last 31d"), "\(asked.errors)")
        #expect(fixture.freezeFiles.isEmpty)
        #expect(try fixture.stats(options + ["--yes"]).code == 0)
        #expect(fixture.freezeFiles.count == 1)
    }

    @Test func `clocks that skip the time are said`() throws {
        let fixture = try Fixture()
        let result = try fixture.stats(
            "freeze", "--until", "2040-03-25 02:30", "--reason", "x", "--tz", "Europe/Paris",
            "--yes")
        #expect(result.code == 0, "\(result.errors)")
        #expect(
            result.output.contains("Sun 2040-03-25 03:00:00 Europe/Paris = 2040-03-25T01:00:00Z"))
        #expect(result.output.contains("the first moment after it"))
    }

    @Test func `secrets in a reason are masked`() throws {
        let fixture = try Fixture()
        try fixture.freeze(reason: "rotate https://ann:hunter2@example.com/")
        try fixture.settle()
        let told =
            try fixture.stats("freezes").output
            + fixture.query("SELECT record FROM event").joined()
            + fixture.read("deploy.lock.queue/\(fixture.freezeFiles[0])")
        #expect(!told.contains("hunter2"), "\(told)")
    }

    @Test func `only a freeze that is there is ended or replaced`() throws {
        let fixture = try Fixture()
        #expect(try fixture.stats("unfreeze").code == 0)
        #expect(try fixture.stats("unfreeze", "0123").code == 1)
        let id = try fixture.freeze()
        #expect(try fixture.stats("unfreeze", "zzz").code == 1)
        let replaced = try fixture.stats(
            "freeze", "--until", "+2h", "--reason", "x", "--replace", "zzz")
        #expect(replaced.code == 1)
        #expect(fixture.freezeFiles == ["freeze-\(id)"])
        #expect(try fixture.stats("unfreeze", "--all", id).code == 64)
        #expect(try fixture.stats("unfreeze", String(id.prefix(13))).code == 0)
        #expect(fixture.freezeFiles.isEmpty)
    }

    @Test func `every look at a lock shows it`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let check = [BuiltTool.path("check-deploy-lock")]
        func status(_ options: [String] = []) throws -> ChildProcess.Result {
            try ChildProcess.run(check + options, environment: fixture.environment())
        }
        #expect(try !status().output.contains("frozen"))
        #expect(try status(["--json"]).output.contains("\"frozen\": false"))
        try fixture.freeze()
        #expect(try status().output.contains("Deployments are frozen until "))
        #expect(try status().output.contains(": release weekend"))
        let document = try status(["--json"]).output
        #expect(document.contains("\"frozen\": true"))
        #expect(document.contains("\"reason\": \"release weekend\""), "\(document)")
        #expect(try fixture.stats("queue").output.contains("Deployments are frozen until "))
        #expect(try fixture.stats("queue", "--format", "json").output.contains("\"frozen\": true"))
        #expect(try fixture.stats("freezes").output.contains("release weekend"))
        let waiter = try fixture.joinFrozen("a")
        #expect(try status().output.contains("1 waiting"))
        try fixture.unfreeze()
        #expect(try waiter.finish().code == 0)
        #expect(try fixture.stats("freezes").output == "\(fixture.lock) is not frozen.\n")
    }
}

/// What CI learns of a freeze before it builds.
struct CheckQueueFreezeTests {
    private func check(
        _ fixture: Fixture, _ options: [String], _ more: [String: String?] = [:]
    ) throws -> (result: ChildProcess.Result, outputs: [String]) {
        fixture.write("outputs", "")
        let result = try ChildProcess.run(
            [BuiltTool.path("check-deploy-queue")] + options,
            environment: fixture.environment(
                ["GITHUB_OUTPUT": fixture.directory.file("outputs")].merging(more) { $1 }))
        return (result, fixture.lines("outputs"))
    }

    @Test func `a freeze that outlasts the wait skips the run`() throws {
        let fixture = try Fixture()
        let free = try check(fixture, ["--local"])
        #expect(free.outputs.contains("should_skip=false"))
        #expect(free.outputs.contains("frozen_until="))
        let until = RFC3339.toTheSecond(Clock.wallMicroseconds() + 3_600_000_000)
        try fixture.freeze(until: until)
        let skipped = try check(
            fixture, ["--local", "--skip-exit-code", "9", "--event", "workflow_dispatch"])
        #expect(skipped.result.code == 9, "\(skipped.result.errors)")
        #expect(skipped.outputs.contains("should_skip=true"))
        #expect(skipped.outputs.contains("reason=frozen"))
        #expect(skipped.outputs.contains("frozen_until=\(until)"))
        #expect(skipped.result.output.contains("SKIP: deployments are frozen until \(until)"))
        #expect(skipped.result.output.contains("--override-freeze"))
        let patient = try check(fixture, ["--local", "--timeout", "2h"])
        #expect(patient.outputs.contains("should_skip=false"))
        #expect(patient.outputs.contains("frozen_until=\(until)"))
        #expect(patient.result.output.contains("Deployments are frozen until \(until)"))
        let set = try check(fixture, ["--local"], ["DEPLOY_LOCK_TIMEOUT": "2h"])
        #expect(set.outputs.contains("should_skip=false"))
    }

    @Test func `the server is asked through a command`() throws {
        let fixture = try Fixture()
        let bin = fixture.directory.file("bin")
        try FileSystem.makeDirectory(bin, mode: 0o755)
        symlink(BuiltTool.path("deploystats"), bin + "/deploystats")
        fixture.write("runs.json", "[]")
        let server = ["--server-via", "PATH=\(bin):$PATH sh -c"]
        let options = ["--runs-json", fixture.directory.file("runs.json")] + server
        #expect(try check(fixture, options).outputs.contains("should_skip=false"))
        let until = RFC3339.toTheSecond(Clock.wallMicroseconds() + 3_600_000_000)
        try fixture.freeze(until: until)
        let skipped = try check(fixture, options + ["--record"])
        #expect(skipped.outputs.contains("should_skip=true"), "\(skipped.result.errors)")
        #expect(skipped.outputs.contains("frozen_until=\(until)"))
        #expect(skipped.result.output.contains(": release weekend"))
        try fixture.settle()
        #expect(try fixture.query("SELECT reason FROM event WHERE kind = 'skipped'") == ["frozen"])
        let elsewhere = try check(
            fixture, options + ["--lock-file", fixture.directory.file("other.lock")])
        #expect(elsewhere.outputs.contains("should_skip=false"))
        // One that cannot be read may last for ever.
        fixture.write("deploy.lock.queue/freeze-odd", "?")
        try fixture.freeze(until: "+1s")
        #expect(
            try check(fixture, options + ["--timeout", "100d"]).outputs.contains("reason=frozen"))
    }

    @Test(arguments: ["false", "echo", "ssh-that-is-not-there"])
    func `a server that does not answer skips nothing`(_ command: String) throws {
        let fixture = try Fixture()
        fixture.write("runs.json", "[]")
        let options = [
            "--runs-json", fixture.directory.file("runs.json"), "--server-via", command,
        ]
        let asked = try check(fixture, options)
        #expect(asked.result.code == 0)
        #expect(asked.outputs.contains("should_skip=false"))
        #expect(
            asked.result.errors.contains("cannot determine whether deployments are frozen"),
            "\(asked.result.errors)")
        #expect(try check(fixture, options + ["--strict"]).result.code == 3)
    }
}
