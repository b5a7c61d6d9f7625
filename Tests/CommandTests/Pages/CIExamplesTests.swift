import Glibc
import SystemCalls
import TestSupport
import Testing

/// The examples for continuous integration have no findings of what others check theirs with, and each
/// of their scripts does what it should.
///
/// `scripts/peers/ci` plays them as a whole.
@Suite struct CIExamplesTests {
    private static let root = Repository.root
    private static let validators = root + "/.build/validators/bin/"
    private static var haveValidators: Bool { FileSystem.exists(validators + "zizmor") }

    private func path(_ name: String) -> String { Self.root + "/examples/" + name }

    private static let workflows = ["github-actions/deploy.yml", "gitea/deploy.yml"]
    private static let actions = [
        "github-actions/connect/action.yml", "github-actions/check-deploy-queue/action.yml",
    ]

    @Test(.enabled(if: haveValidators))
    func `the workflow and actions follow GitHub's published schemas`() throws {
        let tool = Self.validators + "check-jsonschema"
        let workflows = try ChildProcess.run(
            [tool, "--builtin-schema", "vendor.github-workflows"] + Self.workflows.map(path))
        #expect(workflows.code == 0, "\(workflows.output)")
        let actions = try ChildProcess.run(
            [tool, "--builtin-schema", "vendor.github-actions"] + Self.actions.map(path))
        #expect(actions.code == 0, "\(actions.output)")
    }

    @Test(.enabled(if: haveValidators))
    func `an auditor of workflows has no findings`() throws {
        let result = try ChildProcess.run(
            [Self.validators + "zizmor", "--offline", "--no-progress", "--min-severity", "medium"]
                + (Self.workflows + Self.actions).map(path))
        #expect(result.code == 0, "\(result.output)\(result.errors)")
        #expect(result.errors.contains("completed \(path("github-actions/deploy.yml"))"))
    }

    @Test(.enabled(if: haveValidators)) func `the pipeline follows GitLab's published schema`()
        throws
    {
        let pipeline = try ChildProcess.run([
            Self.validators + "check-jsonschema", "--builtin-schema", "vendor.gitlab-ci",
            "--data-transform", "gitlab-ci", path("gitlab-ci/gitlab-ci.yml"),
        ])
        #expect(pipeline.code == 0, "\(pipeline.output)")
    }

    @Test(.enabled(if: haveValidators && haveShellCheck))
    func `shellcheck has no findings in the steps of workflows, actions and the pipeline`() throws {
        let fixture = try Fixture()
        let files = Self.workflows + Self.actions + ["gitlab-ci/gitlab-ci.yml"]
        let read = """
            import sys, ruamel.yaml
            def steps(node):
                if isinstance(node, dict):
                    for key, value in node.items():
                        if key == "run": yield value
                        elif key in ("script", "before_script"): yield "\\n".join(value)
                        else: yield from steps(value)
                elif isinstance(node, list):
                    for value in node: yield from steps(value)
            number = 0
            for path in sys.argv[2:]:
                for text in steps(ruamel.yaml.YAML(typ="safe").load(open(path))):
                    number += 1
                    open(f"{sys.argv[1]}/step-{number}.bash", "w").write(text + "\\n")
            print(number)
            """
        let written = try ChildProcess.run(
            [Self.validators + "python", "-c", read, fixture.directory.path] + files.map(path))
        let count = try #require(Int(written.output.dropLast()), "\(written.errors)")
        #expect(count > 10)
        let steps = (1...count).map { fixture.directory.file("step-\($0).bash") }
        let checked = try ChildProcess.run(["shellcheck", "-s", "bash"] + steps)
        #expect(checked.code == 0, "\(checked.output)")
    }

