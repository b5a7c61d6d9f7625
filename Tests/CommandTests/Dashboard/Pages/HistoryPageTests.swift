import SystemCalls
import TestSupport
import Testing

@Suite("Pages of deployments, commits and searches")
struct HistoryPageTests {
    @Test
    func `a deployment is told event by event, with what it left and when`() throws {
        let fixture = try Fixture()
        #expect(
            try fixture.run(
                [
                    "--actor", "ann", "--sha", "abcdef01", "--message", "ship it", "sh", "-c",
                    "exit 3",
                ]
            ).code == 3)
        try fixture.settle()
        let server = try DashboardServer([], fixture)
        let page = try server.askWithToken("/super-admin/deployments/1").body
        #expect(page.contains("<h1>Deployment #1 <span class=\"word bad\">failed</span></h1>"))
        #expect(page.contains(" asked for the lock; nobody was ahead."))
        #expect(page.contains("The command failed with exit code 3"))
        #expect(page.contains("ship it"))
        #expect(page.contains("<svg class=\"steps\""))
        #expect(page.contains("&quot;kind&quot;:&quot;released&quot;"))
        let part = try server.askWithToken("/super-admin/deployments/1?fragment=story")
        #expect(part.body.hasPrefix("<h1>"))
        #expect(try server.askWithToken("/super-admin/deployments/99").status == 404)
    }

    @Test
    func `a number that several locks know is asked back`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let other = fixture.directory.file("other.lock")
        #expect(try fixture.run(["--lock-file", other, "true"]).code == 0)
        try fixture.settle()
        let server = try DashboardServer([], fixture)
        let page = try server.askWithToken("/super-admin/deployments/1").body
        #expect(page.contains("Several deployments:") && page.contains(other))
        let one = try server.askWithToken("/super-admin/deployments/1?lock=\(other)").body
        #expect(one.contains("<h1>Deployment #1 "))
        // Where the number stands in a table it is known which one is meant.
        let ids = try fixture.query("SELECT id FROM deployment")
        let table = try server.askWithToken("/super-admin/metrics/success_rate").body
        for id in ids { #expect(table.contains("href=\"/super-admin/deployments/\(id)\">1</a>")) }
    }

    @Test
    func `whether a commit is live`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["--sha", "aaaa1111", "true"]).code == 0)
        #expect(try fixture.run(["--sha", "bbbb2222", "true"]).code == 0)
        #expect(try fixture.run(["--sha", "cccc3333", "false"]).code == 1)
        try fixture.settle()
        let server = try DashboardServer([], fixture)
        func answer(_ sha: String) throws -> String {
            let page = try server.askWithToken("/super-admin/commits/\(sha)").body
            return page.components(between: "<p class=\"big\">", and: "</p>").joined()
        }
        #expect(try answer("aaaa").contains("replaced</span> It got there with #1; live now is"))
        #expect(try answer("bbbb2222").contains("live</span> Live since #2 succeeded"))
        #expect(try answer("cccc").contains("missed</span> Not live: #3 failed"))
        #expect(try answer("dddd").isEmpty)
        let holder = try fixture.hold("held", options: ["--sha", "dddd4444"])
        #expect(try eventually { try answer("dddd").contains("Not yet: #4 is running") })
        fixture.letGo("held")
        #expect(try holder.finish().code == 0)
        #expect(
            try eventually { try answer("cccc").contains("overtaken</span> Not with a deployment") }
        )
        #expect(try server.askWithToken("/super-admin/commits/abc").status == 400)
        // What names no commit delivers none.
        #expect(try fixture.run(["true"]).code == 0)
        #expect(try answer("dddd").contains("live</span> Live since #4 succeeded"))
    }

    @Test(
        arguments: [
            ("1", "/super-admin/deployments/"), ("%231", "/super-admin/deployments/"),
            ("abcdef", "/super-admin/commits/abcdef"),
            ("ABCDEF01", "/super-admin/commits/abcdef01"),
            ("+ann+", "/super-admin/deployments?actor=ann#recent"),
            ("feature%2Fx", "/super-admin/deployments?branch=feature%2Fx#recent"),
        ])
    func `the search box leads to what is meant`(text: String, place: String) throws {
        let fixture = try Fixture()
        let fields = ["--actor", "ann", "--sha", "abcdef01", "--ref", "feature/x"]
        #expect(try fixture.run(fields + ["true"]).code == 0)
        try fixture.settle()
        let server = try DashboardServer([], fixture)
        let answer = try server.askWithToken("/super-admin/search?q=\(text)")
        #expect(answer.status == 303)
        #expect(answer["Location"]?.hasPrefix(place) == true, "\(answer["Location"] ?? "nowhere")")
        let nothing = try server.askWithToken("/super-admin/search?q=nobody")
        #expect(nothing.status == 200)
        #expect(nothing.body.contains("The ledger knows nothing of that name"))
    }

    @Test
    func `a query is a form, and its answer a table, CSV and JSON`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["--sha", "abcdef01", "true"]).code == 0)
        try fixture.settle()
        let server = try DashboardServer([], fixture)
        let list = try server.askWithToken("/super-admin/queries").body
        #expect(list.contains("href=\"/super-admin/queries/commit\""))
        let form = try server.askWithToken("/super-admin/queries/commit").body
        #expect(form.contains("name=\"sha\"") && !form.contains("<h2>Answer"))
        let page = try server.askWithToken("/super-admin/queries/commit?sha=abc&lock=").body
        #expect(page.contains("<span class=\"count\">1 row</span>"))
        #expect(page.contains("deploystats query commit --param sha=abc"))
        for format in ["csv", "json"] {
            let link = "/api/admin/queries/commit?sha=abc&format=\(format)"
            #expect(page.contains("href=\"\(link.replacing("&", with: "&amp;"))\""))
            let answer = try server.askWithToken(link)
            #expect(answer.status == 200 && answer.body.contains("abcdef01"))
        }
        let wrong = try server.askWithToken("/super-admin/queries/live?at=never")
        #expect(wrong.status == 400 && wrong.body.contains("role=\"alert\""))
        #expect(try server.askWithToken("/super-admin/queries/nothing").status == 404)
    }

    @Test
    func `the report and the ledger have pages of their own`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        let server = try DashboardServer([], fixture)
        let report = try server.askWithToken("/super-admin/report?week=this-week").body
        #expect(report.contains("What needs attention") && report.contains("<svg"))
        #expect(try server.askWithToken("/super-admin/report?week=never").status == 400)
        let ledger = try server.askWithToken("/super-admin/ledger").body
        let head = try fixture.query("SELECT max(seq) FROM event")[0]
        #expect(ledger.contains(">\(head):"))
        #expect(ledger.contains("verified"))
        let why = try server.askWithToken("/super-admin/metrics/success_rate").body
        #expect(why.contains("1 deployment counts, 0 do not; 1 in the numerator: 1/1"))
    }
}
