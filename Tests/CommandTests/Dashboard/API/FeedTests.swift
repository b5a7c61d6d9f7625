import SystemCalls
import TestSupport
import Testing

@Suite("Feeds, badges and figures of the dashboard")
struct FeedTests {
    @Test func `the figures are what promtool accepts, with and without a ledger`() throws {
        let fixture = try Fixture()
        let server = try DashboardServer([], fixture)
        for isThere in [false, true] {
            if isThere { #expect(try fixture.run(["--tier", "docker", "true"]).code == 0) }
            let answer = try server.askWithToken("/metrics")
            #expect(answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
            fixture.write("metrics", answer.body)
            let checked = try ChildProcess.run(
                [
                    "sh", "-c",
                    "PATH=$PATH:\"$0\"/.build/promtool/usr/bin; exec promtool check metrics < \"$1\"",
                    Repository.path("."), fixture.directory.file("metrics"),
                ])
            #expect(checked.code == 0, "\(checked.output)\(checked.errors)")
            #expect(answer.body.contains("deploy_requests_total{") == isThere)
            #expect(answer.body.contains("deploy_dashboard_ledger_readable{"))
        }
        let open = try server.ask(
            "/metrics",
            [
                "Authorization: Bearer \(server.token)",
                "Accept: application/openmetrics-text; version=1.0.0",
            ])
        #expect(open.body.hasSuffix("# EOF\n"))
        #expect(open["Content-Type"]?.hasPrefix("application/openmetrics-text") == true)
    }

    @Test func `badges say what is the case`() throws {
        let server = try DashboardServer()
        let fixture = server.fixture
        for subject in ["last", "success"] {
            let badge = try server.askWithToken("/badge/\(subject).json").body
            #expect(badge.contains("\"message\": \"unknown\""), "\(badge)")
        }
        let held = try fixture.hold("a", options: ["--sha", "abcdef1234567"])
        // Locks are looked at every second.
        #expect(
            try eventually {
                try server.askWithToken("/badge/lock.svg").body.contains(">deploying</text>")
            })
        fixture.letGo("a")
        #expect(try held.finish().code == 0)
        #expect(
            try eventually {
                let lock = try server.askWithToken("/badge/lock.json").body
                return lock.contains("\"message\": \"free\"")
                    && lock.contains("\"schemaVersion\": 1")
            })
        let last = try server.askWithToken("/badge/last.svg?lock=\(fixture.lock)")
        #expect(last["Content-Type"] == "image/svg+xml")
        #expect(last.body.contains(">succeeded abcdef1</text>"), "\(last.body)")
        #expect(try server.askWithToken("/badge/last.svg?lock=/none").status == 404)
        #expect(try server.askWithToken("/badge/other.svg").status == 404)
    }

    @Test func `badges need no token where they are public`() throws {
        let closed = try DashboardServer()
        #expect(try closed.ask("/badge/lock.svg").status == 401)
        let open = try DashboardServer(["--public-badges"])
        #expect(try open.ask("/badge/lock.svg").status == 200)
        #expect(try open.ask("/feed.atom").status == 401)
        #expect(try open.ask("/metrics").status == 401)
        #expect(try open.ask("/readyz").status == 401)
        #expect(try open.ask("/healthz").status == 200)
    }

    @Test func `the feed has what ended, whatever stands in it`() throws {
        let fixture = try Fixture()
        let hostile = "\"\u{301}<\u{FE0F}'\u{200D}&\u{20E3}\u{1}]]>\u{FFFE}"
        #expect(
            try fixture.run(["--tier", hostile, "--ref", hostile, "true", hostile]).code == 0)
        #expect(try fixture.run(["sh", "-c", "exit 3"]).code == 3)
        let held = try fixture.hold("a")
        let server = try DashboardServer(["--name", "<a&b>"], fixture)
        let answer = try server.askWithToken("/feed.atom")
        #expect(answer["Content-Type"] == "application/atom+xml; charset=utf-8")
        fixture.write("feed", answer.body)
        let read = try ChildProcess.run(
            [
                "python3", "-c",
                """
                import sys, xml.etree.ElementTree as t
                a = '{http://www.w3.org/2005/Atom}'
                feed = t.parse(sys.argv[1]).getroot()
                for e in feed.iter(a + 'entry'):
                    print(e.find(a + 'title').text.split()[:2], e.find(a + 'id').text[:9])
                print(feed.find(a + 'title').text)
                """, fixture.directory.file("feed"),
            ])
        #expect(
            read.output == """
                ['#2', 'failed'] urn:uuid:
                ['#1', 'succeeded'] urn:uuid:
                Deployments of <a&b>

                """, "\(read.errors)\(answer.body)")
        let failed = try server.askWithToken("/feed.atom?outcome=failed")
        #expect(failed.body.contains("#2 failed") && !failed.body.contains("#1 "))
        fixture.letGo("a")
        #expect(try held.finish().code == 0)
    }

    @Test func `the document of the API is served, below a base path, too`() throws {
        let server = try DashboardServer(["--base-path", "/deploys"])
        let answer = try server.askWithToken("/deploys/api/openapi.json")
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "application/json")
        #expect(answer.body.hasPrefix("{\n  \"openapi\": \"3.1.0\""))
        #expect(answer.body.contains("\"url\": \"/deploys\""))
    }
}
