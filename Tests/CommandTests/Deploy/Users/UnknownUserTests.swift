import Glibc
import SystemCalls
import TestSupport
import Testing

/// Users that `/etc/passwd` does not know: of a container, of a directory, deleted ones.
@Suite(
    .enabled(if: PrivateMounts.arePossible, "needs to be root and to mount"))
struct UnknownUserTests {
    private static let uid = "48711"
    private static let prefix = [
        "setpriv", "--reuid=\(uid)", "--regid=\(uid)", "--clear-groups", "env",
    ]
    private let fixture: Fixture
    private let tool: OtherUser

    init() throws {
        fixture = try Fixture()
        tool = try OtherUser(tool: "deploy-with-lock")
        // Not one of root's that only root may write.
        mkdir(fixture.directory.file("state"), 0o777)
        chmod(fixture.directory.file("state"), 0o777)
    }

    private func deploy(where mounts: String) throws -> ChildProcess.Result {
        try PrivateMounts(mounts).run(
            Self.prefix + [tool.tool, "sh", "-c", "exit 5"], environment: fixture.environment())
    }

    private func getent(_ script: String) -> String {
        fixture.write("getent", "#!/bin/sh\n\(script)\n")
        chmod(fixture.directory.file("getent"), 0o755)
        return "mount --bind \(fixture.directory.file("getent")) /usr/bin/getent"
    }

    private func user() throws -> [String] {
        try fixture.query("SELECT user || ' ' || actor FROM deployment")
    }

    @Test(arguments: [
        "true", "mount --bind /dev/null /etc/passwd",
        "mount --bind /dev/null /etc/passwd; mount --bind /dev/null /usr/bin/getent",
        "mount --bind /etc/hostname /usr/bin/getent", "mount -t tmpfs none /etc",
    ])
    func `a user without a name anywhere is shown by number`(mounts: String) throws {
        let result = try deploy(where: mounts)
        #expect(result.code == 5, "\(result.errors)")
        #expect(try user() == ["\(Self.uid) \(Self.uid)"])
    }

    @Test func `a directory's name is taken from getent`() throws {
        let result = try deploy(where: getent("echo ann:x:$2:5::/:/bin/sh"))
        #expect(result.code == 5, "\(result.errors)")
        #expect(try user() == ["ann ann"])
    }

    @Test func `a directory that does not answer prevents no deployment`() throws {
        let result = try deploy(where: getent("sleep 1000"))
        #expect(result.code == 5, "\(result.errors)")
        #expect(try user() == ["\(Self.uid) \(Self.uid)"])
    }

    @Test(.enabled(if: BuiltTool.areStatic, "needs the static programs"))
    func `a place with nothing but the tools and /proc is enough`() throws {
        let root = fixture.directory.file("root")
        for directory in [root, root + "/proc", root + "/run"] { mkdir(directory, 0o777) }
        chmod(root + "/run", 0o777)
        for name in ["deploy-with-lock", "check-deploy-lock"] {
            let copied = try ChildProcess.run(["cp", BuiltTool.path(name), root])
            #expect(copied.code == 0, "\(copied.errors)")
        }
        let result = try ChildProcess.run(
            [
                "unshare", "--mount", "--propagation", "private", "sh", "-ec",
                "mount -t proc proc \(root)/proc; exec \"$@\"", "sh", "chroot",
                "--userspec=\(Self.uid):\(Self.uid)", root, "/deploy-with-lock",
                "/check-deploy-lock", "--version",
            ],
            environment: fixture.environment([
                "DEPLOY_LOCK_FILE": "/run/lock", "DEPLOY_LEDGER": "/run/ledger.db",
                "DEPLOY_LEDGER_CONFIG": nil,
            ]))
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.errors.contains("#1 succeeded") && result.errors.contains("; ledger "))
        #expect(FileSystem.exists(root + "/run/ledger.db"))
    }

    @Test func `status and queue name the holder by number`() throws {
        let held = try ChildProcess(
            Self.prefix + [tool.tool, "sh", "-c", ": > $HERE/up; exec sleep 600"],
            environment: fixture.environment())
        #expect(eventually { fixture.exists("up") }, "\(held.errors)")
        for words in [
            ["check-deploy-lock"], ["check-deploy-lock", "--json"], ["deploystats", "queue"],
        ] {
            let result = try ChildProcess.run(
                [BuiltTool.path(words[0])] + words.dropFirst(), environment: fixture.environment())
            #expect(result.output.contains(Self.uid), "\(words): \(result.output)\(result.errors)")
        }
        held.kill(SIGTERM)
        _ = try held.finish()
    }

    @Test func `another user's dead deployment is recorded by the next one`() throws {
        let group = getgid()
        let state = fixture.directory.file("state")
        chown(state, 0, group)
        chmod(state, 0o2770)
        // The kernel and no file says that this user is in the group.
        let prefix = [
            "setpriv", "--reuid=\(Self.uid)", "--regid=\(Self.uid)", "--groups=\(group)", "env",
        ]
        let held = try ChildProcess(
            prefix + [tool.tool, "sh", "-c", ": > $HERE/up; exec sleep 600"],
            environment: fixture.environment())
        // What only stands in its ticket would be lost: no file says that it may be believed.
        let isRecorded = eventually {
            fixture.exists("up")
                && (try? fixture.query("SELECT 1 FROM event WHERE kind = 'acquired'")) == ["1"]
        }
        #expect(isRecorded, "\(held.errors)")
        Glibc.kill(-held.pid, SIGKILL)
        _ = try held.finish()
        for _ in 1...2 {
            let next = try fixture.run(["sh", "-c", "exit 5"])
            #expect(next.code == 5, "\(next.errors)")
        }
        #expect(try fixture.outcomes() == ["1 orphaned", "2 failed", "3 failed"])
    }
}
