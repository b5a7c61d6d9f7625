import SystemCalls
import TestSupport
import Testing

@Suite("Hostile text in tables, files and pictures")
struct HostileDataTests {
    private static let text = HostileText.text

    /// Two deployments that have ended, and one that has the lock, with such text in each field.
    private static func fixture() throws -> (Fixture, holder: ChildProcess) {
        let fixture = try Fixture()
        #expect(try fixture.run(HostileText.fields + ["--", "true", text]).code == 0)
        #expect(
            try fixture.run(HostileText.fields + ["--", "sh", "-c", "exit 3", text]).code == 3)
        let holder = try fixture.hold("held", options: HostileText.fields)
        try fixture.settle()
        return (fixture, holder)
    }

    /// Runs a program in Python with arguments.
    private func python(_ program: String, _ arguments: [String]) throws -> ChildProcess.Result {
        try ChildProcess.run(["python3", "-c", program] + arguments)
    }

    @Test func `is harmless in the form and the table of each query`() throws {
        let (fixture, holder) = try Self.fixture()
        let server = try DashboardServer([], fixture)
        let encoded = HostileText.encoded(Self.text)
        let lock = "lock=\(HostileText.encoded(fixture.lock))"
        var shown = 0
        for query in [
            "actor?who=\(encoded)", "blocked?deployment=1", "blocked-by?waiter=2", "busy?since=-1h",
            "by-run?url=\(encoded)", "commit?sha=\(encoded)", "double-holders?since=-1h",
            "failures?since=-1h", "forced-unlocks?since=-1h", "freezes?since=-1h", "gaps?since=-1h",
            "holder-at?at=-1s", "integrity?since=-1h", "last-good-before?at=-1s",
            "lead-time?since=-1h", "live?\(lock)", "missing-numbers?since=-1h",
            "orphans?since=-1h", "overlap?since=-1h&until=2099-01-01", "overrides?since=-1h",
            "parallel?since=-1h", "queue-at?at=-1s", "retries?since=-1h", "returns?since=-1h",
            "skips?since=-1h", "slow?since=-1h", "time-until-success?since=-1h",
            "timeline?around=-1s", "timeouts?since=-1h",
            // What a form is given that cannot be meant, and a lock that nobody has.
            "live?at=\(encoded)", "failures?lock=\(encoded)", "slow?factor=\(encoded)",
            "queue-at?at=\(encoded)", "blocked?deployment=\(encoded)",
        ] {
            let page = try server.askWithToken("/super-admin/queries/\(query)")
            #expect([200, 400, 404].contains(page.status), "\(query) \(page.status)")
            HostileText.expectHarmless(page.body, query)
            if HostileText.isShown(page.body) { shown += 1 }
        }
        #expect(shown >= 12)
        fixture.letGo("held")
        #expect(try holder.finish().code == 0)
    }

    @Test func `is the same in JSON and CSV, where it acts on nothing`() throws {
        let (fixture, holder) = try Self.fixture()
        let formula = try fixture.run(["--actor", "=1+1", "--no-wait", "true"])
        #expect(formula.code == 1)
        try fixture.settle()
        let server = try DashboardServer([], fixture)
        fixture.write("text", Self.text)
        for format in ["json", "csv"] {
            let answer = try server.askWithToken("/api/admin/deployments?format=\(format)")
            #expect(answer.status == 200)
            #expect(answer["X-Content-Type-Options"] == "nosniff")
            fixture.write("answer", answer.body)
            let checked = try python(
                """
                import csv, json, sys
                text = open(sys.argv[1], encoding="utf-8", newline="").read()
                with open(sys.argv[2], encoding="utf-8", newline="") as file:
                    rows = json.load(file)["deployments"] if sys.argv[3] == "json" else list(csv.DictReader(file))
                assert len(rows) == 4, rows
                for row in rows[1:]:
                    for name in ("tier", "source", "sha", "ref"):
                        assert row[name] == text, (name, row[name])
                    assert row["actor"].startswith(text), row["actor"]
                print(rows[0]["actor"][:5])
                """, [fixture.directory.file("text"), fixture.directory.file("answer"), format])
            // A spreadsheet would run it.
            #expect(
                checked.output == (format == "csv" ? "'=1+1\n" : "=1+1 \n"), "\(checked.errors)")
        }
        fixture.letGo("held")
        #expect(try holder.finish().code == 0)
    }

    @Test func `is text in pictures and in the feed`() throws {
        let (fixture, holder) = try Self.fixture()
        let server = try DashboardServer(["--name", "n" + Self.text.prefix(20)], fixture)
        let id = try fixture.query("SELECT id FROM deployment ORDER BY n")[1]
        let pages = try [
            "/super-admin/deployments", "/super-admin/deployments/\(id)",
            "/super-admin/report?week=this-week", "/super-admin/metrics/deployment_duration",
        ].map { try server.askWithToken($0).body }
        // Pictures within a page name no namespace.
        var pictures = pages.flatMap { $0.components(between: "<svg ", and: "</svg>") }
            .map { "<svg \($0)</svg>" }
        #expect(pictures.count > 5)
        for path in ["/badge/last.svg", "/badge/lock.svg", "/feed.atom", "/favicon.ico"] {
            let answer = try server.askWithToken(path)
            #expect(answer.status == 200)
            pictures.append(answer.body)
        }
        let badge = try server.askWithToken("/badge/last.svg").body
        #expect(HostileText.isShown(badge), "\(badge)")
        for (number, picture) in pictures.enumerated() {
            HostileText.expectHarmless(picture, "\(number)")
            fixture.write("\(number).xml", picture)
        }
        let checked = try python(
            """
            import sys, xml.etree.ElementTree as tree
            for name in sys.argv[1:]:
                for element in tree.parse(name).iter():
                    kind = element.tag.split("}")[-1]
                    assert kind != "script", name
                    assert not [a for a in element.attrib if a.lower().startswith("on")], name
            """, pictures.indices.map { fixture.directory.file("\($0).xml") })
        #expect(checked.code == 0, "\(checked.errors)")
        let told = try server.askWithToken("/badge/last.json").body
        fixture.write("badge.json", told)
        #expect(
            try python(
                "import json, sys; json.load(open(sys.argv[1], encoding='utf-8'))",
                [fixture.directory.file("badge.json")]
            ).code == 0)
        fixture.letGo("held")
        #expect(try holder.finish().code == 0)
    }
}
