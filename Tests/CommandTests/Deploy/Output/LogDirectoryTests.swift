import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite struct LogDirectoryTests {
    @Test func `what is kept is for the user alone`() throws {
        let fixture = try Fixture()
        #expect(try fixture.keep("echo a").code == 0)
        #expect(try FileSystem.status(fixture.logs).permissions == 0o700)
        #expect(fixture.isCompressed)
        for name in fixture.logNames {
            #expect(try FileSystem.status("\(fixture.logs)/\(name)").permissions == 0o600)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "needs to give a directory away"))
    func `who shares the ledger shares the output`() throws {
        let fixture = try Fixture()
        try FileSystem.makeDirectory(fixture.directory.file("state"), mode: 0o700)
        #expect(chown(fixture.directory.file("state"), 0, 4711) == 0)
        #expect(chmod(fixture.directory.file("state"), 0o2770) == 0)
        #expect(try fixture.keep("echo a; exit 1").code == 1)
        let directory = try FileSystem.status(fixture.logs)
        #expect(directory.gid == 4711)
        #expect(directory.permissions == 0o2770)
        #expect(fixture.isCompressed)
        for name in try FileSystem.entries(of: fixture.logs) where !name.hasSuffix(".tmp") {
            let status = try FileSystem.status("\(fixture.logs)/\(name)")
            #expect(status.gid == 4711)
            #expect(status.permissions == 0o660, "\(name)")
        }
    }

    @Test(arguments: ["/proc/self/logs", "/dev/null/logs"])
    func `a directory that cannot be made is one line, and the deployment runs`(
        _ place: String
    ) throws {
        let fixture = try Fixture()
        let result = try fixture.run(["--log-dir", place, "sh", "-c", "echo out; exit 4"])
        #expect(result.code == 4)
        #expect(result.output == "out\n")
        let lines = result.errors.split(separator: "\n").filter { $0.contains("is not kept") }
        #expect(lines.count == 1, "\(result.errors)")
        #expect(lines.first?.contains("the output of #1 is not kept: ") == true)
        #expect(try fixture.released(1, "log_file") == "")
    }

    @Test func `more than the disk has cannot be reserved`() throws {
        let fixture = try Fixture()
        let result = try fixture.keep("echo out", options: ["--log-reserve", "100000T"])
        #expect(result.code == 0)
        #expect(result.output == "out\n")
        #expect(result.errors.contains("is not kept: cannot reserve 97.6 PiB in") == false)
        #expect(result.errors.contains("the output of #1 is not kept: cannot reserve 100000 TiB"))
        #expect(fixture.logNames.isEmpty)
    }

    @Test func `output whose directory is removed meanwhile is still shown`() throws {
        let fixture = try Fixture()
        let result = try fixture.keep("echo one; rm -r \(fixture.logs); echo two")
        #expect(result.code == 0)
        #expect(result.output == "one\ntwo\n")
        #expect(result.errors.contains("was removed while the deployment ran"))
        #expect(try fixture.released(1, "log_sha256") == fixture.sha256("one\ntwo\n"))
    }

    @Test(.enabled(if: PrivateMounts.arePossible, "needs to be root and to mount"))
    func `a full or read-only disk keeps nobody from deploying`() throws {
        let fixture = try Fixture()
        for name in ["full", "fixed"] { try fixture.makeFolder(name) }
        let mounts = try PrivateMounts(
            """
            mount -t tmpfs -o size=1m none \(fixture.directory.file("full"))
            mount -t tmpfs -o ro none \(fixture.directory.file("fixed"))
            """)
        for (name, words) in [("full", "No space left"), ("fixed", "Read-only file system")] {
            let result = try mounts.run(
                [
                    BuiltTool.path("deploy-with-lock"), "--log-dir", fixture.directory.file(name),
                    "echo", "out",
                ], environment: fixture.environment())
            #expect(result.code == 0)
            #expect(result.output == "out\n")
            #expect(result.errors.contains(words), "\(result.errors)")
        }
    }

    @Test(.enabled(if: PrivateMounts.arePossible, "needs to be root and to mount"))
    func `within what is reserved a full disk does not hurt the command`() throws {
        let fixture = try Fixture()
        try fixture.makeFolder("small")
        let small = fixture.directory.file("small")
        let mounts = try PrivateMounts("mount -t tmpfs -o size=4m none \(small)")
        func deploy(_ script: String, options: [String] = []) throws -> ChildProcess.Result {
            try mounts.run(
                [
                    BuiltTool.path("deploy-with-lock"), "--log-dir", small, "--log-reserve", "1M",
                ] + options + ["sh", "-c", script], environment: fixture.environment())
        }
        let fill = "dd if=/dev/zero of=\(small)/rest bs=4096 2> /dev/null; "
        let within = try deploy(fill + "yes | head -c 1000000 && echo end; rm \(small)/rest")
        #expect(within.code == 0)
        #expect(within.output.utf8.count == 1_000_004)
        #expect(within.output.hasSuffix("end\n"))
        let beyond = try deploy(
            fill + "yes | head -c 3000000 || echo $? > $HERE/failed; rm \(small)/rest")
        #expect(beyond.code == 0)
        #expect(fixture.lines("failed") == ["1"])
        #expect(beyond.output.utf8.count < 3_000_000)
        // What was reserved and not needed is free again: two logs of about 1 MiB are left, and no
        // third.
        #expect(try deploy("echo a").code == 0)
        let used = try mounts.run(["du", "-sk", small])
        #expect(Int(used.output.prefix { $0 != "\t" }).map { $0 < 2560 } == true, "\(used.output)")
    }
}