    @Test func `a deployment over SSH carries commit, branch and run, whatever their names`() throws
    {
        let queue = try QueueFixture()
        let ssh = try Self.fakeSSH(queue.fixture)
        var job = queue.job(run: 77)
        job["GITHUB_REF_NAME"] = "it's-$(false)-`x`-größe"
        job["PATH"] = ssh
        let result = try ChildProcess.run(
            [
                path("ci/deploy"), "docker", "sh", "-c",
                "echo \"<$REVISION>\"; exit 3",
            ], environment: queue.environment(job))
        #expect(result.code == 3, "\(result.errors)")
        #expect(result.output == "<\(QueueFixture.sha)>\n")
        #expect(queue.fixture.read("ssh.options") == "-tt deploy-server\n")
        #expect(
            try queue.fixture.query(
                "SELECT source || tier || sha || ref || run_url || exit_code FROM deployment")
                == [
                    "ghadocker\(QueueFixture.sha)it's-$(false)-`x`-größe"
                        + "https://github.com/o/n/actions/runs/773"
                ])
    }

    @Test(arguments: ["", "it's", "two\nlines\n", "größe", "$(false) `x` \\ & \"", "-n", "!*?~"])
    func `a word is quoted for any shell`(word: String) throws {
        for shell in [["sh"], ["bash"], ["busybox", "sh"]] where Self.have(shell[0]) {
            let line = try ChildProcess.run([path("ci/quote"), "printf", "<%s>", word, "end"])
            let said = try ChildProcess.run(shell + ["-c", line.output])
            #expect(said.output == "<\(word)><end>", "\(shell): \(line.output)")
        }
    }

    @Test func `the files of a commit are carried to a folder of their own`() throws {
        let fixture = try Fixture()
        let ssh = try Self.fakeSSH(fixture)
        let target = fixture.directory.file("größe")
        let script = """
            git init -q repository && cd repository && echo one >file && git add file
            git -c user.name=Ann -c user.email=ann@example.org commit -qm One
            "$UPLOAD" "$TARGET" && cat "$TARGET/releases/$(git rev-parse HEAD)/file"
            """
        let result = try ChildProcess.run(
            ["sh", "-ec", "cd \"$HERE\"\n" + script],
            environment: fixture.environment([
                "PATH": ssh, "UPLOAD": path("ci/upload"), "TARGET": target,
            ]))
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output.hasSuffix("\none\n"), "\(result.output)")
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
        job["WORKFLOW_REF"] = "o/n/.github/workflows/deploy.yml@refs/heads/main"
        // Where the repository has ci/.
        let step = [
            "sh", "-c", "cd \"$0\" && exec bash -e \"$1\"", path(""),
            queue.fixture.directory.file("step.sh"),
        ]
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

        // The server's tool dies.
        job["NO_SERVER"] = nil
        queue.fixture.write("dying", "#!/bin/sh\n[ $# = 1 ]\n")
        job["TOOL"] = queue.fixture.directory.file("dying")
        job["GITHUB_OUTPUT"] = queue.fixture.directory.file("output3")
        let odd = try ChildProcess.run(step, environment: queue.environment(job))
        #expect(odd.code == 0, "\(odd.errors)")
        #expect(odd.output.contains("::warning::"))
        #expect(queue.fixture.read("output3") == "should_skip=false\n")

        // It is for another kind of processor: the server decides.
        queue.fixture.write("foreign", "\u{7f}ELF\u{1}\n")
        job["TOOL"] = queue.fixture.directory.file("foreign")
        job["GITHUB_OUTPUT"] = queue.fixture.directory.file("output4")
        let far = try ChildProcess.run(step, environment: queue.environment(job))
        #expect(far.code == 0, "\(far.errors)")
        let outputs = queue.fixture.lines("output4")
        #expect(
            outputs.prefix(4) == [
                "should_skip=true", "queue_length=3", "reason=queue_full", "frozen_until=",
            ])
        #expect(outputs.last?.hasPrefix("notice=Skipped: 3 deployments are pending") == true)
        // The same attempt of the same run is recorded once.
        #expect(try queue.fixture.query("SELECT outcome FROM deployment") == ["skipped"])
    }

    @Test(
        .enabled(if: haveSSH),
        arguments: [
            ("server.example.com", "server.example.com", "22", "server.example.com"),
            ("server:2222", "server", "2222", "[server]:2222"),
            ("[2001:db8::1]:2222", "2001:db8::1", "2222", "[2001:db8::1]:2222"),
            ("2001:db8::1", "2001:db8::1", "22", "2001:db8::1"),
        ]
    )
    func `connecting finds the server's port, and its key under ssh's name for it`(
        host: String, name: String, port: String, known: String
    ) throws {
        let fixture = try Fixture()
        let home = fixture.directory.file("home")
        try FileSystem.makeDirectory(home, mode: 0o700)
        let key =
            "\(known) ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPkZgCuNkuLVVNc4+HGy5GvPvWvTWXV3dGlQeFvK+iRh"
        let result = try ChildProcess.run(
            [path("ci/connect")],
            environment: [
                "HOME": home, "DEPLOY_HOST": host, "DEPLOY_KEY": "k", "DEPLOY_KNOWN_HOSTS": key,
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

    private static let haveShellCheck = have("shellcheck")
    private static let haveSSH = have("ssh")

    private static func have(_ program: String) -> Bool {
        (try? ChildProcess.run(["which", program]))?.code == 0
    }

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

    /// A directory with an `ssh` that does what the real one does with a command line, here, and
    /// prints `TOOL` for a program; the value of `PATH` that leads to it and to our tools.
    private static func fakeSSH(_ fixture: Fixture) throws -> String {
        try FileSystem.makeDirectory(fixture.directory.file("bin"), mode: 0o755)
        fixture.write(
            "bin/ssh",
            """
            #!/bin/sh
            options=
            while [ "$1" != deploy-server ]; do options="$options$1 "; shift; done
            echo "${options}$1" >>"$HERE/ssh.options"
            shift
            [ -z "$NO_SERVER" ] || exit 255
            unset GITHUB_OUTPUT GITHUB_STEP_SUMMARY
            case $* in cat*) [ -z "$TOOL" ] || exec cat "$TOOL" ;; esac
            exec sh -c "$*"

            """)
        chmod(fixture.directory.file("bin/ssh"), 0o755)
        let path = Environment.value("PATH") ?? "/usr/bin:/bin"
        return "\(fixture.directory.file("bin")):\(BuiltTool.path("")):\(path)"
    }
}
