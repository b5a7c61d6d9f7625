import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite("deploystats on real deployments")
struct DeployStatsTests {
    private func stats(
        _ fixture: Fixture, _ arguments: String..., environment: [String: String?] = [:]
    ) throws -> ChildProcess.Result {
        try stats(fixture, arguments, environment: environment)
    }

    private func stats(
        _ fixture: Fixture, _ arguments: [String], environment: [String: String?] = [:]
    ) throws -> ChildProcess.Result {
        try fixture.settle()
        return try fixture.stats(arguments, environment: environment)
    }

    private func lines(_ text: String) -> [Substring] { text.split(separator: "\n") }

    @Test func `without arguments the metrics of the last seven days are printed`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["--tier", "docker", "true"]).code == 0)
        #expect(try fixture.run(["false"]).code == 1)
        let result = try stats(fixture)
        #expect(result.code == 0)
        #expect(result.errors.isEmpty)
        #expect(result.output.hasPrefix("Deployment metrics  20"))
        #expect(result.output.contains("UTC (7d)\n"))
        #expect(result.output.contains("\nLock wait time"))
        #expect(result.output.contains("\nOrphans              PASS     0"))
        #expect(!result.output.contains("\u{1b}"))

        let json = try stats(fixture, "metrics", "--format", "json")
        let jq = try ChildProcess.run(
            ["sqlite3", ":memory:", "SELECT json_valid(readfile('/dev/stdin'))"])
        #expect(jq.code == 0)
        #expect(json.output.hasPrefix("{\n  \"format\": 1,\n  \"window\": {\n    \"since\": \"20"))
        for name in [
            "lock_wait_time", "deployment_duration", "queue_length", "skip_rate", "timeout_rate",
            "orphan_rate",
        ] {
            #expect(json.output.contains("\"name\": \"\(name)\""))
        }
    }

    @Test func `events come as one object per line with the command beside each`() throws {
        let fixture = try Fixture()
        let exit = try fixture.run(
            ["--source", "gha", "--tier", "docker", "--sha", "abc123", "sh", "-c", "exit 3"])
        #expect(exit.code == 3)
        let result = try stats(fixture, "events", "--format", "ndjson")
        let events = lines(result.output)
        #expect(events.count == 3)
        for event in events {
            #expect(event.contains(#""source":"gha","tier":"docker","sha":"abc123""#))
            #expect(
                event.contains(#""command":"sh -c 'exit 3'","argv":["sh","-c","exit 3"],"hash":""#))
            #expect(event.contains(/"at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"/))
        }
        #expect(events[2].contains(#""exit_code":3,"outcome":"failed""#))
        #expect(try lines(stats(fixture, "events", "--limit", "1").output)[0].contains("released"))
        let csv = try lines(stats(fixture, "events", "--format", "csv").output.replacingCRLF)
        #expect(csv.count == 4)
        #expect(csv[3].contains(/,\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z,released,/))
        #expect(csv[3].contains(",sh -c 'exit 3',"))
        let none = try stats(fixture, "events", "--source", "cron")
        #expect(none.output == "No events (all times, UTC; only source cron).\n")
    }

    @Test func `a count of one is singular everywhere`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        #expect(try stats(fixture).output.contains("\nLedger: 1 deployment, 3 events since 20"))
        let list = try stats(fixture, "deployments")
        #expect(list.output.hasSuffix("\n1 deployment (all times, UTC)\n"))
        let newest = try stats(fixture, "events", "--limit", "1")
        #expect(newest.output.hasSuffix("\nthe newest 1 event (all times, UTC)\n"))
        let holder = try fixture.hold("first")
        let waiter = try fixture.start(["true"])
        #expect(eventually { waiter.errors.contains("waiting for") })
        fixture.letGo("first")
        for child in [holder, waiter] { #expect(try child.finish().code == 0) }
        #expect(try stats(fixture, "show", "3").output.contains("; 1 deployment was ahead."))
        #expect(try stats(fixture, "show", "2").output.contains("; nobody was ahead."))
    }

    @Test func `a deployment is shown in words, by number and by id`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["echo", "a b"]).code == 0)
        let byNumber = try stats(fixture, "show", "1")
        #expect(byNumber.code == 0)
        #expect(byNumber.output.hasPrefix("Deployment #1: succeeded\n"))
        #expect(byNumber.output.contains("\n  command    echo 'a b'\n"))
        #expect(byNumber.output.contains("The command succeeded after "))
        let id = try #require(try fixture.query("SELECT id FROM deployment").first)
        #expect(try stats(fixture, "show", id).output == byNumber.output)
        #expect(try lines(stats(fixture, "deployments").output)[1].hasSuffix("echo 'a b'"))

        let unknown = try stats(fixture, "show", "99")
        #expect(unknown.code == 1)
        #expect(unknown.errors.contains("no deployment '99' in "))
    }

    @Test func `a number under two locks is ambiguous`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let other = fixture.directory.file("other.lock")
        #expect(try fixture.run(["--lock-file", other, "true"]).code == 0)
        let result = try stats(fixture, "show", "1")
        #expect(result.code == 1)
        #expect(result.output.isEmpty)
        #expect(lines(result.errors).count == 3)
        #expect(result.errors.contains("choose one with --lock PATH or by its id"))
        #expect(try stats(fixture, "show", "1", "--lock", other).code == 0)
    }

    @Test func `an intact ledger verifies, a noted head proves it, damage has its own code`() throws
    {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let whole = try stats(fixture, "verify")
        #expect(whole.code == 0)
        #expect(whole.output.hasPrefix("INTACT  3 events"))
        let head = try #require(
            lines(whole.output).first { $0.hasPrefix("Head:") }?.split(separator: " ").last)
        #expect(try fixture.run(["true"]).code == 0)
        #expect(try stats(fixture, "verify", "--head", String(head)).code == 0)
        let zeros = String(repeating: "0", count: 64)
        let wrong = try stats(fixture, "verify", "--head", "2:\(zeros)", "--format", "json")
        #expect(wrong.code == 2)
        #expect(wrong.output.contains("\"whole\": false"))
        #expect(wrong.output.contains("\"seq\": 2"))
    }

    @Test func `a missing ledger and an empty one are one clear sentence`() throws {
        let fixture = try Fixture()
        for command in ["metrics", "events", "deployments", "verify"] {
            let result = try stats(fixture, command)
            #expect(result.code == 1)
            #expect(result.output.isEmpty)
            #expect(lines(result.errors).count == 1)
            #expect(result.errors.hasPrefix("deploystats: there is no ledger at \(fixture.ledger)"))
        }
        #expect(!fixture.exists("state"))
        fixture.write("garbage", String(repeating: "no database ", count: 500))
        let garbage = try stats(
            fixture, "--ledger", fixture.directory.file("garbage"))
        #expect(garbage.code == 1)
        #expect(garbage.errors.contains("is not a ledger"))
    }

    @Test func `an edit with all hashes recomputed shows only against a head kept elsewhere`()
        throws
    {
        let fixture = try Fixture()
        #expect(try fixture.run(["sh", "-c", "exit 7"]).code == 7)
        let kept = try fixture.query("SELECT seq || ':' || lower(hex(hash)) FROM event").last ?? ""
        let edit = """
            import hashlib, sqlite3, sys
            db = sqlite3.connect(sys.argv[1])
            guards = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in guards: db.execute(f'DROP TRIGGER "{name}"')
            hash = db.execute("SELECT id FROM ledger").fetchone()[0]
            for seq, record in db.execute("SELECT seq, record FROM event ORDER BY seq").fetchall():
                record = record.replace('"exit_code":7', '"exit_code":0').replace('failed', 'succeeded')
                hash = hashlib.sha256(hash + record.encode()).digest()
                db.execute("UPDATE event SET record = ?, hash = ? WHERE seq = ?", (record, hash, seq))
            db.execute("UPDATE deployment SET exit_code = 0, outcome = 'succeeded'")
            for _, sql in guards: db.execute(sql)
            db.commit()
            """
        let edited = try ChildProcess.run(["python3", "-c", edit, fixture.ledger])
        #expect(edited.code == 0, "\(edited.errors)")
        #expect(try stats(fixture, "verify").output.contains("the ledger has lost events"))
        // What is noted beside it goes the same way.
        unlink(fixture.ledger + ".lock")
        let alone = try stats(fixture, "verify")
        #expect(alone.code == 0, "\(alone.output)")
        #expect(alone.output.contains("Without --head this cannot detect"))
        let compared = try stats(fixture, "verify", "--head", kept)
        #expect(compared.code == 2, "\(compared.output)")
        #expect(!compared.output.contains("Without --head"))
    }

    @Test(
        arguments: [
            ["--since", "soon"], ["--since", "now", "--until", "-1h"], ["--tz", "Mars/X"],
            ["--bogus"], ["events", "--outcome", "great"], ["deployments", "--limit", "-1"],
            ["deployments", "--limit", "x"], ["events", "--follow", "--format", "json"],
            ["show"], ["show", "1", "--format", "csv"], ["verify", "--head", "12"],
            ["--actor", ""], ["--lock", ""], ["show", "1", "--lock", ""], ["nonsense"],
            ["--ledger", ""],
        ]
    )
    func `a usage error of deploystats is one line of advice and code 64`(arguments: [String])
        throws
    {
        let result = try stats(Fixture(), arguments)
        #expect(result.code == 64, "\(arguments)")
        #expect(result.output.isEmpty)
        #expect(lines(result.errors).count == 1)
        #expect(result.errors.hasPrefix("deploystats: "))
    }

    @Test func `the configuration file names the ledger when nothing else does`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        fixture.write("conf", "DEPLOY_LEDGER=\(fixture.ledger)\n")
        let result = try stats(
            fixture, "events",
            environment: [
                "DEPLOY_LEDGER": nil, "DEPLOY_LEDGER_CONFIG": fixture.directory.file("conf"),
            ])
        #expect(result.code == 0)
        #expect(result.output.contains("3 events"))
    }
}

extension String {
    fileprivate var replacingCRLF: String {
        String(String.UnicodeScalarView(unicodeScalars.filter { $0 != "\r" }))
    }
}
