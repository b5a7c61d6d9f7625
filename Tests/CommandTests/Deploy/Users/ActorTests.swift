import Glibc
import SystemCalls
import TestSupport
import Testing

/// Who deployed, and whom they claim to act for.
@Suite struct ActorTests {
    private let fixture: Fixture

    init() throws {
        fixture = try Fixture()
        mkdir(fixture.directory.file("state"), 0o777)
        chmod(fixture.directory.file("state"), 0o777)
    }

    private func stats(_ arguments: [String]) throws -> String {
        try ChildProcess.run(
            [BuiltTool.path("deploystats")] + arguments, environment: fixture.environment()
        ).output
    }

    private var own: String { User.name(of: geteuid()) }

    @Test(.enabled(if: geteuid() == 0, "becoming another user needs root"))
    func `nobody deploys in another person's name`() throws {
        let other = try OtherUser(tool: "deploy-with-lock")
        let result = try ChildProcess.run(
            OtherUser.prefix + [other.tool, "true"],
            environment: fixture.environment([
                "SUDO_USER": "alice", "USER": "alice", "LOGNAME": "alice",
            ]))
        #expect(result.code == 0, "\(result.errors)")
        #expect(
            try fixture.query("SELECT user || ' ' || actor FROM deployment") == [
                "\(OtherUser.name) \(OtherUser.name)"
            ])
        #expect(
            try fixture.query("SELECT record ->> '$.sudo_user' FROM event LIMIT 1") == ["alice"])
        #expect(
            try stats(["show", "1"]).contains("by         \(OtherUser.name) (SUDO_USER: alice)"))
    }

    @Test(.enabled(if: geteuid() == 0, "becoming another user needs root"))
    func `the person who becomes root is the actor`() throws {
        let promote = fixture.directory.file("promote")
        // A program that makes root of everybody, as sudo does.
        let copied = try ChildProcess.run(["install", "-m", "4755", "/usr/bin/setpriv", promote])
        #expect(copied.code == 0, "\(copied.errors)")
        let tool = BuiltTool.path("deploy-with-lock")
        let result = try ChildProcess.run(
            OtherUser.prefix + [
                "sh", "-c", "\(promote) --reuid=0 --regid=0 --clear-groups '\(tool)' true; exit $?",
            ], environment: fixture.environment(["SUDO_USER": "alice"]))
        #expect(result.code == 0, "\(result.errors)")
        #expect(
            try fixture.query("SELECT user || ' ' || actor FROM deployment") == [
                "root \(OtherUser.name)"
            ])
        #expect(
            try stats(["show", "1"]).contains(
                "by         \(OtherUser.name) (as root, SUDO_USER: alice)"))
    }

    @Test(.enabled(if: geteuid() == 0, "only root may say who logged in"))
    func `the login uid decides the actor first`() throws {
        let script = "echo 48712 > /proc/self/loginuid || exit 77; exec \"$@\""
        let result = try ChildProcess.run(
            ["sh", "-c", script, "sh", BuiltTool.path("deploy-with-lock"), "true"],
            environment: fixture.environment(["SUDO_USER": "alice"]))
        // Not where the kernel does not keep it, or keeps it already.
        guard result.code != 77 else { return }
        #expect(try fixture.query("SELECT actor FROM deployment") == ["48712"])
    }

    @Test func `the person behind a job is a claim, shown and found`() throws {
        let held = try fixture.start(
            [
                "--actor", "ann", "sh", "-c",
                ": > $HERE/up; while [ ! -e $HERE/go ]; do sleep 0.01; done",
            ])
        #expect(eventually { fixture.exists("up") }, "\(held.errors)")
        let shown = "ann via \(own)"
        let look = try ChildProcess.run(
            [BuiltTool.path("check-deploy-lock")], environment: fixture.environment())
        #expect(
            look.output.contains("by         \(shown)") || look.output.contains(shown),
            "\(look.output)")
        let waiter = try fixture.start(["true"], environment: ["DEPLOY_ACTOR": "dora"])
        #expect(
            eventually { waiter.errors.contains("held by #1 \(shown) for") }, "\(waiter.errors)")
        #expect(eventually { (try? stats(["queue"]).contains("dora via \(own)")) == true })
        fixture.write("go", "")
        #expect(try held.finish().code == 0)
        #expect(try waiter.finish().code == 0)
        #expect(
            try fixture.query("SELECT actor || ' ' || claimed_actor FROM deployment ORDER BY n")
                == ["\(own) ann", "\(own) dora"])
        for words in [
            ["deployments"], ["show", "1"], ["query", "slow", "--factor", "0"],
            ["query", "actor", "ann"], ["report", "--since", "-1h"], ["events"],
            ["query", "timeline", "--around", "now"],
        ] {
            #expect(try stats(words).contains(shown), "\(words)")
        }
        for (actor, numbers) in [("ann", ["1"]), ("dora", ["2"]), (own, ["2", "1"]), ("eve", [])] {
            let listed = try stats(["deployments", "--actor", actor, "--format", "csv"])
                .split(whereSeparator: \.isNewline).dropFirst()
            #expect(listed.count == numbers.count, "\(actor)")
        }
        #expect(
            try stats(["query", "actor", "ann", "--format", "csv"]).split(
                whereSeparator: \.isNewline
            ).count
                == 2)
        #expect(
            try ChildProcess.run(
                [BuiltTool.path("deploystats"), "verify"], environment: fixture.environment()
            ).code == 0)
    }

    @Test func `claiming one's own name is not recorded, and a secret in a claim is masked`() throws
    {
        #expect(try fixture.run(["--actor", own, "true"]).code == 0)
        #expect(
            try fixture.run(["--actor", "ghp_" + String(repeating: "a1B2", count: 9), "true"]).code
                == 0)
        let list = try stats(["deployments"])
        #expect(!list.contains("\(own) via"))
        #expect(list.contains("via \(own)") && !list.contains("a1B2a1B2"), "\(list)")
    }

    @Test func `a forced unlock carries the claim, too`() throws {
        let held = try fixture.hold("a")
        let result = try ChildProcess.run(
            [BuiltTool.path("check-deploy-lock"), "--force-unlock", "--yes", "--reason", "x"],
            environment: fixture.environment(["DEPLOY_ACTOR": "ann", "SUDO_USER": "eve"]))
        #expect(result.code == 0, "\(result.errors)")
        _ = try held.finish()
        #expect(
            try fixture.query(
                "SELECT DISTINCT actor || ' ' || (record ->> '$.claimed_actor') || ' ' || (record ->> '$.sudo_user') FROM event WHERE kind = 'forced_unlock'"
            )
                == ["\(own) ann eve"])
        #expect(held.errors.contains("ann via \(own)"), "\(held.errors)")
        #expect(try stats(["query", "forced-unlocks"]).contains("ann via \(own)"))
        #expect(try stats(["show", "1"]).contains("ann via \(own)"))
    }

    @Test func `a job's environment says what it deploys, and options override it`() throws {
        let job = [
            "GITHUB_ACTIONS": "true", "GITHUB_SHA": "c0ffee", "GITHUB_REF_NAME": "main",
            "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "o/n",
            "GITHUB_RUN_ID": "7", "GITHUB_RUN_ATTEMPT": "2", "GITHUB_ACTOR": "ann",
        ]
        #expect(try fixture.run(["true"], environment: job).code == 0)
        #expect(
            try fixture.run(
                ["--sha", "beef", "--actor", "bob", "--run-url", "https://x/1", "true"],
                environment: job.merging(["DEPLOY_REF": "v2", "DEPLOY_SOURCE": "mine"]) { $1 }
            ).code == 0)
        #expect(
            try fixture.query(
                """
                SELECT source || ' ' || sha || ' ' || ref || ' ' || run_url || ' ' || claimed_actor
                    || ' ' || (SELECT coalesce(record ->> '$.run_attempt', '-') FROM event
                               WHERE seq = requested_seq)
                FROM deployment ORDER BY n
                """)
                == [
                    "gha c0ffee main https://github.com/o/n/actions/runs/7 ann 2",
                    "mine beef v2 https://x/1 bob -",
                ])
        #expect(try fixture.run(["true"], environment: ["GITLAB_CI": "true"]).code == 0)
        #expect(try fixture.query("SELECT source FROM deployment WHERE n = 3") == ["gitlab"])
    }
}
