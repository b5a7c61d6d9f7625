import Glibc
import SystemCalls
import TestSupport
import Testing

/// The examples are checked with what others check theirs with; scripts/test installs it.
@Suite("Examples")
struct ExamplesTests {
    private static let root = Repository.root
    private static let validators = root + "/.build/validators/bin/"
    private static var haveValidators: Bool { FileSystem.exists(validators + "zizmor") }
    private static let haveSystemd =
        (try? ChildProcess.run(["systemd-analyze", "--version"]))?.code == 0

    private func path(_ name: String) -> String { Self.root + "/examples/" + name }

    private static let actions = [
        "github-actions/connect/action.yml", "github-actions/check-deploy-queue/action.yml",
    ]

    @Test(.enabled(if: haveValidators))
    func `the workflow and actions follow GitHub's published schemas`() throws {
        let tool = Self.validators + "check-jsonschema"
        let workflow = try ChildProcess.run([
            tool, "--builtin-schema", "vendor.github-workflows", path("github-actions/deploy.yml"),
        ])
        #expect(workflow.code == 0, "\(workflow.output)")
        let actions = try ChildProcess.run(
            [tool, "--builtin-schema", "vendor.github-actions"] + Self.actions.map(path))
        #expect(actions.code == 0, "\(actions.output)")
    }

    @Test(.enabled(if: haveValidators))
    func `an auditor of workflows has no findings`() throws {
        let result = try ChildProcess.run(
            [Self.validators + "zizmor", "--offline", "--no-progress", "--min-severity", "medium"]
                + [path("github-actions/deploy.yml")] + Self.actions.map(path))
        #expect(result.code == 0, "\(result.output)\(result.errors)")
        #expect(result.errors.contains("completed \(path("github-actions/deploy.yml"))"))
    }

    @Test(.enabled(if: haveSystemd))
    func `systemd accepts the service and timer`() throws {
        let directory = try TemporaryDirectory()
        let units = ["deploy-report", "deploy-report-mail"].flatMap {
            ["\($0).timer", "\($0).service"]
        }
        for name in units {
            // Where the tools are in this test.
            let text = String(decoding: try FileSystem.read(path("systemd/" + name)), as: UTF8.self)
            try GitHubStandIn.write(
                text.replacing("/usr/local/bin/deploystats", with: BuiltTool.path("deploystats")),
                to: directory.file(name))
        }
        let result = try ChildProcess.run(
            ["systemd-analyze", "verify", "--man=no"]
                + units.map(directory.file))
        #expect(result.code == 0, "\(result.errors)")
        let calendar = try ChildProcess.run(["systemd-analyze", "calendar", "Mon 07:00"])
        #expect(calendar.code == 0)
    }

    @Test(.enabled(if: haveSystemd))
    func `systemd accepts the dashboard's service and finds it well confined`() throws {
        let directory = try TemporaryDirectory()
        let name = "deploy-dashboard.service"
        let text = String(decoding: try FileSystem.read(path("systemd/" + name)), as: UTF8.self)
        try GitHubStandIn.write(
            text.replacing(
                "/usr/local/bin/deploy-dashboard", with: BuiltTool.path("deploy-dashboard")),
            to: directory.file(name))
        let valid = try ChildProcess.run([
            "systemd-analyze", "verify", "--man=no", directory.file(name),
        ])
        #expect(valid.code == 0, "\(valid.errors)")
        // 0 is no access to anything, 10 is all that a user can do; in tenths.
        let confined = try ChildProcess.run([
            "systemd-analyze", "security", "--offline=yes", "--threshold=20", directory.file(name),
        ])
        #expect(confined.code == 0, "\(confined.output)\(confined.errors)")
    }

