import Glibc
import SQLite
import SystemCalls
import TestSupport
import Testing

@Suite("deploystats report and explain on real deployments")
struct DeployStatsReportTests {
    private func stats(
        _ fixture: Fixture, _ arguments: [String], environment: [String: String?] = [:]
    ) throws -> ChildProcess.Result {
        try fixture.settle()
        return try fixture.stats(arguments, environment: environment)
    }

    /// A ledger with a deployment of now.
    private func fixture() throws -> Fixture {
        let fixture = try Fixture()
        let run = try fixture.run(["--tier", "docker", "--source", "gha", "echo", "<b>|"])
        #expect(run.code == 0)
        return fixture
    }

    @Test func `a running week is reported in every format, and its rest is still to come`() throws
    {
        let fixture = try fixture()
        let text = try stats(fixture, ["report", "--since", "-1h"])
        #expect(text.code == 0, "\(text.errors)")
        #expect(text.output.hasPrefix("Deployments 20"))
        #expect(text.output.contains("\nWhat needs attention\n  Nothing.\n"))
        #expect(!text.output.contains("\u{1b}"))
        // A window without a name says its ends once.
        let ends = #/20[-0-9]+ [:0-9]+ to 20[-0-9]+ [:0-9]+/#
        let heading = text.output.split(separator: "\n").prefix(2)
        #expect(heading[0].wholeMatch(of: /Deployments 20.* UTC \(1h\)/) != nil, "\(heading)")
        #expect(heading[1].hasPrefix("Against 20"))
        #expect(heading.allSatisfy { $0.matches(of: ends).count == 1 })
        let week = ["report", "--week", "this-week", "--format"]
        let markdown = try stats(fixture, week + ["markdown"])
        #expect(markdown.output.hasPrefix("### Deployments 20"))
        #expect(markdown.output.contains(", so far, against the same part of 20"))
        #expect(markdown.output.contains("| echo '&lt;b&gt;\\|' |"))
        let page = try stats(fixture, week + ["html"])
        #expect(page.output.hasPrefix("<!DOCTYPE html>\n"))
        #expect(page.output.contains("echo &#39;&lt;b&gt;|&#39;"))
        let json = try stats(fixture, week + ["json"])
        let read =
            "import json,sys; r=json.load(sys.stdin); "
            + "print(r['is_running'], len(r['trend']), r['slowest']['total'])"
        fixture.write("report.json", json.output)
        let parsed = try ChildProcess.run(
            ["python3", "-c", read], input: fixture.directory.file("report.json"))
        #expect(parsed.output == "True 8 1\n", "\(parsed.errors)")
    }

    @Test func `a slow report shows its progress on a terminal, and nothing elsewhere`() throws {
        let fixture = try fixture()
        try fixture.settle()
        let report = [
            BuiltTool.path("deploystats"), "report", "--since", "-1h", "--output",
            fixture.directory.file("page"),
        ]
        // A connection that lets nobody else in, for longer than the tool works without a word.
        var other: Connection? = try Connection(
            path: fixture.ledger, mode: .readWrite, busyTimeoutMilliseconds: 5000)
        try other?.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
        let terminal = try PseudoTerminal(
            report, environment: fixture.environment(["TERM": "xterm"]))
        #expect(eventually { Self.hasOpen(fixture.ledger, terminal.pid) })
        let began = Clock.monotonicMicroseconds()
        #expect(eventually { Clock.monotonicMicroseconds() - began > 600_000 })
        other = nil
        #expect(terminal.finish() == 0, "\(terminal.screen)")
        #expect(terminal.screen.hasPrefix("\rmaking the report: 1 of 11, metrics ("))
        #expect(terminal.screen.hasSuffix("\r\u{1b}[K"))
        let quiet = try PseudoTerminal(
            report, environment: fixture.environment(["TERM": "dumb"]))
        #expect(quiet.finish() == 0)
        #expect(quiet.screen.isEmpty)
    }

    private static func hasOpen(_ path: String, _ pid: pid_t) -> Bool {
        (3..<64).contains { number in
            var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
            let count = readlink("/proc/\(pid)/fd/\(number)", &target, target.count)
            return count > 0 && target[..<count].elementsEqual(path.utf8)
        }
    }

