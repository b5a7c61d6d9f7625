import Glibc
import SystemCalls
import TestSupport
import Testing

/// Deployers under different users meet on one lock, whoever came first, whatever the umask.
@Suite(.enabled(if: geteuid() == 0, "becoming another user needs root"))
struct TwoUsersTests {
    private static let nobody = OtherUser.prefix
    private let tool: String
    private let other: OtherUser

    init() throws {
        other = try OtherUser(tool: "deploy-with-lock")
        tool = other.tool
    }

    private func deploy(
        _ fixture: Fixture, as user: [String], _ arguments: [String]
    ) throws -> ChildProcess {
        let name = user.isEmpty ? "root" : "nobody"
        return try ChildProcess(
            user + ["sh", "-c", "umask 077; exec \"$@\"", "sh", tool] + arguments,
            environment: fixture.environment([
                "DEPLOY_LEDGER": fixture.directory.file("\(name)/ledger.db"),
                "DEPLOY_LOCK_FILE": fixture.directory.file("shared/d.lock"),
            ]))
    }

    @Test(arguments: [0o1777, 0o777], [true, false])
    func `two users meet on one lock`(_ mode: Int, _ rootFirst: Bool) throws {
        let fixture = try Fixture()
        mkdir(fixture.directory.file("shared"), 0o777)
        chmod(fixture.directory.file("shared"), mode_t(mode))
        let users = rootFirst ? [[], Self.nobody] : [Self.nobody, []]
        // Each has been there once, so every file has an owner.
        for user in users {
            let result = try deploy(fixture, as: user, ["true"]).finish()
            #expect(result.code == 0, "\(result.errors)")
        }
        let script = ": > $HERE/up; while [ ! -e $HERE/go ]; do sleep 0.01; done"
        let holder = try deploy(fixture, as: users[0], ["sh", "-c", script])
        #expect(eventually { fixture.exists("up") })
        let waiter = try deploy(fixture, as: users[1], ["sh", "-c", "echo $DEPLOY_NUMBER"])
        #expect(eventually { waiter.errors.contains("held by #3") }, "\(waiter.errors)")
        fixture.write("go", "")
        #expect(try holder.finish().code == 0)
        #expect(try waiter.finish().output == "4\n")
    }

    @Test func `root leaves a deployer's own directory usable for them`() throws {
        let fixture = try Fixture()
        let shared = fixture.directory.file("shared")
        mkdir(shared, 0o755)
        chown(shared, OtherUser.uid, OtherUser.uid)
        #expect(try deploy(fixture, as: [], ["true"]).finish().code == 0)
        let result = try deploy(fixture, as: Self.nobody, ["true"]).finish()
        #expect(result.code == 0, "\(result.errors)")
    }

    @Test func `a shared ledger takes both users' events`() throws {
        let fixture = try Fixture()
        let shared = fixture.directory.file("shared")
        mkdir(shared, 0o2770)
        chown(shared, 0, OtherUser.uid)
        chmod(shared, 0o2770)
        let state = fixture.environment(["DEPLOY_LEDGER": shared + "/ledger.db"])
        for user in [[], Self.nobody, [], Self.nobody] {
            let result = try ChildProcess.run(
                user + ["sh", "-c", "umask 077; exec \(tool) true"], environment: state)
            #expect(result.code == 0)
            #expect(result.errors.contains("; ledger "), "\(result.errors)")
        }
        let reader = try fixture.environment()["HERE"].map { _ in
            try ChildProcess.run([
                "sqlite3", shared + "/ledger.db", "SELECT user, outcome FROM deployment",
            ])
        }
        #expect(
            reader?.output
                == "root|succeeded\n\(OtherUser.name)|succeeded\nroot|succeeded\n\(OtherUser.name)|succeeded\n"
        )
    }
}
