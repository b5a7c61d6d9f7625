import Glibc
import JSON
import SystemCalls
import TestSupport
import Testing

/// Each problem of `docs/troubleshooting.md` is played, with every command the page has for it.
@Suite struct TroubleshootingTests {
    private static let page = "docs/troubleshooting.md"
    private static let haveJQ = (try? ChildProcess.run(["jq", "--version"]))?.code == 0

    /// The application: a deployment says that it began and, while there is a pipe, waits at it.
    private static func section(
        _ heading: String, environment: [String: String?] = [:], in fixture: Fixture? = nil
    ) throws -> PlayedSection {
        let section = try PlayedSection(
            page, heading, in: try fixture ?? Fixture(), environment: environment)
        section.fixture.write(
            "app/deploy.sh",
            """
            #!/bin/sh
            echo "pulling $1"
            : >../$1.up
            [ ! -p ../hold ] || read line <../hold
            """)
        chmod(section.fixture.directory.file("app/deploy.sh"), 0o755)
        return section
    }

    private static func hold(_ fixture: Fixture) {
        #expect(mkfifo(fixture.directory.file("hold"), 0o600) == 0)
    }

    /// Ends the wait at the pipe, for those at it and those to come.
    private static func letGo(_ fixture: Fixture) throws {
        let hold = fixture.directory.file("hold")
        let open = try ChildProcess.run(["timeout", "60", "sh", "-c", "echo >\"$0\"", hold])
        #expect(open.code == 0)
    }

    @Test func `a deployment that runs for too long is looked at, ended and unlocked`() throws {
        let section = try Self.section("A deployment has been running for more than 20 minutes")
        let fixture = section.fixture
        Self.hold(fixture)
        let options = [
            "--source", "gha", "--tier", "docker", "--ref", "main", "--log-dir",
            fixture.directory.file("logs"),
        ]
        let slow = try section.deploy("a1b2c3d", options: options)
        // Nothing that runs for a second is too long, and it has run for a second some time.
        #expect(
            try eventually { try fixture.look(["--warn-after", "1s"]).output.contains("WARNING") })
        try section.next("check-deploy-lock", adding: "--warn-after 1s")
        try section.next("deploystats log 1")
        try section.next("kill ", where: [("24882", String(slow.pid))])
        #expect(try slow.finish().code == 128 + SIGTERM)
        try section.next("deploystats show 1")

        let hung = try section.deploy("b7c8d9e", options: options)
        try section.next("check-deploy-lock --force-unlock --number 2 --yes --reason")
        #expect(try hung.finish().code == 128 + SIGTERM)

        let dead = try section.deploy("d1d2d3d", options: options)
        #expect(eventually { (try? fixture.outcomes().last) == "3 in flight" })
        try fixture.killBoth(dead)
        try Self.letGo(fixture)
        #expect(try eventually { try fixture.isFree })
        try section.next("check-deploy-lock")

        try fixture.makeFolder("bin")
        fixture.write("bin/docker", "#!/bin/sh\necho \"$*\" >>$HERE/docker.log\n")
        chmod(fixture.directory.file("bin/docker"), 0o755)
        try section.next("deploy-with-lock --message")
        #expect(fixture.lines("docker.log") == ["compose restart web"])
        section.expectEnd()
    }

    @Test func `a job that ran out of time was waiting, and the ledger says for whom`() throws {
        let section = try Self.section("The CI job timed out")
        Self.hold(section.fixture)
        let options = ["--source", "gha", "--tier", "docker", "--ref", "main"]
        let first = try section.deploy("a1b2c3d", options: options)
        let second = try section.deploy("b7c8d9e", options: options, waits: true)
        second.kill(SIGHUP)
        #expect(try second.finish().code == 128 + SIGHUP)
        try section.next("deploystats show 2")
        try section.next("deploystats query blocked-by 2")
        try section.next("check-deploy-lock")
        section.expectEnd()
        try Self.letGo(section.fixture)
        #expect(try first.finish().code == 0)
    }

    @Test(.enabled(if: GitHubStandIn.isPossible, "the GitHub CLI gh is not installed"))
    func `a skipped run and a skipped deployment say what became of the commit`() throws {
        let queue = try Self.queue()
        let section = try Self.section(
            "A run was skipped that should have deployed", environment: queue.environment(),
            in: queue.fixture)
        try section.next("check-deploy-queue")
        Self.hold(queue.fixture)
        let options = ["--source", "gha", "--ref", "main"]
        let deployments = try [
            section.deploy("a1b2c3d", options: options),
            section.deploy("b7c8d9e", options: options, waits: true),
            section.deploy("d1d2d3d", options: options, waits: true),
        ]
        try section.next("deploy-with-lock --max-queue 3")
        try section.next("deploystats show 4")
        section.expectEnd()
        for deployment in deployments {
            try Self.letGo(queue.fixture)
            #expect(try deployment.finish().code == 0)
        }
    }

    @Test func `what happened in spite of the lock is found in the ledger and in scripts`() throws {
        let section = try Self.section("The state is inconsistent in spite of the lock")
        for source in ["gha", "gha", "cron"] {
            let one = try section.deploy("a1b2c3d", options: ["--source", source])
            #expect(try one.finish().code == 0)
        }
        section.fixture.write(
            "app/hotfix.sh", "#!/bin/sh\ngit pull\ndocker compose up -d web\n")
        try section.fixture.settle()
        try section.next("deploystats query timeline")
        try section.next("deploystats query forced-unlocks")
        try section.next("deploystats query double-holders")
        try section.next("deploystats sql")
        try section.next("check-deploy-lock audit")
        section.expectEnd()
    }

    @Test(
        .enabled(if: GitHubStandIn.isPossible, "the GitHub CLI gh is not installed"),
        .enabled(if: haveJQ, "jq is not installed"))
    func `the three lines of monitoring run`() throws {
        let queue = try Self.queue()
        let section = try Self.section(
            "Monitoring in three lines", environment: queue.environment(), in: queue.fixture)
        #expect(try section.deploy("a1b2c3d").finish().code == 0)
        try section.next("deploystats deployments --since 7d")
        try section.next("check-deploy-queue")
        try section.next("deploystats events --since 1d")
        section.expectEnd()
    }

    /// Three runs are pending in the repository of the page.
    private static func queue() throws -> QueueFixture {
        try QueueFixture([
            ("repo", .string("example/app")),
            StandInRun.list([
                StandInRun(id: 1001, status: "in_progress"),
                StandInRun(
                    id: 1002, status: "pending", sha: "b7c8d9e0f1c4b6a8d0e2f4a6b8c0d2e4f6a8b0c2",
                    title: "Sort the list"),
                StandInRun(id: 1003, sha: QueueFixture.lastSHA, title: "New icons"),
            ]),
            ("compare", .object([("9b1c77e...\(QueueFixture.lastSHA)", .string("behind"))])),
        ])
    }
}
