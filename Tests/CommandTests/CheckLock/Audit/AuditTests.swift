import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite struct AuditTests {
    /// The lines that are found in a file of that name and content.
    private func lines(
        _ text: String, name: String = "deploy.sh", _ options: [String] = []
    ) throws -> [Int] {
        let fixture = try Fixture()
        fixture.write(name, text)
        let path = fixture.directory.file(name)
        let result = try fixture.look(["audit"] + options + [path])
        let found = result.output.split(separator: "\n").compactMap { line -> Int? in
            #expect(line.hasPrefix(path + ":"), "\(line)")
            return Int(line.dropFirst(path.count + 1).prefix { $0 != ":" })
        }
        #expect(result.code == (found.isEmpty ? 0 : 1), "\(result.errors)")
        return found
    }

    @Test(arguments: [
        "docker cp app web:/srv", "docker compose up -d", "docker-compose up", "docker restart web",
        "  sudo -u deploy /usr/bin/docker compose -f prod.yml up -d web",
        "cd /srv && docker restart x",
        "docker --context prod compose -p web up", "docker-compose -f a.yml up -d",
        "if true; then docker restart web; fi", "A=1 docker cp a b:c > log 2>&1 &",
        "ssh host 'cd /srv && docker compose up -d'", "ssh host docker restart web",
        "sh -c \"docker restart web\"", "echo $(docker restart web)", "x=`docker cp a b:c`",
        "echo \"done: $(docker restart web)\"", "deploy-with-lock true; docker restart web",
        "docker restart web | deploy-with-lock cat", "docker \\\n  restart web",
        "trap 'docker restart web' EXIT", "(docker restart web)", "{ docker restart web; }",
        "echo a # no\ndocker restart web # check",
        "cat <<EOF | ssh host sh\ndocker restart web\nEOF",
        "ssh host <<'EOF'\ndocker compose up -d\nEOF", "for h in a b; do docker restart $h; done",
        "echo \"it's\"; docker restart web",
    ])
    func `commands that deploy are found`(_ text: String) throws {
        #expect(try lines(text).count == 1, "\(text)")
    }

    @Test(arguments: [
        "deploy-with-lock docker compose up -d",
        "/usr/local/bin/deploy-with-lock -- docker cp a b:c",
        "# docker compose up", "echo docker restart web", "echo 'run docker compose up'",
        "printf '%s\\n' \"docker restart web\"", "grep -q 'docker restart' log", "docker ps",
        "docker compose down", "docker compose logs up.log", "docker run image cp a b",
        "cat <<EOF\ndocker compose up\nEOF\n", "cat <<-'END' > file\n\tdocker restart x\n\tEND\n",
        "deploy-with-lock sh -c 'cd /srv && docker compose up -d'",
        "ssh host 'deploy-with-lock docker restart web'",
        "ssh host deploy-with-lock docker restart web",
        "sudo deploy-with-lock --tier docker -- docker restart web",
        "[ -n \"$DEPLOY_ID\" ] || exec deploy-with-lock \"$0\" \"$@\"\ndocker compose up",
        "deploy-with-lock \\\n  --tier docker \\\n  docker compose up -d",
        "docker restart web # check-deploy-lock: ok",
        "deploy-with-lock sh <<EOF\ndocker cp a b:c\nEOF",
        "MESSAGE='docker restart web'", "git commit -m 'docker restart web'",
    ])
    func `commands that do not deploy are left alone`(_ text: String) throws {
        #expect(try lines(text) == [], "\(text)")
    }

    @Test func `a finding's line is that of the command`() throws {
        let script = """
            #!/bin/sh
            # docker restart a
            cat <<END
            docker restart b
            END
            sudo \\
              docker restart c
            ssh host '
              docker restart d
            '
            """
        #expect(try lines(script) == [7, 9])
    }

    @Test func `crontabs are read as crontabs`() throws {
        let user = """
            PATH=/usr/bin
            # 0 4 * * * docker restart a
            0 4 * * * docker restart b
            0 5 * * * echo docker restart c
            @reboot docker compose up -d
            */5 * * * * deploy-with-lock -- docker restart d
            0 6 * * * mail -s x root%docker restart e
            """
        #expect(try lines(user, name: "my.cron") == [3, 5])
        let fixture = try Fixture()
        mkdir(fixture.directory.file("cron.d"), 0o755)
        fixture.write(
            "cron.d/web", "0 4 * * * root docker restart b\n0 4 * * * root echo docker cp\n")
        let result = try fixture.look(["audit", fixture.directory.path])
        #expect(
            result.output == fixture.directory.file("cron.d/web")
                + ":1: 0 4 * * * root docker restart b\n")
    }

    @Test func `other files are read line by line`() throws {
        let workflow = """
            name: Don't stop
            steps:
              - run: docker compose up -d
              - run: echo docker compose up
              - run: ssh host "docker restart web"
              - run: deploy-with-lock docker compose up
            """
        #expect(try lines(workflow, name: "ci.yml") == [3, 5])
        #expect(
            try lines("[Service]\nExecStart=-/usr/bin/docker restart web\n", name: "web.service")
                == [2])
        #expect(try lines("up:\n\t@docker compose up -d\n", name: "Makefile") == [2])
    }

    @Test func `patterns replace the built-in ones`() throws {
        let script =
            "docker restart web\nrsync -a site/ host:/srv\nkubectl -n web rollout restart x\n"
        let options = ["--pattern", "rsync", "--pattern", "kubectl rollout restart"]
        #expect(try lines(script, options) == [2, 3])
        let fixture = try Fixture()
        #expect(try fixture.look(["audit", "--pattern", " ", "/dev/null"]).code == 64)
    }

    @Test func `directories are searched`() throws {
        let fixture = try Fixture()
        for name in ["a", "a/b", ".git"] { mkdir(fixture.directory.file(name), 0o755) }
        fixture.write("a/b/deploy", "#!/bin/bash\ndocker restart web\n")
        fixture.write("a/readme.md", "docker restart web\n")
        fixture.write("a/data.sh", "docker restart web\n\u{0}")
        fixture.write(".git/hook.sh", "docker restart web\n")
        #expect(symlink(fixture.directory.path, fixture.directory.file("a/loop")) == 0)
        let result = try fixture.look(["audit", fixture.directory.path + "/"])
        #expect(result.code == 1)
        #expect(
            result.output == fixture.directory.file("a/b/deploy") + ":2: docker restart web\n")
        #expect(result.errors.contains("1 line of 1 file deploys outside deploy-with-lock"))
    }

    @Test func `a script that is run under the lock is covered`() throws {
        let fixture = try Fixture()
        let script = fixture.directory.file("update")
        fixture.write("update", "#!/bin/sh\ndocker compose up -d\n")
        #expect(try fixture.look(["audit", fixture.directory.path]).code == 1)
        fixture.write("nightly.cron", "30 4 * * * deploy-with-lock --quiet -- \(script)\n")
        let result = try fixture.look(["audit", fixture.directory.path])
        #expect(result.code == 0, "\(result.output)")
    }

    @Test func `a file that cannot be read is reported`() throws {
        let fixture = try Fixture()
        let missing = fixture.directory.file("missing")
        let result = try fixture.look(["audit", missing])
        #expect(result.code == 2)
        #expect(result.errors.contains("\(missing): No such file or directory"))
        #expect(mkfifo(fixture.directory.file("fifo"), 0o666) == 0)
        #expect(try fixture.look(["audit", fixture.directory.file("fifo")]).code == 2)
    }

    @Test func `own and system crontabs are read without a path`() throws {
        let fixture = try Fixture()
        let program = fixture.directory.file("crontab")
        fixture.write(
            "crontab", "#!/bin/sh\n[ \"$1\" = -l ] && echo '0 4 * * * docker restart web'\n")
        chmod(program, 0o755)
        let path = "\(fixture.directory.path):/usr/bin:/bin"
        for arguments in [["audit"], ["audit", "--cron", "/dev/null"]] {
            let result = try fixture.look(arguments, environment: ["PATH": path])
            #expect(result.code == 1, "\(result.errors)")
            #expect(result.output.contains("crontab -l:1: 0 4 * * * docker restart web\n"))
        }
    }

    @Test func `text from outside cannot act on the terminal of audit`() throws {
        let fixture = try Fixture()
        fixture.write("a.sh", "docker restart \u{1b}]0;owned\u{7}\n")
        let result = try fixture.look(["audit", fixture.directory.file("a.sh")])
        #expect(result.output.contains("docker restart \\e]0;owned\\u{7}"), "\(result.output)")
    }
}
