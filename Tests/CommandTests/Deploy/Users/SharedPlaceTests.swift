import Glibc
import SystemCalls
import TestSupport
import Testing

/// What others put into `/var/tmp` beforehand leads root nowhere.
@Suite(.enabled(if: PrivateMounts.arePossible, "needs to be root and to mount"))
struct SharedPlaceTests {
    let fixture: Fixture
    var elsewhere: String { fixture.directory.file("elsewhere") }

    init() throws {
        fixture = try Fixture()
        mkdir(elsewhere, 0o755)
        // No place beside the ledger.
        fixture.write("state", "")
    }

    /// Runs a deployment after `script`, which other users could have run.
    private func deploy(_ script: String) throws -> ChildProcess.Result {
        let mounts = try PrivateMounts("mount -t tmpfs none /run; cd /var/tmp; \(script)")
        let result = try mounts.run(
            [BuiltTool.path("deploy-with-lock"), "sh", "-c", "ls -lR /var/tmp; exit 3"],
            environment: fixture.environment())
        #expect(result.code == 3, "\(result.errors)")
        #expect(result.errors.contains("wait in /run/deploy-ledger/spool/"), "\(result.errors)")
        return result
    }

    @Test(arguments: ["deploy-ledger-0", "deploy-ledger-0/spool"])
    func `a link in a shared place is not followed`(_ name: String) throws {
        let uid = OtherUser.uid
        var script = "ln -s \(elsewhere) \(name); chown -h \(uid):\(uid) \(name)"
        if name.contains("/") { script = "install -d -o \(uid) deploy-ledger-0; " + script }
        _ = try deploy(script)
        #expect(try FileSystem.entries(of: elsewhere).isEmpty)
        #expect(try FileSystem.status(elsewhere).permissions == 0o755)
    }

    @Test(arguments: ["-o \(OtherUser.uid) -m 700", "-m 777", "-g \(OtherUser.uid) -m 770"])
    func `a directory that others can change is not used`(_ options: String) throws {
        let listed = try deploy("install -d \(options) deploy-ledger-0").output
        #expect(!listed.contains("spool"), "\(listed)")
    }
}
