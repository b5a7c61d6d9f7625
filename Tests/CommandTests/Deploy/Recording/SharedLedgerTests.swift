import Glibc
import SystemCalls
import TestSupport
import Testing

/// A ledger that a group shares, as docs/deploy-with-lock.md says, although root was there before.
@Suite(.enabled(if: PrivateMounts.arePossible, "needs to be root and to mount"))
struct SharedLedgerTests {
    private static let group: gid_t = 12345
    private let fixture: Fixture
    private let mounts: PrivateMounts
    private let state: String

    init() throws {
        fixture = try Fixture()
        state = fixture.directory.file("state")
        mounts = try PrivateMounts("true")
        // A deployment of root, and what one left of a ledger that was damaged.
        #expect(try asRoot("deploy-with-lock", ["true"]).code == 0)
        fixture.write("state/ledger.db.corrupt-x", "damaged")
        chmod(fixture.ledger + ".corrupt-x", 0o600)
        chown(state, 0, Self.group)
        chmod(state, 0o2770)
    }

    private func asRoot(_ tool: String, _ arguments: [String]) throws -> ChildProcess.Result {
        try mounts.run([BuiltTool.path(tool)] + arguments, environment: fixture.environment())
    }

    private func asMember(
        _ tool: OtherUser, _ arguments: [String], group: gid_t = Self.group
    ) throws -> ChildProcess.Result {
        try mounts.run(
            [
                "setpriv", "--reuid=\(OtherUser.uid)", "--regid=\(OtherUser.uid)",
                "--groups=\(group)", "env", tool.tool,
            ] + arguments, environment: fixture.environment())
    }

    private func access(_ name: String) throws -> String {
        let status = try FileSystem.status(state + "/" + name)
        return "\(status.gid) \(String(status.permissions, radix: 8))"
    }

    @Test func `a member is told what root has to do, and the next run of root does it`() throws {
        let tool = try OtherUser(tool: "deploy-with-lock")
        let closed = try asMember(tool, ["sh", "-c", "exit 5"])
        #expect(closed.code == 5)
        let ledger = fixture.ledger
        #expect(closed.errors.contains("chgrp \(Self.group) \(ledger)"), "\(closed.errors)")
        #expect(closed.errors.contains("chmod g+rw \(ledger)"))
        #expect(
            closed.errors.contains("added by the next run that can write"))
        #expect(try asRoot("deploy-with-lock", ["true"]).code == 0)
        for name in ["ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.db.lock"] {
            #expect(try access(name) == "\(Self.group) 660", "\(name)")
        }
        #expect(try access("ledger.db.corrupt-x") == "\(Self.group) 660")
        let open = try asMember(tool, ["true"])
        #expect(open.errors.contains("; ledger "), "\(open.errors)")
        // The events that waited, too.
        #expect(
            try fixture.outcomes() == (1...4).map { "\($0) \($0 == 2 ? "failed" : "succeeded")" })
    }

    @Test func `a user outside of the group is told which one it is`() throws {
        let tool = try OtherUser(tool: "deploy-with-lock")
        let result = try asMember(tool, ["true"], group: 4242)
        #expect(result.errors.contains("in the group \(Self.group)"), "\(result.errors)")
        #expect(!result.errors.contains("chgrp"))
    }

    @Test func `a member may send notifications after root has`() throws {
        let arguments = ["alerts", "-w", "spool=none", "--notify", "true"]
        #expect(try asRoot("deploystats", arguments).code == 0)
        for name in ["ledger.db.alerts.lock"] {
            #expect(try access(name) == "\(Self.group) 660", "\(name)")
        }
        // As an earlier version left it.
        for name in ["ledger.db.alerts", "ledger.db.alerts.lock"] {
            fixture.write("state/\(name)", name.hasSuffix("lock") ? "" : "{\"active\":[]}\n")
            chown(state + "/" + name, 0, 0)
            chmod(state + "/" + name, 0o600)
        }
        #expect(try asRoot("deploy-with-lock", ["true"]).code == 0)
        #expect(try asRoot("deploystats", arguments).code == 0)
        #expect(try access("ledger.db.alerts") == "\(Self.group) 660")
        let member = try asMember(OtherUser(tool: "deploystats"), arguments)
        #expect(member.code == 0, "\(member.errors)")
    }

    @Test func `a file with a second name is not given to the group`() throws {
        let secret = fixture.directory.file("secret")
        fixture.write("secret", "secret")
        chmod(secret, 0o600)
        unlink(fixture.ledger + ".corrupt-x")
        #expect(link(secret, fixture.ledger + ".corrupt-x") == 0)
        #expect(try asRoot("deploy-with-lock", ["true"]).code == 0)
        #expect(try FileSystem.status(secret).permissions == 0o600)
        #expect(try FileSystem.status(secret).gid == 0)
    }
}
