import TestSupport
import Testing

/// Options that have got a better name: scripts that use the one before go on working, and nothing
/// offers it any more.
@Suite struct OldSpellingTests {
    @Test(arguments: ["--yield-to-newer", "--supersede"])
    func `a deployment steps aside for a newer one with either spelling`(_ option: String) throws {
        let fixture = try Fixture()
        let first = try fixture.hold("a")
        let older = try fixture.join([option, "--ref", "main"], "echo older >> $HERE/ran")
        let newer = try fixture.join([option, "--ref", "main"], "echo newer >> $HERE/ran")
        fixture.letGo("a")
        for child in [first, older, newer] { #expect(try child.finish().code == 0) }
        #expect(fixture.lines("ran") == ["newer"])
        #expect(try fixture.coverage() == ["1 succeeded", "2 superseded 3", "3 succeeded"])
        // What is recorded has the name it always had.
        #expect(
            try fixture.query("SELECT reason FROM deployment WHERE outcome = 'superseded'")
                == ["supersede"])
    }

    @Test(arguments: ["--ignore-max-queue", "--force-queue"])
    func `the limit of the queue is ignored with either spelling`(_ option: String) throws {
        let fixture = try Fixture()
        let first = try fixture.hold("a")
        let limit = ["DEPLOY_MAX_QUEUE": "1"]
        #expect(try fixture.run(["true"], environment: limit).errors.contains("SKIPPED"))
        let waiter = try fixture.start([option, "true"], environment: limit)
        #expect(eventually { fixture.tickets.count == 2 })
        fixture.letGo("a")
        for child in [first, waiter] { #expect(try child.finish().code == 0) }
        #expect(try fixture.outcomes() == ["1 succeeded", "2 skipped", "3 succeeded"])
    }

    @Test(arguments: ["--number", "--id"])
    func `a forced unlock is for one deployment with either spelling`(_ option: String) throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        let wrong = try fixture.look(
            ["--force-unlock", "--yes", "--reason", "test", option, "2"])
        #expect(wrong.code == 1, "\(wrong)")
        #expect(!wrong.errors.contains("Unlocked"))
        let right = try fixture.look(
            ["--force-unlock", "--yes", "--reason", "test", "--grace", "1s", option, "1"])
        #expect(right.code == 0, "\(right)")
        #expect(try holder.finish().code != 0)
        #expect(
            try fixture.look([option, "1"]).errors.contains("\(option) requires --force-unlock"))
    }

    @Test func `two different numbers under both spellings are a usage error`() throws {
        let words = ["--force-unlock", "--yes", "--reason", "x", "--number", "1", "--id", "2"]
        let result = try Fixture().look(words)
        #expect(result.code == 64)
        #expect(result.errors.contains("--id is an old name of --number"), "\(result.errors)")
    }

    @Test(arguments: [
        ("deploy-with-lock", ["--supersede", "--force-queue"]), ("check-deploy-lock", ["--id"]),
    ])
    func `help and suggestions have the new spelling only`(
        _ tool: String, _ old: [String]
    ) throws {
        let help = try ChildProcess.run([BuiltTool.path(tool), "--help"]).output
        for option in old { #expect(!help.contains(option + " ") && !help.contains(option + "\n")) }
        #expect(help.contains(tool == "deploy-with-lock" ? "--yield-to-newer" : "--number <n>"))
    }

    private static let hint =
        "deploy-with-lock: hint: --force-queue is now called --ignore-max-queue, --supersede is now "
        + "called --yield-to-newer; the old names still work\n"

    @Test(arguments: [
        ["--supersede", "--force-queue", "--supersede", "--ref", "main"],
        // The parser reads this one.
        ["--supersede", "--force-queue", "--ref=main"],
    ])
    func `old names get one hint per deployment, on standard error`(_ options: [String]) throws {
        let result = try Fixture().run(options + ["echo", "deployed"])
        #expect(result.output == "deployed\n")
        #expect(result.errors.hasPrefix(Self.hint), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").filter { $0.contains(": hint: ") }.count == 1)
    }

    @Test func `one old name is mentioned in the singular, and a new one not at all`() throws {
        let fixture = try Fixture()
        #expect(
            try fixture.run(["--supersede", "--ref", "main", "true"]).errors.hasPrefix(
                "deploy-with-lock: hint: --supersede is now called --yield-to-newer; "
                    + "the old name still works\n"))
        #expect(
            try !fixture.run(["--yield-to-newer", "--ref", "main", "true"]).errors.contains("hint"))
        // The words of the command are not ours.
        #expect(try !fixture.run(["echo", "--supersede"]).errors.contains("hint"))
    }

    @Test func `a quiet deployment gets no hint`() throws {
        let words = ["--quiet", "--supersede", "--ref", "main", "true"]
        #expect(try !Fixture().run(words).errors.contains("hint"))
    }

    @Test func `a forced unlock hints at the old name of --number once`() throws {
        let words = ["--force-unlock", "--yes", "--reason", "x", "--id", "1"]
        let result = try Fixture().look(words)
        #expect(!result.output.contains("hint"))
        #expect(
            result.errors.hasPrefix(
                "check-deploy-lock: hint: --id is now called --number; the old name still works\n"),
            "\(result.errors)")
    }
}
