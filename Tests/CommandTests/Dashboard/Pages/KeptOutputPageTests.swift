import SystemCalls
import TestSupport
import Testing

@Suite("Kept output on the page of a deployment")
struct KeptOutputPageTests {
    @Test
    func `kept output is shown when it may be`() throws {
        let fixture = try Fixture()
        #expect(try fixture.keep("echo 'line <one>'; echo two").code == 0)
        try fixture.settle()
        let path = "/super-admin/deployments/1"
        let hidden = try DashboardServer([], fixture).askWithToken(path).body
        #expect(!hidden.contains("line &lt;one&gt;\n"))
        let shown = try DashboardServer(["--show-logs"], fixture, token: fixture.addToken("other"))
            .askWithToken(path).body
        #expect(shown.contains("line &lt;one&gt;\ntwo\n"))
    }

    @Test
    func `kept output that takes long to read holds up nothing else`() throws {
        let fixture = try Fixture()
        #expect(try fixture.keep("echo printed").code == 0)
        try fixture.settle()
        // Nobody compresses it any more.
        try #require(eventually { fixture.logNames.first?.hasSuffix(".gz") == true })
        let log = "\(fixture.logs)/" + fixture.logNames[0]
        // Minutes of reading.
        let made = try ChildProcess.run(
            [
                "sh", "-c",
                """
                head -c 64M /dev/zero | gzip > "$0"
                for i in 1 2 3 4 5 6 7 8 9; do cat "$0" "$0" > "$0.part"; mv "$0.part" "$0"; done
                """, log,
            ])
        #expect(made.code == 0, "\(made.errors)")
        let path = "/super-admin/deployments/1"
        let brief = try DashboardServer(["--show-logs", "--limit", "query=100000us"], fixture)
        let page = try brief.askWithToken(path)
        #expect(page.status == 200 && !page.body.contains("aria-label=\"Output\""))
        let server = try DashboardServer(
            ["--show-logs", "--limit", "query=24h"], fixture, token: fixture.addToken("other"))
        func ask(_ path: String) throws -> RawConnection {
            let connection = try server.connect()
            connection.send(
                "GET \(path) HTTP/1.1\r\nHost: localhost\r\n"
                    + "Authorization: Bearer \(server.token)\r\n\r\n")
            return connection
        }
        var asked = [try ask(path)]
        // Until it is being read.
        let threads = "/proc/\(server.child.pid)/task"
        #expect(
            try eventually {
                try FileSystem.entries(of: threads).contains {
                    try !FileSystem.read("\(threads)/\($0)/children").isEmpty
                }
            })
        for other in ["/super-admin/deployments", "/api/admin/deployments", "/metrics"] {
            #expect(try server.askWithToken(other).status == 200, "\(other)")
        }
        // No more than a few wait for it.
        for _ in 1...9 { asked.append(try ask("/super-admin/report")) }
        #expect(eventually { server.child.errors.contains("/super-admin/report 503 ") })
        withExtendedLifetime(asked) {}
    }

    @Test
    func `no other file is shown than one with kept output`() throws {
        let fixture = try Fixture()
        #expect(try fixture.keep("echo printed").code == 0)
        try fixture.settle()
        fixture.write("secret.log", "geheim\n")
        let forged = try ChildProcess.run(
            [
                "python3", "-c",
                """
                import sqlite3, sys
                ledger = sqlite3.connect(sys.argv[1])
                ledger.execute("DROP TRIGGER event_never_updated")
                changed = ledger.execute(
                    "UPDATE event SET record = replace(record, json_extract(record, '$.log_file'), ?) "
                    "WHERE json_extract(record, '$.log_file') IS NOT NULL", (sys.argv[2],))
                ledger.commit()
                print(changed.rowcount)
                """, fixture.ledger, fixture.directory.file("secret.log"),
            ])
        #expect(forged.output == "1\n", "\(forged.errors)")
        let page = try DashboardServer(["--show-logs"], fixture)
            .askWithToken("/super-admin/deployments/1").body
        #expect(page.contains("secret.log") && !page.contains("geheim"))
    }
}