    @Test func `a deployment over SSH carries commit, branch and run, whatever their names`() throws
    {
        let queue = try QueueFixture()
        let ssh = try Self.fakeSSH(queue.fixture)
        var job = queue.job(run: 77)
        job["GITHUB_REF_NAME"] = "it's-$(false)-`x`"
        job["PATH"] = ssh
        let result = try ChildProcess.run(
            [
                path("github-actions/deploy-over-ssh"), "docker", "sh", "-c",
                "echo \"<$REVISION>\"; exit 3",
            ], environment: queue.environment(job))
        #expect(result.code == 3, "\(result.errors)")
        #expect(result.output == "<\(QueueFixture.sha)>\n")
        #expect(queue.fixture.read("ssh.options") == "-tt deploy-server\n")
        #expect(
            try queue.fixture.query(
                "SELECT source || tier || sha || ref || run_url || exit_code FROM deployment")
                == [
                    "ghadocker\(QueueFixture.sha)it's-$(false)-`x`"
                        + "https://github.com/o/n/actions/runs/773"
                ])
    }

    @Test(
        .enabled(if: haveValidators && GitHubStandIn.isPossible)
    )
    func `the composite action's step decides, records and sets its outputs`() throws {
        let queue = try QueueFixture([QueueFixture.three, QueueFixture.compare("behind")])
        queue.fixture.write("step.sh", try Self.step("check-deploy-queue"))
        var job = queue.job()
        job["PATH"] = try Self.fakeSSH(queue.fixture)
        job["RUNNER_TEMP"] = queue.fixture.directory.path
        job["THRESHOLD"] = "3"
        job["POLICY"] = "threshold"
        job["MAX_AGE"] = "10000d"
        let step = ["bash", "-e", queue.fixture.directory.file("step.sh")]
        let result = try ChildProcess.run(step, environment: queue.environment(job))
        #expect(result.code == 0, "\(result.errors)")
        #expect(queue.fixture.read("output").hasPrefix("should_skip=true\nqueue_length=3\n"))
        #expect(try queue.fixture.query("SELECT outcome FROM deployment") == ["skipped"])

        // The server cannot be reached: the run deploys.
        job["NO_SERVER"] = "1"
        job["GITHUB_OUTPUT"] = queue.fixture.directory.file("output2")
        let open = try ChildProcess.run(step, environment: queue.environment(job))
        #expect(open.code == 0, "\(open.errors)")
        #expect(queue.fixture.read("output2") == "should_skip=false\n")

        // The server's tool is for another kind of processor, or dies.
        job["NO_SERVER"] = nil
        for (name, tool) in [("foreign", "\u{7f}ELF\u{1}\n"), ("dying", "#!/bin/sh\n[ $# = 1 ]\n")]
        {
            queue.fixture.write(name, tool)
            chmod(queue.fixture.directory.file(name), 0o755)
            job["TOOL"] = queue.fixture.directory.file(name)
            job["GITHUB_OUTPUT"] = queue.fixture.directory.file(name + ".output")
            let odd = try ChildProcess.run(step, environment: queue.environment(job))
            #expect(odd.code == 0, "\(odd.errors)")
            #expect(odd.output.contains("::warning::"))
            #expect(queue.fixture.read(name + ".output") == "should_skip=false\n")
        }
    }

    @Test(
        .enabled(if: haveValidators && haveSSH),
        arguments: [
            ("server.example.com", "server.example.com", "22", "server.example.com"),
            ("server:2222", "server", "2222", "[server]:2222"),
            ("[2001:db8::1]:2222", "2001:db8::1", "2222", "[2001:db8::1]:2222"),
            ("2001:db8::1", "2001:db8::1", "22", "2001:db8::1"),
        ]
    )
    func `the connecting step finds the server's port, and its key under ssh's name for it`(
        host: String, name: String, port: String, known: String
    ) throws {
        let fixture = try Fixture()
        fixture.write("step.sh", try Self.step("connect"))
        let home = fixture.directory.file("home")
        try FileSystem.makeDirectory(home, mode: 0o700)
        let key =
            "\(known) ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPkZgCuNkuLVVNc4+HGy5GvPvWvTWXV3dGlQeFvK+iRh"
        let result = try ChildProcess.run(
            ["bash", "-e", fixture.directory.file("step.sh")],
            environment: [
                "HOME": home, "HOST": host, "NAME": "deploy", "KEY": "k", "KNOWN_HOSTS": key,
            ])
        #expect(result.code == 0, "\(result.errors)")
        let settings = try ChildProcess.run([
            "ssh", "-F", home + "/.ssh/config", "-G", "deploy-server",
        ]).output.split(separator: "\n")
        #expect(settings.contains("hostname \(name)"))
        #expect(settings.contains("port \(port)"))
        #expect(settings.contains("user deploy"))
        // What ssh looks for is the name, with a port that is not 22 beside it.
        #expect(!settings.contains { $0.hasPrefix("hostkeyalias") })
        let found = try ChildProcess.run([
            "ssh-keygen", "-F", port == "22" ? name : "[\(name)]:\(port)", "-f",
            home + "/.ssh/known_hosts",
        ])
        #expect(found.code == 0, "\(found.errors)")
    }

    @Test func `only the jobs that deploy are in the environment that people approve`() throws {
        let text = String(
            decoding: try FileSystem.read(path("github-actions/deploy.yml")), as: UTF8.self)
        var job = ""
        var approved: [String] = []
        for line in text.split(separator: "\n") {
            if let match = line.wholeMatch(of: /\ {2}([a-z-]+):/) { job = String(match.1) }
            if line == "    environment: production" { approved.append(job) }
        }
        #expect(approved == ["deploy-fast", "deploy-docker"])
    }

    private static let haveSSH = (try? ChildProcess.run(["ssh", "-V"]))?.code == 0

    /// The shell code of a composite action.
    private static func step(_ action: String) throws -> String {
        let read = """
            import sys, ruamel.yaml
            print(ruamel.yaml.YAML(typ="safe").load(open(sys.argv[1]))["runs"]["steps"][0]["run"])
            """
        let script = try ChildProcess.run([
            validators + "python", "-c", read,
            root + "/examples/github-actions/\(action)/action.yml",
        ])
        #expect(script.code == 0, "\(script.errors)")
        return script.output
    }

    /// A directory with an `ssh` that does what the real one does with a command line, here, and an
    /// `scp` from `/usr/local/bin` there; the value of `PATH` that leads to both and to our tools.
    private static func fakeSSH(_ fixture: Fixture) throws -> String {
        try FileSystem.makeDirectory(fixture.directory.file("bin"), mode: 0o755)
        let programs = [
            "ssh": """
            #!/bin/sh
            options=
            while [ "$1" != deploy-server ]; do options="$options$1 "; shift; done
            echo "${options}$1" >>"$HERE/ssh.options"
            shift
            exec sh -c "$*"
            """,
            "scp": """
            #!/bin/sh
            [ -z "$NO_SERVER" ] || exit 255
            exec ln -sf "${TOOL:-\(BuiltTool.path(""))${2##*/}}" "$3"
            """,
        ]
        for (name, text) in programs {
            fixture.write("bin/" + name, text + "\n")
            chmod(fixture.directory.file("bin/" + name), 0o755)
        }
        let path = Environment.value("PATH") ?? "/usr/bin:/bin"
        return "\(fixture.directory.file("bin")):\(BuiltTool.path("")):\(path)"
    }
}
