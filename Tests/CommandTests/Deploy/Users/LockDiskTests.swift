import Glibc
import SystemCalls
import TestSupport
import Testing

/// The disk of the lock takes nothing more.
@Suite(.enabled(if: PrivateMounts.arePossible, "needs to be root and to mount"))
struct LockDiskTests {
    @Test(arguments: [
        ("size=16k", "dd if=/dev/zero of=fill bs=4k 2>/dev/null || true"),
        ("nr_inodes=2", "touch fill"),
    ])
    func `a full disk of the lock is what the message says`(_ options: String, _ fill: String)
        throws
    {
        let fixture = try Fixture()
        let disk = fixture.directory.file("disk")
        mkdir(disk, 0o777)
        let mounts = try PrivateMounts(
            "mount -t tmpfs -o \(options) none \(disk); cd \(disk); \(fill)")
        let result = try mounts.run(
            [BuiltTool.path("deploy-with-lock"), "true"],
            environment: fixture.environment(["DEPLOY_LOCK_FILE": disk + "/d.lock"]))
        #expect(result.code == 66)
        #expect(result.errors.contains("full or has no inodes left"), "\(result.errors)")
        #expect(!result.errors.contains("permission"))
    }

    @Test func `a read-only disk of the lock is what the message says`() throws {
        let fixture = try Fixture()
        let disk = fixture.directory.file("disk")
        mkdir(disk, 0o777)
        let mounts = try PrivateMounts("mount -t tmpfs -o ro none \(disk)")
        let result = try mounts.run(
            [BuiltTool.path("deploy-with-lock"), "true"],
            environment: fixture.environment(["DEPLOY_LOCK_FILE": disk + "/d.lock"]))
        #expect(result.code == 66)
        #expect(result.errors.contains("read-only: mount it writable again"), "\(result.errors)")
    }
}
