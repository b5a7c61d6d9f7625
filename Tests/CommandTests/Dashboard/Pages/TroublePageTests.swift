import SystemCalls
import TestSupport
import Testing

@Suite("Pages and the API where something is wrong")
struct TroublePageTests {
    private static let path = "/super-admin/deployments"

    private func region(_ name: String, _ server: DashboardServer) throws -> String {
        try server.askWithToken(Self.path + "?fragment=\(name)").body
    }

    @Test func `a dead orphan is told until the next deployment records it`() throws {
        let fixture = try Fixture()
        let server = try DashboardServer([], fixture)
        let wrapper = try fixture.hold("o", options: ["--actor", "ann"])
        #expect(eventually { (try? fixture.outcomes().last) == "1 in flight" })
        try fixture.killBoth(wrapper)
        fixture.letGo("o")
        #expect(try eventually { try region("lock", server).contains("died holding the lock\"") })
        let part = try region("lock", server)
        #expect(part.contains("data-say=\"#1 of ann"), "\(part)")
        #expect(part.contains("data-icon=\"attention\""))
        #expect(part.contains("<span class=\"state\">Free after a dead orphan</span>"))
        #expect(part.contains("The next deployment starts at once and records that."))
        #expect(part.contains("<dt>wrapper</dt><dd>pid \(wrapper.pid), dead</dd>"), "\(part)")
        #expect(!part.contains("cannot be seen from here"))
        #expect(try region("queue", server).contains("Nobody is waiting."))
        #expect(try eventually { try region("alerts", server).contains("died holding ") })
        #expect(try server.askWithToken("/badge/lock.json").body.contains("\"orphaned\""))
        let page = try server.askWithToken(Self.path + "/1")
        #expect(page.status == 200 && page.body.contains("Its wrapper is gone"), "\(page.body)")
        #expect(
            try server.askWithToken("/api/admin/deployments?outcome=running").body
                .contains("\"number\": 1,"))
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        #expect(
            try eventually {
                try region("lock", server).contains("data-say=\"The lock is free\"")
            })
        #expect(
            try server.askWithToken(Self.path + "/1").body
                .contains("<span class=\"word bad\">orphaned</span>"))
        #expect(
            try server.askWithToken("/api/admin/deployments?outcome=orphaned").body
                .contains("\"number\": 1,"))
    }

    @Test func `a lock that cannot be read is unknown, never free`() throws {
        let fixture = try Fixture()
        try fixture.makeFolder("locks")
        let lock = fixture.directory.file("locks/a.lock")
        #expect(try fixture.run(["--lock-file", lock, "true"]).code == 0)
        let server = try DashboardServer(["--lock-file", lock], fixture)
        #expect(try region("lock", server).contains("data-say=\"The lock is free\""))
        try FileSystem.rename(
            fixture.directory.file("locks"), to: fixture.directory.file("elsewhere"))
        #expect(try eventually { try region("lock", server).contains("It is unknown who holds") })
        let page = try server.askWithToken(Self.path)
        #expect(page.status == 200)
        #expect(page.body.contains("<title>It is unknown who holds the lock · "), "\(page.body)")
        #expect(page.body.contains("data-icon=\"unknown\""))
        #expect(page.body.contains("favicon-unknown.svg"))
        #expect(page.body.contains("does not exist: \(fixture.directory.file("locks"))"))
        #expect(page.body.contains("It is unknown who is waiting."))
        #expect(!page.body.contains("The lock is free") && !page.body.contains("Nobody is waiting"))
        #expect(try region("alerts", server).contains("cannot determine who holds \(lock)"))
        #expect(try server.askWithToken("/badge/lock.json").body.contains("\"unknown\""))
        // What the ledger tells is still told.
        #expect(page.body.contains(">#1</a>"))
        #expect(try server.askWithToken("/api/admin/deployments").status == 200)
    }

    @Test func `a ledger of a newer version is named on every page, and hides no lock`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        let server = try DashboardServer([], fixture)
        let changed = try ChildProcess.run(
            [
                "python3", "-c",
                "import sqlite3,sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA user_version=99')",
                fixture.ledger,
            ])
        #expect(changed.code == 0, "\(changed.errors)")
        let words = "has schema 99, this program knows "
        // Also as long as only the parts that read it know.
        let isTold = try eventually {
            let page = try server.askWithToken(Self.path)
            #expect(page.status == 200)
            return page.body.contains("<b>The ledger cannot be read.</b> ")
        }
        #expect(isTold)
        let page = try server.askWithToken(Self.path)
        #expect(page.body.contains(words), "\(page.body)")
        #expect(page.body.contains("data-say=\"The lock is free\""))
        let ledger = try server.askWithToken("/super-admin/ledger")
        #expect(ledger.status == 200 && ledger.body.contains(words), "\(ledger.body)")
        for path in [
            "/super-admin/deployments/1", "/super-admin/commits/abcd", "/super-admin/search?q=ann",
            "/super-admin/metrics/skip_rate", "/super-admin/report",
            "/super-admin/queries/slow?since=-1h", "/api/admin/deployments",
            "/api/admin/deployments/1", "/api/admin/metrics", "/api/admin/queries/slow",
        ] {
            let answer = try server.askWithToken(path)
            #expect(answer.status == 503, "\(path)")
            #expect(answer.body.contains(words), "\(path) \(answer.body)")
        }
        // What needs no ledger.
        for path in ["/super-admin/queries", "/api/admin/queries", "/api/admin/deployment-status"] {
            #expect(try server.askWithToken(path).status == 200, "\(path)")
        }
    }

    @Test func `kept output is shown as it grows, where that is allowed`() throws {
        let fixture = try Fixture()
        let script =
            "echo 'first <line>'; : > $HERE/up; while [ ! -e $HERE/more ]; do sleep 0.01; done; "
            + "echo second; : > $HERE/up2; while [ ! -e $HERE/go ]; do sleep 0.01; done; echo third"
        let deployment = try fixture.startKeeping(script)
        #expect(eventually { fixture.exists("up") }, "\(deployment.errors)")
        let open = try DashboardServer(["--show-logs"], fixture)
        let closed = try DashboardServer([], fixture, token: open.token)
        func story(_ server: DashboardServer) throws -> String {
            try server.askWithToken(Self.path + "/1?fragment=story").body
        }
        #expect(try eventually { try story(open).contains("first &lt;line&gt;\n</pre>") })
        // Such a region is asked for again though nothing is recorded.
        #expect(try story(open).contains("aria-label=\"Output\" data-busy>"))
        fixture.write("more", "")
        #expect(
            try eventually { try story(open).contains("first &lt;line&gt;\nsecond\n</pre>") })
        fixture.write("go", "")
        #expect(try deployment.finish().code == 0)
        try fixture.settle()
        #expect(try eventually { try story(open).contains("second\nthird\n</pre>") })
        #expect(try !story(open).contains("data-busy"))
        #expect(try !story(closed).contains("&lt;line&gt;\n"))
        #expect(try !story(closed).contains("aria-label=\"Output\""))
    }
}
