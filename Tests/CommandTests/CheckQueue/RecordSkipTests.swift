import Glibc
import TestSupport
import Testing

@Suite(
    "Skips of CI in the ledger",
    .enabled(if: GitHubStandIn.isPossible, "the GitHub CLI gh is not installed"))
struct RecordSkipTests {
    private func skips(_ queue: QueueFixture) throws -> [String] {
        try queue.fixture.query(
            """
            SELECT concat_ws
            FROM (SELECT source || ' ' || outcome || ' ' || reason || ' ' || actor || ' ' || sha
                      || ' ' || ref || ' ' || run_url || ' ' || ahead AS concat_ws
                  FROM deployment ORDER BY n)
            """)
    }

    private static let wanted =
        "gha skipped ci-queue ann \(QueueFixture.sha) main https://github.com/o/n/actions/runs/1999 3"

    @Test func `--record writes the skip where the ledger is, once for each attempt`() throws {
        let queue = try QueueFixture([QueueFixture.three])
        for _ in 0..<2 {
            let result = try queue.check(["--record"], environment: queue.job())
            #expect(result.code == 0)
            #expect(!result.errors.contains("::warning"), "\(result.errors)")
        }
        #expect(try skips(queue) == [Self.wanted])
        #expect(
            try queue.fixture.query("SELECT kind FROM event ORDER BY seq")
                == ["requested", "skipped"])
        #expect(try queue.fixture.query("SELECT record ->> '$.waiting' FROM event")[1] == "3")
        #expect(try queue.fixture.query("SELECT lock FROM deployment") == [queue.fixture.lock])
        // Not skipped: nothing to record.
        _ = try queue.check(["--record", "--threshold", "9"], environment: queue.job(run: 1998))
        #expect(try skips(queue).count == 1)
        #expect(try queue.stats(["verify"]).code == 0)
        #expect(try queue.stats(["metrics"]).output.contains("Skip rate: 1 skipped (ci-queue: 1)"))
    }

    @Test func `--record-via runs another shell, whatever is in the names`() throws {
        let queue = try QueueFixture([QueueFixture.three])
        // What `ssh server` does: a shell gets one word and reads it.
        queue.fixture.write(
            "ssh", "#!/bin/sh\nshift\nPATH=\"$TOOLS:$PATH\" exec sh -c \"$*\"\n")
        chmod(queue.fixture.directory.file("ssh"), 0o755)
        let tools = BuiltTool.path("")
        var job = queue.job()
        job["TOOLS"] = tools
        job["GITHUB_REF_NAME"] = "it's $(touch \(queue.fixture.directory.file("broken"))) \"x\" -y"
        let command = "\(queue.fixture.directory.file("ssh")) 'my server'"
        for isFirst in [true, false] {
            let result = try queue.check(["--record-via", command], environment: job)
            #expect(result.code == 0)
            // What the other side says: at first that a new ledger begins.
            let warnings = result.errors.split(separator: "\n").filter { $0.hasPrefix("::warning") }
            #expect(warnings.count == (isFirst ? 1 : 0), "\(result.errors)")
            #expect(warnings.allSatisfy { $0.contains("a new ledger begins") })
        }
        #expect(try queue.fixture.query("SELECT ref FROM deployment") == [job["GITHUB_REF_NAME"]])
        #expect(!queue.fixture.exists("broken"))
        #expect(try queue.fixture.query("SELECT count(*) FROM event") == ["2"])
    }

    @Test(
        arguments: [
            ("echo no route >&2; exit 255; :", "60s", "ended with code 255; no route"),
            ("sleep 600; :", "1s", "did not finish within 1s"),
            ("/nowhere/ssh", "60s", "ended with code 127"),
        ]
    )
    func `a server that cannot be reached, or hangs, is a warning and breaks nothing`(
        command: String, timeout: String, reason: String
    ) throws {
        let queue = try QueueFixture([QueueFixture.three])
        let result = try queue.check(
            ["--record-via", command, "--record-timeout", timeout], environment: queue.job())
        #expect(result.code == 0)
        #expect(queue.fixture.read("output").hasPrefix("should_skip=true\n"))
        #expect(
            result.errors.contains("::warning title=check-deploy-queue::the skip is not recorded: ")
        )
        #expect(result.errors.contains(reason), "\(result.errors)")
    }

    @Test func `a talkative server's output is cut to a few lines and a count of the rest`() throws
    {
        let queue = try QueueFixture([QueueFixture.three])
        for (code, lines, said) in [(0, 8, 8), (0, 9, 9), (0, 500, 9), (3, 500, 1)] {
            let command = "seq -f 'line %g' 1 \(lines) >&2; exit \(code); :"
            let result = try queue.check(["--record-via", command], environment: queue.job())
            #expect(result.code == 0)
            let warnings = result.errors.split(separator: "\n").filter { $0.hasPrefix("::warning") }
            #expect(warnings.count == said, "\(result.errors)")
            let more = lines - 8
            let words = more > 0 ? "and \(more) more line\(more == 1 ? "" : "s")" : "line 8"
            #expect(warnings.last?.hasSuffix(words) == true, "\(result.errors)")
        }
    }

    @Test func `with a ledger in trouble the skip waits in the spool and is recorded once`() throws
    {
        let queue = try QueueFixture()
        let options = [
            "record", "skip", "--source", "gha", "--reason", "ci-queue", "--queue", "4",
            "--run-url", "https://github.com/o/n/actions/runs/7", "--sha", "abc",
        ]
        // Something else has the ledger's name.
        queue.fixture.write("other", "")
        mkdir(queue.fixture.directory.file("state"), 0o700)
        mkdir(queue.fixture.ledger, 0o700)
        for _ in 0..<2 {
            let waiting = try queue.stats(options)
            #expect(waiting.code == 0)
            #expect(waiting.errors.contains("its events wait in \(queue.fixture.spool)"))
        }
        rmdir(queue.fixture.ledger)
        let recorded = try queue.stats(options)
        #expect((recorded.code, recorded.output) == (0, "skip recorded\n"))
        #expect(try queue.fixture.query("SELECT count(*) FROM event") == ["2"])
        // Said again later: nothing new, and nothing that would be set aside.
        mkdir(queue.fixture.directory.file("gone"), 0o700)
        #expect(rename(queue.fixture.ledger, queue.fixture.directory.file("gone/ledger.db")) == 0)
        mkdir(queue.fixture.ledger, 0o700)
        _ = try queue.stats(options)
        rmdir(queue.fixture.ledger)
        #expect(rename(queue.fixture.directory.file("gone/ledger.db"), queue.fixture.ledger) == 0)
        #expect(try queue.fixture.run(["true"]).code == 0)
        let verified = try queue.stats(["verify"])
        #expect(verified.code == 0)
        #expect(!verified.output.contains("Spool:"), "\(verified.output)")
        #expect(
            try queue.fixture.query("SELECT outcome FROM deployment") == ["skipped", "succeeded"])
    }

    @Test func `a reason of any length leaves the metrics readable`() throws {
        let queue = try QueueFixture()
        let reason = String(repeating: "x", count: 20_000)
        let skip = try queue.stats([
            "record", "skip", "--source", "gha", "--reason", reason, "--queue", "1",
        ])
        #expect(skip.code == 0)
        let metrics = try queue.stats(["metrics"]).output
        #expect(metrics.contains("Skip rate: 1 skipped (xxx"))
        #expect(metrics.split(separator: "\n").allSatisfy { $0.utf8.count < 200 })
    }

    @Test func `without a run every call is a skip of its own; so is another attempt`() throws {
        let queue = try QueueFixture()
        let options = ["record", "skip", "--source", "cron", "--reason", "busy", "--queue", "1"]
        for _ in 0..<2 { #expect(try queue.stats(options).code == 0) }
        for attempt in ["1", "2", "2"] {
            let run = ["--run-url", "https://x/runs/1", "--run-attempt", attempt]
            #expect(try queue.stats(options + run).code == 0)
        }
        #expect(try queue.fixture.query("SELECT count(*) FROM deployment") == ["4"])
    }

    @Test(
        arguments: [
            ["--queue", "-1"], ["--run-attempt", "0"], ["--reason", ""], ["--run-url", ""],
        ]
    )
    func `usage errors of recording a skip are refused`(change: [String]) throws {
        let queue = try QueueFixture()
        let options = ["record", "skip", "--source", "a", "--reason", "b", "--queue", "1"]
        let result = try queue.stats(options + change)
        #expect(result.code == 64)
        #expect(result.errors.hasPrefix("deploystats: "))
        #expect(!queue.fixture.exists("state"))
    }
}
