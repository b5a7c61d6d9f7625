import TestSupport
import Testing

@Suite("deploystats query")
struct QueryCommandTests {
    private func ledger() throws -> Fixture {
        let fixture = try Fixture()
        #expect(try fixture.run(["--tier", "docker", "--sha", "abc1", "true"]).code == 0)
        #expect(try fixture.run(["--tier", "docker", "--sha", "abc2", "false"]).code == 1)
        try fixture.settle()
        return fixture
    }

    @Test func `the list has every query, and each can be shown with its SQL`() throws {
        let fixture = try Fixture()
        let list = try fixture.stats("query", "list")
        #expect(list.code == 0)
        #expect(list.output.contains("\nholder-at "))
        #expect(!list.output.contains("timeout-rate") && !list.output.contains("report-"))
        #expect(
            list.output.contains(/\n\n[0-9]+ more are used by other commands; --all lists them\n$/))
        let all = try fixture.stats("query", "list", "--all")
        let titles = try fixture.stats("query", "list", "--all", "--format", "ndjson").output
            .matches(of: /"title":"([^"]*)"/).map(\.1)
        // What is piped is not cut.
        #expect(titles.count > 20 && titles.allSatisfy { all.output.contains($0) })
        let lines = all.output.split(separator: "\n")
        #expect(lines.first?.hasSuffix("  USED BY") == true)
        #expect(lines.last?.hasSuffix("  deploystats metrics") == true)
        #expect(
            lines.contains { $0.hasPrefix("report-people ") && $0.hasSuffix("deploystats report") })
        // Those for people come first.
        let first = lines.firstIndex { $0.hasSuffix("  deploystats metrics") } ?? 0
        #expect(lines[first...].dropFirst().allSatisfy { $0.contains("  deploystats ") })
        #expect(lines[..<first].contains { $0.hasPrefix("timeouts ") })
        let shown = try fixture.stats("query", "show", "timeout-rate")
        #expect(shown.code == 0)
        #expect(shown.output.hasPrefix("Timeout rate\n\nHow many of the deployments"))
        #expect(shown.output.contains("\ndeploystats query timeout-rate SINCE UNTIL [ACTORS]"))
        #expect(shown.output.contains("\n  since     first moment of the window (time)\n"))
        #expect(shown.output.contains("\n-- param since    time: first moment of the window\n"))
        let json = try fixture.stats("query", "show", "timeout-rate", "--format", "json")
        #expect(json.output.contains(#""used_by": "deploystats metrics""#))
        #expect(json.output.contains(#""sql": "-- title: Timeout rate\n"#))
        let csv = try fixture.stats("query", "list", "--format", "csv")
        #expect(csv.output.hasPrefix("name,parameters,title,file,used_by\r\n"))
    }

    @Test(
        arguments: [
            ["-2h", "now"], ["2h", "now"], ["--param", "since=-2h", "--param", "until=now"],
            ["--since", "-2h", "--until", "now"], ["--since=-2h", "now"],
            ["--param", "until=now", "yesterday"],
        ]
    )
    func `values come in order, by --param, by name, and from a time as people write it`(
        words: [String]
    ) throws {
        let fixture = try ledger()
        let result = try ChildProcess.run(
            [BuiltTool.path("deploystats"), "query", "timeout-rate", "--format", "csv"] + words,
            environment: fixture.environment())
        // The window ends now, a moment after both deployments.
        #expect(result.output == "n,acquired,timed_out,cancelled\r\n2,2,0,0\r\n", "\(result)")
        #expect(result.code == 0)
    }

    @Test func `every format has the same rows`() throws {
        let fixture = try ledger()
        func query(_ format: String) throws -> String {
            let result = try fixture.stats(
                "query", "timeout-rate", "2h", "now", "--param", "tiers=docker", "--tz", "UTC",
                "--format", format)
            #expect(result.code == 0 && result.errors.isEmpty, "\(result)")
            return result.output
        }
        #expect(
            try query("table") == """
                N  ACQUIRED  TIMED OUT  CANCELLED
                2         2          0          0

                1 row; times in UTC

                """)
        let row = #"{"n":2,"acquired":2,"timed_out":0,"cancelled":0}"#
        #expect(try query("ndjson") == row + "\n")
        #expect(
            try query("json")
                == #"{"format":1,"query":"timeout-rate","values":{"since":"2h","until":"now","#
                + #""tiers":["docker"]},"timezone":"UTC","rows":["# + "\n\(row)\n"
                + #"],"truncated":false}"# + "\n")
    }

    @Test(
        arguments: [
            (["query"], "no query given; run 'deploystats query list'"),
            (["query", "--since", "2h"], "the query's name comes first"),
            (["query", "timeout-rate"], "requires SINCE: first moment of the window"),
            (["query", "timeout-rate", "2h"], "requires UNTIL"),
            (
                ["query", "timeout-rate", "soon", "now"],
                "since must be a time: cannot read the time 'soon'"
            ),
            (["query", "timeout-rate", "2h", "now", "--formt", "csv"], "unknown option '--formt'"),
            (["query", "timeout-rate", "2h", "--until"], "--until requires a value"),
            (["query", "timeout-rate", "2h", "now", "--param", "x=1"], "unknown value 'x'"),
            (
                ["query", "timeout-rate", "2h", "now", "--param", "x"],
                "requires NAME=VALUE, not 'x'"
            ),
            (["query", "deployment-events", "a", "b"], "unexpected value 'b'"),
            (["query", "deployments", "--limit", "-1"], "--limit must not be negative"),
            (["query", "deployments", "--time-limit", "x"], "--time-limit requires a duration"),
            (
                ["query", "show", "timeout-rate", "--format", "csv"],
                "use one of 'table' and 'json'"
            ),
            (["query", "holder-at", "25:99"], "'25:99' is not a valid time"),
        ]
    )
    func `a usage error of query is one line of advice and code 64`(words: [String], says: String)
        throws
    {
        let fixture = try ledger()
        let result = try ChildProcess.run(
            [BuiltTool.path("deploystats")] + words, environment: fixture.environment())
        #expect(result.code == 64, "\(result)")
        #expect(result.errors.contains(says), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(result.output.isEmpty)
    }

    @Test func `an unknown query has code 1`() throws {
        let fixture = try ledger()
        for words in [["query", "nope"], ["query", "show", "nope"]] {
            let result = try ChildProcess.run(
                [BuiltTool.path("deploystats")] + words, environment: fixture.environment())
            #expect(result.code == 1)
            #expect(
                result.errors.contains("unknown query 'nope'; 'deploystats query list --all'"))
        }
    }

    @Test func `an unknown deployment is reported as unknown, one that never waited is not`() throws
    {
        let fixture = try ledger()
        for words in [["99999"], ["#99999"], ["--param", "waiter=99999"], ["-1"]] {
            for format in ["table", "json", "csv"] {
                let result = try fixture.stats(["query", "blocked-by", "--format", format] + words)
                #expect(result.code == 1, "\(words)")
                #expect(result.output.isEmpty)
                #expect(
                    result.errors.contains(
                        /^deploystats: no deployment '-?\d+' in \S+; 'deploystats deployments' lists/
                    ))
            }
        }
        let elsewhere = try fixture.stats("query", "blocked-by", "1", "/elsewhere")
        #expect(elsewhere.code == 1)
        #expect(elsewhere.errors.contains("no deployment '1' under /elsewhere in "))
        let shown = try fixture.stats("show", "1", "--lock", "/elsewhere")
        #expect(shown.code == 1)
        #expect(shown.errors.contains("no deployment '1' under /elsewhere in "))
        for words in [["1"], ["#1"], ["1", fixture.lock]] {
            #expect(try fixture.stats(["query", "blocked-by"] + words).code == 0)
        }
    }

    @Test func `a query that stops at its own limit says so, in every format`() throws {
        let fixture = try ledger()
        let user = try #require(
            fixture.query("SELECT coalesce(actor, user) FROM deployment LIMIT 1").first)
        func actor(_ words: String...) throws -> ChildProcess.Result {
            try fixture.stats(["query", "actor", user] + words)
        }
        let text = try actor("--param", "limit=1")
        #expect(
            text.output.contains(
                "only the first 1 row, there are more; --param limit=-1 shows all"), "\(text)")
        let json = try actor("--param", "limit=1", "--format", "json")
        #expect(json.output.contains(#""truncated":true"#))
        #expect(json.errors.contains("only the first 1 row, there are more"))
        let csv = try actor("--param", "limit=1", "--format", "csv")
        #expect(csv.output.split(separator: "\r\n").count == 2)
        #expect(csv.errors.contains("--param limit=-1 shows all"))
        for all in [["--param", "limit=2"], ["--param", "limit=-1"], []] {
            let whole = try fixture.stats(["query", "actor", user, "--format", "json"] + all)
            #expect(whole.output.contains(#""truncated":false"#), "\(all)")
            #expect(whole.errors.isEmpty)
        }
        let slow = try fixture.stats(
            "query", "slow", "--param", "factor=0", "--param", "limit=0", "--format", "json")
        #expect(slow.output.contains(#""truncated":true"#), "\(slow)")
    }

    @Test func `a deployment is named by number, id or the beginning of it`() throws {
        let fixture = try ledger()
        let ids = try fixture.query("SELECT id FROM deployment ORDER BY n")
        for name in ["2", "#2", ids[1], ids[1].uppercased()] {
            for query in ["blocked", "blocked-by"] {
                let result = try fixture.stats("query", query, name)
                #expect(result.code == 0, "\(query) \(name): \(result)")
            }
        }
        // Both ids begin with the same time.
        let both = try fixture.stats("query", "blocked", String(ids[0].prefix(4)))
        #expect(both.code == 1)
        #expect(both.errors.contains("can mean 2 deployments; give its whole id"), "\(both)")
        let none = try fixture.stats("query", "blocked", "ffffffff")
        #expect(none.code == 1)
        #expect(none.errors.contains("no deployment 'ffffffff' in "))
    }

    @Test func `a filter that no deployment matches is said, on standard error and in JSON`() throws
    {
        let fixture = try ledger()
        let note = "the ledger has no deployment of tier 'dockr'; it has docker"
        for command in [
            ["metrics"], ["report"], ["deployments"], ["events"], ["explain", "skip-rate"],
        ] {
            let text = try fixture.stats(command + ["--tier", "dockr"])
            #expect(text.errors == "deploystats: \(note)\n", "\(command): \(text)")
            #expect(try fixture.stats(command + ["--tier", "docker"]).errors.isEmpty)
            if command == ["events"] { continue }
            let json = try fixture.stats(command + ["--tier", "dockr", "--format", "json"])
            #expect(json.output.contains("\"\(note)\""), "\(command)")
        }
    }

    @Test func `a team's own files are queries, too, and override ours`() throws {
        let fixture = try ledger()
        let reports = fixture.directory.file("reports")
        #expect(try ChildProcess.run(["mkdir", reports]).code == 0)
        fixture.write(
            "reports/by-commit.sql",
            """
            -- title: By commit
            -- What the team asks.
            -- param sha text: commit
            SELECT number, outcome, requested_at_us FROM deployment WHERE sha = :sha;
            """)
        fixture.write("reports/timeout-rate.sql", "-- title: Ours\nSELECT 'ours' AS whose")
        fixture.write("reports/broken.sql", "SELECT 1")
        fixture.write("reports/two.sql", "-- title: Two\nSELECT 1; SELECT 2")
        fixture.write("reports/writes.sql", "-- title: Writes\nDELETE FROM deployment")
        fixture.write("reports/no-query.txt", "")
        func query(_ name: String, _ more: String...) throws -> ChildProcess.Result {
            try ChildProcess.run(
                [BuiltTool.path("deploystats"), "query", name] + more + ["--reports-dir", reports],
                environment: fixture.environment())
        }
        let own = try query("by-commit", "abc2", "--format", "csv")
        #expect(own.output.contains(/^number,outcome,requested_at_us\r\n2,failed,\d+\r\n/))
        #expect(try query("timeout-rate").output.contains("ours"))
        let list = try query("list")
        #expect(list.code == 0)
        #expect(list.output.contains(/by-commit +SHA +By commit +\//))
        #expect(list.errors.contains("broken.sql is not a query"))
        #expect(!list.output.contains("no-query"))
        #expect(try query("broken").code == 1)
        #expect(try query("two").errors.contains("more than one statement"))
        #expect(try query("writes").errors.contains("only reading is allowed here"))
        #expect(try fixture.query("SELECT count(*) FROM deployment") == ["2"])
        let missing = try fixture.stats("query", "list", "--reports-dir", reports + "/none")
        #expect(missing.code == 1)
        #expect(missing.errors.contains("/none cannot be read: No such file or directory"))
    }
}
