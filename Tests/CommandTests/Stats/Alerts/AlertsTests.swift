import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite("deploystats alerts")
struct AlertsTests {
    @Test func `a long-running deployment is an alert, by rules from options and configuration`()
        throws
    {
        let fixture = try Fixture()
        try fixture.begin()
        let child = try fixture.hold("a")
        #expect(try fixture.alerts() == [])
        #expect(try fixture.alerts(["-w", "running=0"]) == ["warning running"])
        #expect(try fixture.alerts(["-w", "0", "-c", "running=0"]) == ["critical running"])
        #expect(try fixture.alerts(["-w", "running=1h"]) == [])
        #expect(try fixture.alerts(["-w", "running=@0:1h"]) == ["warning running"])
        fixture.write("conf", "DEPLOY_ALERT_WARNING=\"running=0 queue=3\"\n")
        let configured: [String: String?] = [
            "DEPLOY_LEDGER_CONFIG": fixture.directory.file("conf")
        ]
        let json = try fixture.stats(["alerts", "--format", "json"], environment: configured)
        #expect(json.code == 0)
        #expect(json.output.contains("\"severity\": \"warning\""))
        #expect(json.output.contains("\"warning\": \"3\""))
        #expect(json.output.contains(/"subject": "[0-9a-f]{8}-[0-9a-f-]{27}"/))
        #expect(json.output.contains("\"lock\": \"\(fixture.lock)\""))
        let overridden = try fixture.stats(
            ["alerts", "-w", "running=none spool=none"], environment: configured)
        #expect(overridden.output.hasPrefix("OK  no alerts\n"))
        fixture.letGo("a")
        #expect(try child.finish().code == 0)
        #expect(try fixture.alerts(["-w", "running=0"]) == [])
    }

    @Test func `--fail-on ends with 3 when an alert is that severe`() throws {
        let fixture = try Fixture()
        try fixture.begin()
        let child = try fixture.hold("a")
        func code(_ arguments: String...) throws -> CInt {
            try fixture.stats(["alerts", "-w", "spool=none"] + arguments).code
        }
        #expect(try code("--fail-on", "warning") == 0)
        #expect(try code("-w", "0") == 0)
        #expect(try code("-w", "0", "--fail-on", "warning") == 3)
        #expect(try code("-w", "0", "--fail-on", "critical") == 0)
        #expect(try code("-c", "0", "--fail-on", "critical") == 3)
        fixture.letGo("a")
        #expect(try child.finish().code == 0)
    }

