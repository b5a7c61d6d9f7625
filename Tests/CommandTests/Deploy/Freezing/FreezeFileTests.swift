import Glibc
import SystemCalls
import TestSupport
import Testing

/// The files of freezes, damaged, lost and other users'.
struct FreezeFileTests {
    @Test(arguments: ["", "not JSON", "{\"id\":\"x\"}", "[1]"])
    func `a file that cannot be read holds deployments and is said`(_ text: String) throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        fixture.write("deploy.lock.queue/freeze-odd", text)
        let refused = try fixture.run(["--no-wait", "true"])
        #expect(refused.code == 1)
        #expect(refused.errors.contains("freeze-odd, which cannot be read"), "\(refused.errors)")
        let waiter = try fixture.joinFrozen("a", ["--timeout", "3h"])
        #expect(!fixture.exists("ran"))
        let listed = try fixture.stats("freezes", "--format", "csv")
        #expect(listed.output.contains("freeze-odd"))
        #expect(try fixture.run(["--timeout", "1", "true"]).code == 1)
        // The one that waited in vain was held by the freeze alone, or by the one ahead of it.
        #expect(try fixture.stats("unfreeze", "odd").code == 0)
        #expect(try waiter.finish().code == 0)
        #expect(fixture.freezeFiles.isEmpty)
    }

    @Test func `an override goes through a file that cannot be read`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        fixture.write("deploy.lock.queue/freeze-odd", "?")
        let result = try fixture.run(["--override-freeze", "known", "true"])
        #expect(result.code == 0)
        try fixture.settle()
        #expect(
            try fixture.query(
                "SELECT value FROM event, json_each(record, '$.overrode') WHERE kind = 'acquired'")
                == ["odd"])
    }

    @Test func `a link or a pipe in the place of a file holds deployments`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let path = fixture.directory.file("deploy.lock.queue/freeze-odd")
        symlink("/etc/hostname", path)
        #expect(try fixture.run(["--no-wait", "true"]).code == 1)
        unlink(path)
        mkfifo(path, 0o666)
        #expect(try fixture.run(["--no-wait", "true"]).code == 1)
        #expect(try fixture.stats("unfreeze").code == 0)
        #expect(try fixture.run(["--no-wait", "true"]).code == 0)
    }

    @Test func `somebody else's order of members is read, and ended ones go after a day`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        func write(_ name: String, until: Int64) {
            fixture.write(
                "deploy.lock.queue/freeze-\(name)",
                """
                { "until_us": \(until), "id": "\(name)", "user": "ann",
                  "reason": "by hand", "by": "ann", "from_us": 1 }
                """)
        }
        let now = Clock.wallMicroseconds()
        write("new", until: now + 3_600_000_000)
        let refused = try fixture.run(["--no-wait", "true"])
        #expect(refused.errors.contains("by ann: by hand"), "\(refused.errors)")
        write("new", until: now - 1)
        write("old", until: now - 90_000_000_000)
        #expect(try fixture.run(["--no-wait", "true"]).code == 0)
        #expect(eventually { fixture.freezeFiles == ["freeze-new"] })
    }

    @Test(arguments: [true, false])
    func `a freeze outlives the directory of the lock`(_ losesLockFile: Bool) throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let id = try fixture.freeze()
        let ended = try fixture.freeze(reason: "ended before")
        #expect(try fixture.stats("unfreeze", ended).code == 0)
        let over = try fixture.freeze(until: "+1s", reason: "over")
        #expect(eventually { (try? fixture.stats("freezes").output.contains("over")) == false })
        // As a restart of the machine leaves a tmpfs.
        #expect(try ChildProcess.run(["rm", "-r", fixture.lock + ".queue"]).code == 0)
        if losesLockFile { unlink(fixture.lock) }
        #expect(try fixture.stats("freezes", "--format", "csv").output.contains(id))
        let refused = try fixture.run(["--no-wait", "true"])
        #expect(refused.code == 1)
        #expect(refused.errors.contains("a freeze that was lost beside the lock is in force"))
        #expect(fixture.freezeFiles == ["freeze-\(id)"], "not \(ended), not \(over)")
        #expect(try fixture.stats("unfreeze").code == 0)
        #expect(try fixture.run(["--no-wait", "true"]).code == 0)
    }

    @Test func `a freeze outlives a restart that lost its file alone`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let id = try fixture.freeze()
        unlink(fixture.directory.file("deploy.lock.queue/freeze-\(id)"))
        fixture.write(
            "deploy.lock.queue/gate",
            "00000000000000000007\n00000000-0000-0000-0000-000000000000\n")
        let waiter = try fixture.joinFrozen("a")
        #expect(fixture.freezeFiles == ["freeze-\(id)"])
        try fixture.unfreeze()
        #expect(try waiter.finish().code == 0)
    }

    @Test func `the name of a file is the id that it is ended by`() throws {
        let fixture = try Fixture()
        let id = try fixture.freeze()
        fixture.write(
            "deploy.lock.queue/freeze-copy", fixture.read("deploy.lock.queue/freeze-\(id)"))
        #expect(try fixture.stats("unfreeze", "copy").code == 0)
        #expect(fixture.freezeFiles == ["freeze-\(id)"])
    }

    @Test func `one that was lost and ended meanwhile does not come back`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.freeze()
        #expect(try ChildProcess.run(["rm", "-r", fixture.lock + ".queue"]).code == 0)
        #expect(try fixture.stats("unfreeze").output.contains("not frozen any more"))
        #expect(try fixture.run(["--no-wait", "true"]).code == 0)
    }

    @Test func `a broken ledger hinders no freeze`() throws {
        let fixture = try Fixture()
        try fixture.breakLedger()
        try fixture.freeze()
        #expect(try fixture.run(["--no-wait", "true"]).code == 1)
        try fixture.unfreeze()
        #expect(try fixture.run(["--no-wait", "true"]).code == 0)
        let names = try FileSystem.entries(of: fixture.spool)
        #expect(names.count { $0.hasSuffix(".event") } >= 2, "\(names)")
    }
}

