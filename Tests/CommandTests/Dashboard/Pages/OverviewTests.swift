import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite("The main page")
struct OverviewTests {
    private static let path = "/super-admin/deployments"

    /// What the region of the lock says it is.
    private func said(_ server: DashboardServer) throws -> String {
        let part = try server.askWithToken(Self.path + "?fragment=lock").body
        return part.components(between: "data-say=\"", and: "\"").first ?? part
    }

    @Test
    func `tells a free lock, one that is held, who waits, and what came of it`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        let server = try DashboardServer([], fixture)
        #expect(try said(server) == "The lock is free")
        let holder = try fixture.hold(
            "held", options: ["--actor", "ann", "--tier", "docker", "--sha", "abcdef0123456"])
        let waiter = try fixture.wait("next", options: ["--timeout", "1h", "--actor", "bob"])
        #expect(try eventually { try said(server).contains("#2 of ann") })
        let page = try server.askWithToken(Self.path).body
        #expect(page.contains("<span class=\"state\">Running</span>"))
        #expect(page.contains("href=\"/super-admin/commits/abcdef0123456\">abcdef0123</a>"))
        #expect(
            try eventually {
                try server.askWithToken(Self.path + "?fragment=queue").body.contains("1 waiting")
            })
        #expect(try server.askWithToken(Self.path + "?fragment=queue").body.contains(">#3</a>"))
        fixture.letGo("held")
        #expect(try holder.finish().code == 0)
        #expect(try waiter.finish().code == 0)
        #expect(try eventually { try said(server) == "The lock is free" })
    }

    @Test
    func `tells a freeze`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.freeze(reason: "release weekend")
        let part = try DashboardServer([], fixture).askWithToken(Self.path + "?fragment=lock").body
        #expect(part.contains("data-say=\"Deployments are frozen\" data-icon=\"attention\""))
        #expect(part.contains("release weekend"))
    }

    @Test
    func `tells a process that is no deployment`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let script = ": > $HERE/up; while [ ! -e $HERE/go ]; do sleep 0.01; done"
        let stranger = try ChildProcess(
            ["flock", fixture.lock, "sh", "-c", script], environment: fixture.environment())
        try #require(eventually { fixture.exists("up") })
        let part = try DashboardServer([], fixture).askWithToken(Self.path + "?fragment=lock").body
        #expect(part.contains("data-say=\"An unrecorded process holds the lock\""))
        #expect(part.contains("held open by"))
        // The age of the process is not that of its lock.
        #expect(part.contains("; since when it has had the lock is unknown."))
        #expect(!part.contains("class=\"for\"") && !part.contains("<dt>since</dt>"))
        fixture.write("go", "")
        #expect(try stranger.finish().code == 0)
    }

    @Test
    func `tells an orphan while its command runs`() throws {
        let fixture = try Fixture()
        let child = try fixture.hold("held")
        kill(child.pid, SIGKILL)
        let server = try DashboardServer([], fixture)
        #expect(
            try eventually { try said(server).contains("#1") && said(server).contains("orphan") })
        fixture.letGo("held")
        #expect(try eventually { try !said(server).contains("running orphan") })
        _ = try child.finish()
    }

    @Test
    func `tells an orphan of which nothing lives`() throws {
        let fixture = try Fixture()
        let child = try fixture.hold("held", options: ["--actor", "ann"])
        #expect(eventually { (try? fixture.outcomes()) == ["1 in flight"] })
        try fixture.killBoth(child)
        fixture.letGo("held")
        #expect(try eventually { try fixture.isFree })
        let server = try DashboardServer([], fixture)
        #expect(try eventually { try said(server).hasSuffix("died holding the lock") })
        let part = try server.askWithToken(Self.path + "?fragment=lock").body
        let details = part.components(between: "<dt>", and: "</dd>")
        for process in ["wrapper", "keeper"] {
            #expect(
                details.contains {
                    $0.hasPrefix("\(process)</dt><dd>pid ") && $0.hasSuffix(", dead")
                },
                "\(details)")
        }
        let line = try fixture.stats("status").output.split(separator: "\n").first ?? ""
        #expect(line.contains("#1 ann") && !line.contains(" for "), "\(line)")
    }

    @Test
    func `names a lock that cannot be read once`() throws {
        let fixture = try Fixture()
        let lock = fixture.directory.file("missing/deploy.lock")
        let server = try DashboardServer(["--lock-file", lock], fixture)
        let part = try server.askWithToken(Self.path + "?fragment=alerts").body
        #expect(part.contains("unknown</span> cannot determine who holds \(lock): "), "\(part)")
        let queue = try server.askWithToken(Self.path + "?fragment=queue").body
        #expect(queue.contains("It is unknown who is waiting."))
    }

    @Test
    func `is shown without a ledger, and with one that cannot be read`() throws {
        let fixture = try Fixture()
        let server = try DashboardServer([], fixture)
        let page = try server.askWithToken(Self.path)
        #expect(page.status == 200)
        #expect(page.body.contains("data-say=\"The lock is free\""))
        #expect(page.body.contains("Nothing to show"))
        #expect(!page.body.contains("The ledger cannot be read"))
        let broken = try Fixture()
        try broken.breakLedger()
        let other = try DashboardServer([], broken).askWithToken(Self.path)
        #expect(other.status == 200 && other.body.contains("The ledger cannot be read"))
    }

    @Test
    func `has a section for each lock`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let other = fixture.directory.file("other.lock")
        let server = try DashboardServer(
            ["--lock-file", fixture.lock, "--lock-file", other], fixture)
        let page = try server.askWithToken(Self.path).body
        for part in ["lock", "queue", "lock-2", "queue-2", "alerts", "metrics", "recent"] {
            #expect(page.components(between: "id=\"part-\(part)\"", and: ">").count == 1, "\(part)")
            let answer = try server.askWithToken(Self.path + "?fragment=\(part)")
            #expect(answer.status == 200, "\(part)")
        }
        let second = try server.askWithToken(Self.path + "?fragment=lock-2").body
        #expect(second.contains(other))
        for name in ["lock-3", "lock-1", "alerts-2", "nothing"] {
            #expect(
                try server.askWithToken(Self.path + "?fragment=\(name)").status == 400, "\(name)")
        }
    }

    @Test
    func `sends a region again only when it has changed`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        let server = try DashboardServer([], fixture)
        let path = Self.path + "?fragment=recent"
        let first = try server.askWithToken(path)
        let tag = try #require(first["ETag"])
        let fields = ["Authorization: Bearer \(server.token)", "If-None-Match: \(tag)"]
        #expect(try server.ask(path, fields).status == 304)
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        let second = try server.ask(path, fields)
        #expect(second.status == 200 && second.body.contains(">#2</a>"))
    }

    @Test
    func `lists twenty deployments, and older ones by key`() throws {
        let fixture = try Fixture()
        for number in 1...23 {
            #expect(try fixture.run([number == 4 ? "false" : "true"]).code == (number == 4 ? 1 : 0))
        }
        try fixture.settle()
        let server = try DashboardServer([], fixture)
        func numbers(_ page: String) -> [Int] {
            page.components(between: "\" id=\"d-", and: "</a>").compactMap {
                $0.split(separator: "#").last.flatMap { Int($0) }
            }
        }
        let first = try server.askWithToken(Self.path).body
        #expect(numbers(first) == Array((4...23).reversed()))
        let older = try #require(
            first.components(between: "<a href=\"", and: "\" rel=\"next\">Older").last?
                .split(separator: "\"").last)
        let second = try server.askWithToken(
            String(older.replacing("&amp;", with: "&").prefix { $0 != "#" })
        ).body
        #expect(numbers(second) == [3, 2, 1])
        let failed = try server.askWithToken(Self.path + "?outcome=failed&actor=").body
        #expect(numbers(failed) == [4])
        #expect(failed.contains("<option value=\"failed\" selected>"))
        #expect(try server.askWithToken(Self.path + "?outcome=nothing").status == 400)
        #expect(try server.askWithToken(Self.path + "?before=nothing").status == 400)
        // Such as one of the ledger before.
        let unknown = "?before=01a224a3-5910-754b-ab06-bfad68bf84f9"
        let page = try server.askWithToken(Self.path + unknown).body
        #expect(page.contains("Nothing to show: the cursor is not a deployment of this ledger"))
    }
}
