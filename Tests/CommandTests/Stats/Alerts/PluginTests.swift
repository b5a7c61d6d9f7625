import Glibc
import SystemCalls
import TestSupport
import Testing

/// The rules of <https://www.monitoring-plugins.org/doc/guidelines.html>.
@Suite("deploystats alerts as a monitoring plugin")
struct PluginTests {
    private func plugin(_ fixture: Fixture, _ arguments: String...) throws -> ChildProcess.Result {
        try fixture.stats(["alerts", "--format", "nagios", "-w", "spool=none"] + arguments)
    }

    /// Splits the first line and checks everything about its form.
    private func check(_ result: ChildProcess.Result, _ word: String) throws -> [String: String] {
        let lines = result.output.split(separator: "\n").map(String.init)
        let parts = try #require(lines.first).split(separator: "|").map(String.init)
        #expect(parts.count == 2, "\(lines)")
        #expect(parts[0].hasPrefix("DEPLOY \(word): "))
        #expect(parts[0].count <= 80)
        #expect(lines.dropFirst().allSatisfy { !$0.contains("|") })
        let number = #"-?\d+(\.\d+)?"#
        let range = #"@?((~|-?\d+(\.\d+)?)?:)?(-?\d+(\.\d+)?)?"#
        let form = try Regex(
            "[a-z0-9_]+=(\(number)(s|%)?|U)(;(\(range))?(;(\(range))?(;(\(number))?)?)?)?")
        var figures: [String: String] = [:]
        for figure in parts[1].split(separator: " ") {
            #expect(figure.wholeMatch(of: form) != nil, "\(figure)")
            let pair = figure.split(separator: "=", maxSplits: 1).map(String.init)
            // Round robin databases keep 19 characters of a label.
            #expect(figures.updateValue(pair[1], forKey: String(pair[0].prefix(19))) == nil)
        }
        return figures
    }

    @Test func `each of the four states has its code, words and figures`() throws {
        let fixture = try Fixture()
        try fixture.begin()
        let child = try fixture.hold("a")
        let fine = try plugin(fixture)
        #expect(fine.code == 0)
        #expect(fine.errors.isEmpty)
        let figures = try check(fine, "OK")
        #expect(figures["running"]?.contains(/^\d+(\.\d+)?s;1200;3600;0$/) == true)
        #expect(figures["queue"] == "0;5;10;0")
        let warning = try plugin(fixture, "-w", "running=0", "-w", "queue=2:3")
        #expect(warning.code == 1)
        #expect(try check(warning, "WARNING")["queue"] == "0;2:3;10;0")
        let critical = try plugin(fixture, "-w", "0", "-c", "0")
        #expect(critical.code == 2)
        #expect(try check(critical, "CRITICAL")["running"]?.hasSuffix(";0;0;0") == true)
        let gone = fixture.directory.file("gone/lock")
        // What is known to be bad counts for more than what is not known.
        let both = try plugin(
            fixture, "--lock-file", gone, "--lock-file", fixture.lock, "-c", "0")
        #expect(both.code == 2)
        fixture.letGo("a")
        #expect(try child.finish().code == 0)
        let unknown = try plugin(fixture, "--lock-file", gone)
        #expect(unknown.code == 3)
        #expect(try check(unknown, "UNKNOWN")["running"] == "U;1200;3600;0")
    }

    @Test func `the separators of text and figures cannot come from outside`() throws {
        let fixture = try Fixture()
        try fixture.begin()
        let lock = fixture.directory.file("a|b\n'c.lock")
        let script = ": > $HERE/x.up; while [ ! -e $HERE/x.go ]; do sleep 0.01; done"
        let child = try fixture.start(["--lock-file", lock, "sh", "-c", script])
        #expect(eventually { fixture.exists("x.up") })
        let result = try plugin(fixture, "-w", "0", "--lock-file", lock)
        #expect(result.code == 1)
        _ = try check(result, "WARNING")
        fixture.write("x.go", "")
        #expect(try child.finish().code == 0)
    }

    @Test func `anything but an answer is UNKNOWN, on standard output`() throws {
        let fixture = try Fixture()
        for (arguments, wanted) in [
            ([], "DEPLOY UNKNOWN: there is no ledger at "), (["--bogus"], "DEPLOY UNKNOWN: "),
            (["-w", "queue=x"], "DEPLOY UNKNOWN: --warning: 'x' is not a range for queue"),
            (["--notify", "true"], "DEPLOY UNKNOWN: "), (["--help"], "OVERVIEW: "),
            (["-h"], "OVERVIEW: "), (["-V"], "0."), (["--version"], "0."),
        ] {
            for form in [["--format", "nagios"], ["--format=nagios"]] {
                let result = try fixture.stats(["alerts"] + form + arguments)
                #expect(result.code == 3, "\(arguments)")
                #expect(result.output.hasPrefix(wanted), "\(arguments): \(result.output)")
                #expect(result.errors.isEmpty)
            }
        }
        fixture.write("conf", "DEPLOY_ALERT_WARNUNG=x\n")
        let misspelt = try fixture.stats(
            ["alerts", "--format", "nagios"],
            environment: ["DEPLOY_LEDGER_CONFIG": fixture.directory.file("conf")])
        #expect(misspelt.code == 3)
        #expect(misspelt.output.hasPrefix("DEPLOY UNKNOWN: "))
        #expect(misspelt.output.contains("did you mean DEPLOY_ALERT_WARNING?"))
    }

    @Test func `-t ends a run that gets no answer`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        // A connection that lets nobody else in.
        let script = """
            import os, sqlite3, sys, time
            db = sqlite3.connect(sys.argv[1], isolation_level=None)
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            db.execute("BEGIN EXCLUSIVE")
            open(sys.argv[2], "w").close()
            while not os.path.exists(sys.argv[3]): time.sleep(0.01)
            """
        let other = try ChildProcess([
            "python3", "-c", script, fixture.ledger, fixture.directory.file("up"),
            fixture.directory.file("go"),
        ])
        #expect(eventually { fixture.exists("up") })
        let result = try plugin(fixture, "-t", "1")
        #expect(result.code == 3)
        #expect(result.output == "DEPLOY UNKNOWN: no answer within 1 s\n")
        let plain = try fixture.stats(["alerts", "-t", "1"])
        #expect(plain.code == 1)
        #expect(plain.errors == "deploystats: no answer within 1 s\n")
        fixture.write("go", "")
        #expect(try other.finish().code == 0)
    }
}
