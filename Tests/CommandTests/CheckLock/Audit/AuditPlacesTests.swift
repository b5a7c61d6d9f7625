import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite("Where audit looks, and what it says of that")
struct AuditPlacesTests {
    @Test(
        arguments: [
            ("justfile", "up:\n  @docker compose up -d\n", [2]),
            ("tasks.just", "up:\n    docker compose up\n", [2]),
            (
                "web.service",
                "[Service]\nDescription=docker cp a b\nExecStart=-/usr/bin/docker compose up\n", [3]
            ),
            ("web.service", "[Service]\nExecStop=/bin/sh -c 'docker restart web'\nUser=x\n", [2]),
            ("web.service", "[Service]\nExecStart=docker \\\n  restart web\n", [2]),
            (
                "web.service",
                "[Service]\nExecStart=/usr/local/bin/deploy-with-lock docker cp a b\n", []
            ),
            ("web.service.d/10.conf", "[Service]\nExecStartPre=+docker restart web\n", [2]),
            (
                "fabfile.py",
                "def deploy(c):\n    \"\"\"docker.\"\"\"\n    c.run(\"docker compose up -d\")\n",
                [3]
            ),
            (
                "deploy.py",
                "import subprocess\nsubprocess.run([\"docker\", \"compose\", \"up\"])\n", [2]
            ),
            (
                "deploy.rb",
                "task :x do\n  sh 'docker restart web'\n  puts 'docker restart web'\nend\n", [2]
            ),
            ("other.py", "os.system('docker restart web')\n", []),
            ("Jenkinsfile", "// docker compose up\nsh 'docker compose up -d'\n", [2]),
            (".git/hooks/post-receive", "#!/bin/sh\ndocker restart web\n", [2]),
            (".git/hooks/post-merge", "docker restart web\n", [1]),
            (".git/hooks/post-merge.sample", "docker restart web\n", []),
            (".husky/pre-push", "docker compose up\n", [1]),
            ("deploy", "#!/usr/bin/env python3\nos.system('docker restart web')\n", [2]),
            ("x.cron", "5 4 * * * sh%docker restart web%exit\n", [1]),
            ("x.cron", "5 4 * * * cat%docker restart web\n", []),
            ("x.cron", "5 4 * * * echo 90\\% && docker restart web\n", [1]),
            ("anacrontab", "7 10 web docker restart web\n", [1]),
            ("anacrontab", "@monthly 10 web docker restart web\n", [1]),
        ]
    )
    func `each kind of file is read as what it is`(name: String, text: String, lines: [Int]) throws
    {
        #expect(try AuditFixture.lines(text, in: name) == lines, "\(name)")
    }

    @Test func `a link is read once, as the file it leads to, whatever it is called`() throws {
        let audit = try AuditFixture([
            "app/nightly": "30 4 * * * root docker restart web\n",
            "app/run.sh": "docker cp a b:c\n",
        ])
        try audit.fixture.makeFolder("tree/cron.d")
        try audit.fixture.makeFolder("elsewhere")
        audit.fixture.write("elsewhere/x.sh", "docker restart web\n")
        func link(_ target: String, _ name: String) {
            #expect(symlink(target, audit.fixture.directory.file(name)) == 0)
        }
        link("../app/nightly", "tree/cron.d/nightly")
        link("run.sh", "tree/app/zz.sh")
        link("nowhere", "tree/app/gone.sh")
        link("loop", "tree/app/loop")
        link("..", "tree/app/up")
        link("../../elsewhere", "tree/app/out")
        #expect(try audit.findings() == ["app/run.sh:1", "cron.d/nightly:1"])
        let errors = try audit.run().errors
        let out =
            "\(audit.tree)/app/out was not followed: it is a link to the directory "
            + audit.fixture.directory.file("elsewhere")
        #expect(errors.contains(out), "\(errors)")
        #expect(!errors.contains("app/up"))
        // Named, it is read.
        #expect(try audit.run([audit.tree + "/app/out"]).code == 1)
    }

    @Test func `a timer given by name leads to what it starts`() throws {
        let unit = "[Service]\nExecStart=docker restart web\n"
        let audit = try AuditFixture([
            "a.timer": "[Timer]\nOnCalendar=daily\n", "a.service": unit,
            "b.timer": "[Timer]\nUnit=c.service\n", "c.service": unit, "d.timer": "[Timer]\n",
        ])
        #expect(try audit.findings([audit.tree + "/a.timer"]) == ["a.service:2"])
        #expect(try audit.findings([audit.tree + "/b.timer"]) == ["c.service:2"])
        let none = try audit.run([audit.tree + "/d.timer"])
        #expect(none.errors.contains("d.service, which d.timer starts, is not there"))
    }

    @Test func `the summary counts the files with findings and says what was read`() throws {
        let audit = try AuditFixture([
            "a.sh": "docker restart a\ndocker restart b\n", "b.yml": "run: docker cp a b:c\n",
            "c.sh": "true\n", "d.md": "docker restart\n", "e.sh": "x\u{0}y\n", "justfile": "a:\n",
        ])
        let errors = try audit.run().errors
        #expect(
            errors.contains("3 lines of 2 files deploy outside deploy-with-lock; "), "\(errors)")
        #expect(
            errors.contains(
                "(read: 4 files (2 shell scripts, 1 YAML file, 1 file of recipes); "
                    + "1 other file not read)"), "\(errors)")
        #expect(errors.contains("\(audit.tree)/e.sh was not read: it is not text"))
    }

    @Test(
        .enabled(if: PrivateMounts.arePossible)
    )
    func `root reads the crontabs of all users, and others are told that they cannot`() throws {
        let fixture = try Fixture()
        let mounts = try PrivateMounts(
            """
            mount -t tmpfs -o mode=755 none /var/spool; umask 022
            mkdir -p /var/spool/cron/crontabs; chmod 700 /var/spool/cron/crontabs
            echo '0 4 * * * docker restart ann' > /var/spool/cron/crontabs/ann
            echo '0 4 * * * docker restart bob' > /var/spool/cron/bob
            """)
        let root = try mounts.run(
            [BuiltTool.path("check-deploy-lock"), "audit"], environment: fixture.environment())
        #expect(root.code == 1)
        for line in ["crontabs/ann:1: 0 4 * * * docker restart ann", "bob:1: 0 4 * * * docker"] {
            #expect(root.output.contains("/var/spool/cron/" + line), "\(root.output)")
        }
        let other = try OtherUser(tool: "check-deploy-lock")
        let result = try mounts.run(
            OtherUser.prefix + [other.tool, "audit"], environment: fixture.environment())
        #expect(result.errors.contains("other users' crontabs were not read ("), "\(result.errors)")
        #expect(result.errors.contains("; root can\n"))
        #expect(result.code == 2)
    }
}
