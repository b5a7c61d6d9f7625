import TestSupport
import Testing

@Suite("audit reads deploy programs in other languages")
struct AuditProgramTests {
    @Test(
        arguments: [
            ("c.run(f\"docker restart {name}\")", [1]), ("os.system(r'docker cp a b')", [1]),
            ("subprocess.run([\"docker\", \"compose\", \"up\"], check=True)", [1]),
            ("run([\n    \"docker\",  # the client\n    \"compose\",\n    \"up\",\n])\n", [2]),
            ("check_call(\n    'cd /srv && docker restart web',\n    shell=True)\n", [2]),
            ("# don't\nrun('docker restart web')\n", [2]),
            ("run('ssh host \"docker restart web\"')", [1]),
            ("x = 'a'\nrun(\"docker-compose up\")\nrun(('docker', 'restart', 'b'))\n", [2, 3]),
        ]
    )
    func `a command in a string or in a list of words is found`(text: String, lines: [Int]) throws {
        #expect(try AuditFixture.lines(text, in: "deploy.py") == lines, "\(text)")
    }

    @Test(
        arguments: [
            ("deploy.js", "execSync(`docker restart ${name}`);\n", [1]),
            ("deploy.mjs", "spawn('docker', ['compose', 'up'], () => {\n  log('x');\n});\n", [1]),
            ("deploy.php", "/*\n * docker restart a\n */\nrun('docker restart web');\n", [4]),
            ("Rakefile", "task :up do\n  sh %w[docker compose up].join(' ')\nend\n", [2]),
            ("deploy.rb", "execute 'x' # docker cp a b\n", []),
            ("Jenkinsfile", "stage('x') {\n  sh '''\n    docker compose up -d\n  '''\n}\n", [3]),
        ]
    )
    func `deploy programs in other languages are read`(name: String, text: String, lines: [Int])
        throws
    {
        #expect(try AuditFixture.lines(text, in: name) == lines, "\(text)")
    }

    @Test(
        arguments: [
            "print(\"docker restart web\")", "# docker restart web",
            "run([\"deploy-with-lock\", \"docker\", \"compose\", \"up\"])",
            "run('deploy-with-lock docker restart web')",
            "run('docker restart web')  # check-deploy-lock: ok",
            "args = [\"docker\"]\nprint(\"compose\", \"up\")\n",
        ]
    )
    func `text for people or under the lock is left alone in a program`(_ text: String) throws {
        #expect(try AuditFixture.lines(text + "\n", in: "fabfile.py") == [], "\(text)")
    }

    @Test func `a bracket that never closes does not swallow the rest`() throws {
        let rows = (1...60).map { _ in "x = 1" }.joined(separator: "\n")
        let text = "a = (\n\(rows)\nprint('x')\nrun('docker restart web')\n"
        #expect(try AuditFixture.lines(text, in: "deploy.py") == [63])
    }
}