    @Test func `colour sets verdicts apart on request, and NO_COLOR is heeded on a terminal`()
        throws
    {
        let fixture = try fixture()
        let always = try stats(fixture, ["report", "--since", "-1h", "--color", "always"])
        #expect(always.output.contains("\u{1b}[32mPASS\u{1b}[0m"))
        let terminal = try PseudoTerminal(
            [BuiltTool.path("deploystats"), "report", "--since", "-1h"],
            environment: fixture.environment(["TERM": "xterm", "NO_COLOR": "1"]))
        #expect(terminal.finish() == 0)
        #expect(!terminal.screen.contains("\u{1b}"))
        #expect(terminal.screen.contains("PASS"))
    }

    @Test(
        arguments: [
            ("Asia/Tokyo", "Asia/Tokyo"), (":Asia/Tokyo", "Asia/Tokyo"),
            (":/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"), ("", "UTC"), (":", "UTC"),
        ]
    )
    func `the machine's time zone is taken in every form that TZ has`(
        variable: String, name: String
    ) throws {
        let fixture = try fixture()
        // Their own link to the zone of the machine, as in TZ=:/etc/localtime.
        let link = fixture.directory.file("localtime")
        #expect(symlink("/usr/share/zoneinfo/Asia/Tokyo", link) == 0)
        let report = ["report", "--since", "-1h"]
        let text = try stats(fixture, report, environment: ["TZ": variable])
        #expect(text.output.contains("\nTimes in \(name); made "), "\(text.errors)")
        let linked = try stats(fixture, report, environment: ["TZ": ":" + link])
        #expect(linked.output.contains("\nTimes in Asia/Tokyo; made "))
    }

    @Test func `--output replaces a file as a whole; links, permissions and devices stay`() throws {
        let fixture = try fixture()
        fixture.write("report.html", "old")
        let file = fixture.directory.file("report.html")
        chmod(file, 0o640)
        let link = fixture.directory.file("link.html")
        #expect(symlink("report.html", link) == 0)
        let options = ["report", "--week", "this-week", "--format", "html", "-o"]
        let result = try stats(fixture, options + [link])
        #expect(result.code == 0 && result.output.isEmpty, "\(result.errors)")
        #expect(fixture.read("report.html").hasSuffix("</html>\n"))
        #expect(try FileSystem.status(file).permissions == 0o640)
        #expect(try FileSystem.status(link, followingLinks: false).isSymbolicLink)
        let names = try FileSystem.entries(of: fixture.directory.path)
        #expect(!names.contains { $0.hasSuffix(".tmp") })
        #expect(try stats(fixture, options + ["/dev/null"]).code == 0)
        let nowhere = try stats(fixture, options + [fixture.directory.file("no/where.html")])
        #expect(nowhere.code == 1)
        #expect(nowhere.errors.split(separator: "\n").count == 1)
    }

    @Test func `a step's summary is appended to, up to what GitHub takes`() throws {
        let fixture = try fixture()
        let path = fixture.directory.file("summary.md")
        let environment = ["GITHUB_STEP_SUMMARY": path]
        let options = ["report", "--week", "this-week", "--format", "markdown", "--summary"]
        fixture.write("summary.md", "## Before\n")
        let first = try stats(fixture, options, environment: environment)
        #expect(first.code == 0 && first.output.isEmpty, "\(first.errors)")
        let text = fixture.read("summary.md")
        #expect(text.hasPrefix("## Before\n\n### Deployments 20"))

        // What is left has room for all but some rows of lists.
        fixture.write("summary.md", String(repeating: "x", count: (1 << 20) - text.utf8.count + 60))
        #expect(try stats(fixture, options, environment: environment).code == 0)
        #expect(try FileSystem.status(path).size <= 1 << 20)
        #expect(fixture.read("summary.md").contains("none of which is shown"))

        fixture.write("summary.md", String(repeating: "x", count: 1 << 20))
        let full = try stats(fixture, options, environment: environment)
        #expect(full.code == 1)
        #expect(full.errors.contains("does not fit"))
        #expect(try FileSystem.status(path).size == 1 << 20)
        #expect(try stats(fixture, options, environment: ["GITHUB_STEP_SUMMARY": nil]).code == 64)
    }

