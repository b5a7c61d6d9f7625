import SystemCalls
import TestSupport
import Testing

/// No secret that can be recognised gets to a file or to the terminal, whichever way it was given.
@Suite struct SecretTests {
    private static let secret = "hunter2"

    /// Every file below the fixture's directory in which the secret stands.
    private func leaks(_ fixture: Fixture) throws -> String {
        try ChildProcess.run(["grep", "-rla", Self.secret, fixture.directory.path]).output
    }

    @Test(arguments: [
        ["mysqldump", "-phunter2", "shop"], ["sshpass", "-p", "hunter2", "true"],
        ["env", "PGPASSWORD=hunter2", "true"], ["curl", "-u", "ann:hunter2", "https://x"],
        ["sh", "-c", "mysql -phunter2"],
    ])
    func `a command's secrets are written nowhere`(_ command: [String]) throws {
        let fixture = try Fixture()
        // Does nothing with its arguments, so that no machine needs the programs.
        _ = try fixture.run(["sh", "-c", ":", "sh"] + command)
        #expect(try fixture.outcomes() == ["1 succeeded"])
        #expect(try leaks(fixture) == "")
    }

    @Test(arguments: [
        ["--run-url", "https://ci:hunter2@ci.example/1"], ["--ref", "https://x:hunter2@git/x"],
        ["--tier", "password=hunter2"], ["--source", "token=hunter2"],
        ["--message", "with PGPASSWORD=hunter2"], ["--sha", "ghp_hunter2hunter2hunter2hunter2x0"],
    ])
    func `an option's secret is not hashed in either`(_ options: [String]) throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a", options: options)
        #expect(try leaks(fixture) == "")
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        #expect(try fixture.run(options + ["no-such-command-anywhere"]).code == 127)
        #expect(try leaks(fixture) == "")
        #expect(
            try fixture.query("SELECT count(*) FROM event WHERE record LIKE '%***%'")
                == [options[0] == "--message" ? "0" : "2"])
    }

    @Test func `own patterns apply in every tool`() throws {
        let fixture = try Fixture()
        let environment = ["DEPLOY_MASK": "ACME_*=, acme-*"]
        let options = ["--message", "for acme-hunter2", "--ref", "acme-hunter2"]
        let command = ["sh", "-c", ":", "sh", "ACME_SEAT=hunter2", "--acme-seat", "hunter2"]
        #expect(try fixture.run(options + ["--"] + command, environment: environment).code == 0)
        #expect(try leaks(fixture) == "")
        let flawed = try fixture.run(["true"], environment: ["DEPLOY_MASK": "* acme-*"])
        #expect(flawed.code == 0)
        #expect(
            flawed.errors.contains("warning: DEPLOY_MASK: '*' would hide too much"),
            "\(flawed.errors)")
    }

    @Test func `an unrecorded process's command line is masked where it is shown`() throws {
        let fixture = try Fixture()
        let command = "exec flock deploy.lock sh -c 'sleep 600; :' sh '--password=hunter2 three'"
        let stranger = try ChildProcess(
            ["sh", "-c", "cd $HERE; \(command) -uann:hunter2"],
            environment: fixture.environment())
        #expect(eventually { (try? fixture.isFree) == false })
        let refused = try fixture.run(["--no-wait", "true"])
        #expect(refused.code == 1)
        #expect(refused.errors.contains("--password=***"), "\(refused.errors)")
        #expect(!refused.errors.contains(Self.secret) && !refused.errors.contains("three"))
        _ = consume stranger
    }
}