    @Test func `a failed deployment is an alert until the next one succeeds`() throws {
        let fixture = try Fixture()
        let rules = ["-w", "missed_targets=none"]
        #expect(try fixture.run(["--tier", "docker", "--", "true"]).code == 0)
        try fixture.settle()
        #expect(try fixture.alerts(rules) == [])
        #expect(try fixture.run(["--tier", "docker", "--", "sh", "-c", "exit 3"]).code == 3)
        try fixture.settle()
        let text = try fixture.stats(["alerts"] + rules).output
        #expect(
            text.contains(
                #/WARNING  the last deployment under .* failed: #2 of .* \(exit code 3\),/#))
        // Of another tier there is none.
        #expect(try fixture.alerts(rules + ["--tier", "lightning"]) == [])
        #expect(try fixture.alerts(rules + ["--tier", "docker"]) == ["warning last_failed"])
        #expect(try fixture.alerts(rules + ["-c", "last_failed=0"]) == ["critical last_failed"])
        #expect(try fixture.run(["--tier", "docker", "--", "true"]).code == 0)
        try fixture.settle()
        #expect(try fixture.alerts(rules) == [])
    }

    @Test func `what should have run and did not is an alert`() throws {
        let fixture = try Fixture()
        let rules = ["-w", "missed_targets=none"]
        #expect(try fixture.run(["--tier", "nightly", "--source", "cron", "--", "true"]).code == 0)
        try fixture.settle()
        func alerts(_ arguments: String...) throws -> [String] {
            try fixture.alerts(rules + arguments)
        }
        #expect(try alerts("--max-age", "26h") == [])
        #expect(try alerts("--max-age", "26h", "--tier", "nightly", "--source", "cron") == [])
        #expect(try alerts("--max-age", "0.000001") == ["warning since_success"])
        #expect(try alerts("-c", "since_success=0") == ["critical since_success"])
        // Of a tier that never succeeded the beginning of the ledger counts.
        let never = try fixture.stats(
            ["alerts", "--tier", "weekly", "--max-age", "0.000001"] + rules)
        #expect(never.output.contains("no deployment with tier weekly has succeeded since"))
        for wrong in [["--max-age", "soon"], ["--max-age", "0"], ["--tier", ""]] {
            #expect(try fixture.stats(["alerts"] + wrong).code == 64)
        }
    }

    @Test func `a long queue is an alert`() throws {
        let fixture = try Fixture()
        try fixture.begin()
        let holder = try fixture.hold("a")
        let waiters = try (0..<2).map { _ in try fixture.wait("w") }
        #expect(try fixture.alerts() == [])
        let result = try fixture.stats(["alerts", "-w", "queue=1 spool=none"])
        #expect(result.output.hasPrefix("WARNING  2 deployments waiting for \(fixture.lock)\n"))
        fixture.letGo("a")
        for child in [holder] + waiters { #expect(try child.finish().code == 0) }
    }

    @Test func `an orphan is an alert while it runs, when it is dead, and as a missed target`()
        throws
    {
        let fixture = try Fixture()
        try fixture.begin()
        let child = try fixture.hold("a")
        try fixture.killBoth(child)
        #expect(try fixture.alerts() == ["critical running_orphans"])
        fixture.letGo("a")
        #expect(eventually { (try? fixture.isFree) == true })
        #expect(try fixture.alerts() == ["warning dead_orphans"])
        // On a busy machine the record of it may go to the spool first.
        #expect(
            try eventually {
                try fixture.run(["true"]).code == 0
                    && fixture.alerts() == ["warning missed_targets"]
            })
        let text = try fixture.stats(["alerts", "--window", "1h", "-w", "spool=none"]).output
        #expect(text.hasPrefix("WARNING  orphan_rate in 1h: count 1, target = 0, n "))
        #expect(try fixture.alerts(["-w", "missed_targets=none"]) == [])
    }

    @Test func `an unrecorded process that holds the lock is an alert, too`() throws {
        let fixture = try Fixture()
        try fixture.begin()
        #expect(try fixture.run(["true"]).code == 0)
        let script = ": > $HERE/s.up; while [ ! -e $HERE/s.go ]; do sleep 0.01; done"
        let child = try ChildProcess(
            ["flock", fixture.lock, "sh", "-c", script], environment: fixture.environment())
        #expect(eventually { fixture.exists("s.up") })
        let result = try fixture.stats(["alerts", "-w", "running=0 spool=none"])
        #expect(result.output.hasPrefix("WARNING  an unrecorded process has held "))
        fixture.write("s.go", "")
        #expect(try child.finish().code == 0)
    }

    @Test func `events waiting in the spool are an alert, and so is a file that is not an event`()
        throws
    {
        let fixture = try Fixture()
        try fixture.begin()
        #expect(try fixture.run(["true"]).code == 0)
        mkdir(fixture.spool, 0o700)
        fixture.write("state/spool/1.event", "x")
        #expect(try fixture.alerts(["-w", "spool=0"]) == ["warning spool"])
        fixture.write("state/spool/2.event.rejected", "x")
        #expect(try fixture.alerts(["-w", "spool=0"]) == ["warning spool", "warning set_aside"])
        #expect(
            try fixture.alerts(["-c", "spool=0 set_aside=0"])
                == ["critical spool", "critical set_aside"])
    }

    @Test func `a changed ledger is an alert; old changes and derived tables with --verify`() throws
    {
        let fixture = try Fixture()
        try fixture.begin()
        #expect(try fixture.alerts(["--verify"]) == [])
        try fixture.tamper("UPDATE deployment SET user = 'mallory'")
        #expect(try fixture.alerts() == [])
        #expect(try fixture.alerts(["--verify"]) == ["critical unverified"])
        try fixture.tamper(
            "UPDATE event SET record = replace(record, 'exit_code', 'exit_c0de') WHERE seq = 3")
        let text = try fixture.stats(["alerts"]).output
        #expect(text.contains("CRITICAL  the ledger fails verification"))
        #expect(text.contains("event 3: its hash does not match"))
        #expect(text.contains("\nLedger:  damaged (schema and the newest "))
        #expect(!text.contains(" verified\n"))
    }

    @Test func `a lock that cannot be inspected is unknown, neither fine nor an alert`() throws {
        let fixture = try Fixture()
        try fixture.begin()
        #expect(try fixture.run(["true"]).code == 0)
        let gone = fixture.directory.file("gone/deploy.lock")
        let result = try fixture.stats(["alerts", "-w", "spool=none", "--lock-file", gone])
        #expect(result.code == 0)
        #expect(result.output.hasPrefix("UNKNOWN  cannot determine who holds \(gone): "))
        #expect(
            try fixture.stats([
                "alerts", "-w", "spool=none", "--lock-file", gone, "--fail-on", "warning",
            ]).code == 3)
        #expect(
            try fixture.stats([
                "alerts", "-w", "spool=none", "--lock-file", gone, "--fail-on", "critical",
            ]).code == 0)
    }

    @Test(
        arguments: [
            ["-w", "queue"], ["-w", "queue=x"], ["-c", "height=3"], ["-w", "queue=9:3"],
            ["-w", "running="], ["--window", "soon"], ["--window", "0s"], ["--lock-file", ""],
            ["--notify", ""], ["--notify", "true", "--notify-timeout", "0"],
            ["--notify", "true", "--timeout", "5"], ["--timeout", "0"],
        ]
    )
    func `usage errors of alerts are one line and code 64`(arguments: [String]) throws {
        let result = try Fixture().stats(["alerts"] + arguments)
        #expect(result.code == 64, "\(arguments)")
        #expect(result.output.isEmpty)
        #expect(result.errors.split(separator: "\n").count == 1)
    }
}