    @Test(
        .enabled(if: PrivateMounts.arePossible, "needs to be root and to mount")
    )
    func `a summary that does not fit on the disk is left as it was`() throws {
        let fixture = try fixture()
        try fixture.settle()
        let disk = fixture.directory.file("disk")
        mkdir(disk, 0o755)
        let path = disk + "/summary.md"
        let mounts = try PrivateMounts(
            "mount -t tmpfs -o size=4k none \(disk); printf '%3000s' before > \(path)")
        let tool = BuiltTool.path("deploystats")
        let environment = fixture.environment(["GITHUB_STEP_SUMMARY": path])
        let options = ["report", "--week", "this-week", "--limit", "0", "--format"]
        let result = try mounts.run(
            [tool] + options + ["markdown", "--summary"], environment: environment)
        #expect(result.code == 1)
        #expect(
            result.errors == "deploystats: cannot write \(path): No space left on device\n")
        let left = try mounts.run(["cat", path]).output
        #expect(left.utf8.count == 3000 && left.hasSuffix("before"))
        let page = disk + "/week.html"
        let file = try mounts.run(
            [tool] + options + ["html", "--output", page], environment: environment)
        #expect(file.code == 1)
        #expect(file.errors == "deploystats: cannot write \(page): No space left on device\n")
        #expect(try mounts.run(["ls", disk]).output == "summary.md\n")
    }

    @Test func `a team's own template is used, with its content type and our parts`() throws {
        let fixture = try fixture()
        fixture.write(
            "own.mustache",
            """
            {{% CONTENT_TYPE:TEXT}}
            {{label}}{{#metrics}} {{name}}={{verdict}}{{/metrics}}
            {{#lists}}{{#rows}}{{#cells}}[{{text}}]{{/cells}}{{/rows}}{{/lists}}

            """)
        let options = ["report", "--week", "this-week", "--format", "markdown", "--template"]
        let own = try stats(fixture, options + [fixture.directory.file("own.mustache")])
        #expect(own.code == 0, "\(own.errors)")
        #expect(
            own.output.contains(
                " skip_rate=PASS success_rate=- time_to_deliver=n/a timeout_rate=PASS orphan_rate=PASS\n"
            ))
        #expect(own.output.contains("[echo '<b>|']\n"))
        fixture.write("broken.mustache", "one\n{{#metrics}}\n")
        let broken = try stats(fixture, options + [fixture.directory.file("broken.mustache")])
        #expect(broken.code == 1)
        #expect(broken.errors.contains("broken.mustache cannot be read: "))
        #expect(broken.errors.split(separator: "\n").count == 1)
        #expect(try stats(fixture, options + ["/nonexistent"]).code == 1)
    }

    @Test func `a command that could not be started is a reason of its own`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["/nonexistent/command"]).code == 127)
        #expect(try fixture.run(["/etc/passwd"]).code == 126)
        #expect(try fixture.run(["sh", "-c", "exit 127"]).code == 127)
        try fixture.settle()
        let text = try stats(fixture, ["metrics", "--since", "-1h"]).output
        #expect(text.contains("3 of 3 failed: 1 by its command, 2 could not be started"))
    }

    @Test func `a source of any name makes no CI run of a deployment`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a")
        #expect(try fixture.run(["--source", "import", "--no-wait", "true"]).code == 1)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        try fixture.settle()
        let text = try stats(fixture, ["metrics", "--since", "-1h"]).output
        #expect(text.contains(/Skip rate +FAIL +50 %/))
        #expect(!text.contains("imported CI runs"))
    }

    @Test func `targets come from the configuration and are printed with the figures`() throws {
        let fixture = try fixture()
        let strict: [String: String?] = [
            "DEPLOY_TARGET_SUCCESS_RATE": "99%", "DEPLOY_TARGET_DURATIONS": "docker=0.000001",
        ]
        let text = try stats(fixture, ["metrics", "--since", "-1h"], environment: strict).output
        #expect(text.contains(/Success rate +PASS +100 % +≥ 99 %/))
        #expect(text.contains(/Duration, docker +FAIL/))
        #expect(
            text.contains("Targets set by DEPLOY_TARGET_DURATIONS, DEPLOY_TARGET_SUCCESS_RATE\n"))
        let report = try stats(
            fixture, ["report", "--week", "this-week", "--format", "json"], environment: strict)
        #expect(report.output.contains(#""targets_set_by": ["#))
        let wrong = try stats(
            fixture, ["metrics"], environment: ["DEPLOY_TARGET_SKIP_RATE": "few"])
        #expect(wrong.code == 64)
        #expect(wrong.errors.contains("DEPLOY_TARGET_SKIP_RATE: 'few' is not a rate; write it as"))
    }

    @Test func `explain says of each deployment whether it counts, and why`() throws {
        let fixture = try fixture()
        let holder = try fixture.hold("first")
        #expect(try fixture.run(["--no-wait", "true"]).code == 1)
        let text = try stats(fixture, ["explain", "skip-rate", "--since", "-1h"])
        #expect(text.code == 0, "\(text.errors)")
        #expect(text.output.contains("it ended: succeeded\n"))
        #expect(text.output.contains("it is in flight: shown separately, not counted\n"))
        #expect(text.output.contains("it was refused: "))
        #expect(
            text.output.contains(
                "\n2 deployments count, 1 do not; 1 in the numerator: 1/2\n"))
        for format in ["json", "ndjson", "csv", "markdown"] {
            let result = try stats(
                fixture, ["explain", "queue_length", "--since", "-1h", "--format", format])
            #expect(result.code == 0 && !result.output.isEmpty, "\(result.errors)")
        }
        fixture.letGo("first")
        #expect(try holder.finish().code == 0)
    }

    @Test(
        arguments: [
            ["report", "--week", "today"], ["report", "--week", "2026-W60"],
            ["report", "--week", "last-week", "--since", "-1h"], ["report", "--week", "9999-W01"],
            ["report", "--format", "csv"], ["report", "--limit", "-1"], ["report", "--output", ""],
            ["report", "--template", "x"], ["report", "--format", "html", "--summary"],
            ["report", "--format", "markdown", "--summary", "--output", "x"],
            ["report", "--tz", "Mars/X"], ["explain"], ["explain", "speed"],
            ["show", "1", "--format", "markdown"],
            // The parser would take these for a question for help, and end with 0.
            ["alerts", "--fail-on", "warning", "--since", "-1h"], ["verify", "--since", "-1h"],
            ["--sinc", "-1h"], ["report", "-1h"],
        ]
    )
    func `a usage error of report is one line of advice and code 64`(arguments: [String]) throws {
        let result = try stats(Fixture(), arguments, environment: ["GITHUB_STEP_SUMMARY": "/x"])
        #expect(result.code == 64, "\(arguments)")
        #expect(result.output.isEmpty)
        #expect(result.errors.split(separator: "\n").count == 1)
    }

    @Test func `a file that cannot be written is named as given, with the reason`() throws {
        let fixture = try fixture()
        let directory = fixture.directory.path
        func errors(_ name: String) throws -> String {
            let result = try stats(fixture, ["report", "--output", name])
            #expect(result.code == 1)
            #expect(result.output.isEmpty)
            return result.errors
        }
        #expect(
            try errors("\(directory)/none/week.txt") == "deploystats: cannot write "
                + "\(directory)/none/week.txt: the directory \(directory)/none does not exist; "
                + "create it, or choose another place\n")
        fixture.write("file", "")
        #expect(
            try errors("\(directory)/file/week.txt")
                == "deploystats: cannot write \(directory)/file/week.txt: Not a directory\n")
        #expect(
            try errors(directory) == "deploystats: cannot write \(directory): Is a directory\n"
        )
        // Not even root makes files there.
        #expect(
            try errors("/proc/week.txt").hasPrefix(
                "deploystats: cannot write /proc/week.txt: "))
    }

    @Test func `other tables come as Markdown, too`() throws {
        let fixture = try fixture()
        for command in [
            ["metrics"], ["deployments"], ["events"], ["query", "list"],
            ["sql", "SELECT 1 AS a, '<|>' AS b"],
        ] {
            let result = try stats(fixture, command + ["--format", "markdown"])
            #expect(result.code == 0, "\(command) \(result.errors)")
            let lines = result.output.split(separator: "\n")
            #expect(
                lines.count > 1 && lines.allSatisfy { $0.hasPrefix("| ") && $0.hasSuffix(" |") })
        }
        let verdict = try stats(fixture, ["verify", "--format", "markdown"]).output
        #expect(verdict.contains(/^\*\*INTACT\*\*, 3 events, head `3:[0-9a-f]{64}`\n$/))
    }
}
