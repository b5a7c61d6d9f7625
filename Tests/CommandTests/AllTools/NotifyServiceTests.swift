import Glibc
import SystemCalls
import TestSupport
import Testing

/// The scripts that tell through a program of the system.
@Suite("Examples of notifications through programs")
struct NotifyServiceTests {
    private func script(_ name: String) -> String { Repository.path("examples/notify/" + name) }

    @Test func `mail goes to sendmail as a whole message`() throws {
        let fixture = try Fixture()
        fixture.write("sendmail", "#!/bin/sh\necho \"$@\" > $HERE/arguments\ncat > $HERE/mail\n")
        chmod(fixture.directory.file("sendmail"), 0o755)
        let result = try fixture.run(
            [
                "--notify", script("mail"), "--run-url", "https://ci.example/7", "--ref",
                "päckchen",
                "sh", "-c", "exit 3",
            ],
            environment: [
                "SENDMAIL": fixture.directory.file("sendmail"), "MAIL_TO": "ops@example.org",
                "MAIL_FROM": "deploy@example.org",
            ])
        #expect(result.code == 3)
        #expect(!result.errors.contains("--notify"), "\(result.errors)")
        #expect(fixture.lines("arguments") == ["-i -t"])
        let mail = fixture.read("mail")
        for line in [
            "To: ops@example.org\n", "From: deploy@example.org\n",
            "Auto-Submitted: auto-generated\n",
            "Subject: ", "\n#1: https://ci.example/7\n", "failed with exit code 3",
        ] { #expect(mail.contains(line), "\(mail)") }

        let refused = try fixture.run(
            ["--notify", script("mail"), "false"],
            environment: ["SENDMAIL": "/bin/false", "MAIL_TO": "ops@example.org"])
        #expect(refused.code == 1)
        #expect(refused.errors.contains("mail: /bin/false exited with 1\n"), "\(refused.errors)")
        #expect(refused.errors.contains("the command of --notify exited with 1\n"))
    }

    @Test(.enabled(if: GitHubStandIn.isPossible))
    func `GitHub is told of each deployment and its status`() throws {
        let (fixture, github) = (try Fixture(), try GitHubStandIn())
        var environment = github.environment
        environment["GH_TOKEN"] = nil
        environment["NOTIFY_GH_TOKEN"] = "secret"
        environment["GITHUB_DEPLOY_REPOSITORY"] = "o/n"
        for command in ["true", "false"] {
            let result = try fixture.run(
                [
                    "--notify", script("github"), "--notify-on", "all", "--sha", "abc1",
                    "--run-url", "https://ci.example/7", command,
                ], environment: environment)
            #expect(!result.errors.contains("--notify"), "\(result.errors)")
        }
        let made = github.made
        try #require(made.count == 4, "\(made)")
        #expect(made[0].hasPrefix("/repos/o/n/deployments {"))
        #expect(made[0].contains(#""environment": "production""#) && made[0].contains(#""abc1""#))
        #expect(made[1].hasPrefix("/repos/o/n/deployments/7/statuses {"))
        #expect(made[1].contains(#""log_url": "https://ci.example/7""#))
        #expect(made[1].contains(#""state": "success""#))
        #expect(made[3].contains(#""state": "failure""#))

        // Without a commit there is nothing to tell.
        let unknown = try fixture.run(
            ["--notify", script("github"), "--notify-on", "all", "false"], environment: environment)
        #expect(!unknown.errors.contains("--notify"), "\(unknown.errors)")
        #expect(github.made.count == 4)

        environment["GITHUB_DEPLOY_REPOSITORY"] = "o/other"
        let refused = try fixture.run(
            ["--notify", script("github"), "--sha", "abc1", "false"], environment: environment)
        #expect(refused.code == 1)
        #expect(refused.errors.contains("github: gh: Not Found (HTTP 404)"), "\(refused.errors)")
    }
}