/// Users who share a lock freeze and unfreeze for each other.
@Suite(.enabled(if: geteuid() == 0, "becoming another user needs root"))
struct FreezeUserTests {
    @Test(arguments: [0o1777, 0o777])
    func `one user ends, extends and overrides another one's freeze`(_ mode: Int) throws {
        let fixture = try Fixture()
        mkdir(fixture.directory.file("shared"), 0o777)
        chmod(fixture.directory.file("shared"), mode_t(mode))
        let lock = fixture.directory.file("shared/d.lock")
        func run(_ user: [String], _ tool: String, _ arguments: [String]) throws
            -> ChildProcess.Result
        {
            let name = user.isEmpty ? "root" : "nobody"
            return try ChildProcess.run(
                user + [tool] + arguments,
                environment: fixture.environment([
                    "DEPLOY_LEDGER": fixture.directory.file("\(name)/ledger.db"),
                    "DEPLOY_LOCK_FILE": lock,
                ]))
        }
        let nobody = OtherUser.prefix
        let stats = try OtherUser(tool: "deploystats")
        let deploy = try OtherUser(tool: "deploy-with-lock")
        let made = try run([], stats.tool, ["freeze", "--until", "+1h", "--reason", "root's"])
        #expect(made.code == 0, "\(made.errors)")
        let refused = try run(nobody, deploy.tool, ["--no-wait", "true"])
        #expect(refused.errors.contains("root's"), "\(refused.errors)")
        let override = try run(
            nobody, deploy.tool, ["--no-wait", "--override-freeze", "mine", "true"])
        #expect(override.code == 0, "\(override.errors)")
        let id = try FileSystem.entries(of: lock + ".queue").first { $0.hasPrefix("freeze-") }
        let name = try #require(id).dropFirst("freeze-".count)
        let extended = try run(
            nobody, stats.tool,
            ["freeze", "--until", "+2h", "--reason", "and now ours", "--replace", String(name)])
        #expect(extended.code == 0, "\(extended.errors)")
        let again = try run([], deploy.tool, ["--timeout", "90m", "true"])
        #expect(again.code == 1)
        #expect(again.errors.contains("and now ours"), "\(again.errors)")
        let ended = try run(nobody, stats.tool, ["unfreeze"])
        #expect(ended.code == 0, "\(ended.errors)")
        let free = try run([], deploy.tool, ["--no-wait", "true"])
        #expect(free.code == 0, "\(free.errors)")
    }
}
