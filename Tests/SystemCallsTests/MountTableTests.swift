import SystemCalls
import Testing

@Suite struct MountTableTests {
    private let table = MountTable(
        parsing: Array(
            """
            22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
            30 22 0:25 / /var/lock rw - tmpfs tmpfs rw
            41 22 0:31 / /srv/my\\040data rw shared:7 master:2 - nfs4 host:/x rw
            52 22 254:0 /x /srv/a/ledger.db rw - ext4 /dev/vda rw
            nonsense
            """.utf8))

    @Test func `the longest mount point that holds a path is its mount`() {
        #expect(table.mount(of: "/etc/passwd")?.type == "ext4")
        #expect(table.mount(of: "/var/lock/deploy.lock")?.type == "tmpfs")
        #expect(table.mount(of: "/var/locker")?.type == "ext4")
        #expect(table.mount(of: "/srv/my data/x")?.type == "nfs4")
    }

    @Test func `a single file that is mounted is a mount point`() {
        #expect(table.isMountPoint("/srv/a/ledger.db"))
        #expect(!table.isMountPoint("/srv/a"))
    }

    @Test func `our own table has a root`() {
        #expect(MountTable().mount(of: "/") != nil)
    }
}
