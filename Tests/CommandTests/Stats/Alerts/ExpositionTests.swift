import Glibc
import Ledger
import SystemCalls
import TestSupport
import Testing

@testable import StatsCommands

@Suite("deploystats metrics for monitoring systems")
struct ExpositionTests {
    private static let root = Repository.root

    /// Runs promtool, which `scripts/test` fetches; a missing one fails the test.
    private func promtool(
        _ arguments: [String], input: String = "/dev/null", in directory: String = root
    ) throws -> ChildProcess.Result {
        let script = """
            PATH=$PATH:\(Self.root)/.build/promtool/usr/bin; cd \(directory) && exec promtool "$@"
            """
        return try ChildProcess.run(["sh", "-c", script, "sh"] + arguments, input: input)
    }

    /// A ledger with one deployment of each kind, and a lock whose path needs escaping.
    private func fixture() throws -> Fixture {
        let fixture = try Fixture()
        #expect(try fixture.run(["--tier", "docker", "true"]).code == 0)
        #expect(try fixture.run(["--tier", "docker", "false"]).code == 1)
        #expect(try fixture.run(["--tier", "lightning", "true"]).code == 0)
        #expect(try fixture.run(["--tier", "mine \"\\\n", "true"]).code == 0)
        let holder = try fixture.hold("a")
        #expect(try fixture.run(["--no-wait", "true"]).code == 1)
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        return fixture
    }

    private struct Sample {
        let name: String
        let labels: String
        let value: Double
    }

    /// The text without what every sample of a fixture's ledger carries, because that is not the
    /// one of the machine.
    private func bare(_ text: String, of fixture: Fixture) -> String {
        let label = #"ledger="\#(fixture.ledger)""#
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            #expect(line.contains(label))
        }
        return text.replacing("{\(label)}", with: "").replacing(",\(label)", with: "")
            .replacing("\(label),", with: "")
    }

    /// Reads text line by line and checks all that its format demands.
    private func samples(_ text: String, openMetrics: Bool) throws -> [Sample] {
        #expect(text.utf8.last == UInt8(ascii: "\n"))
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        if openMetrics { #expect(lines.popLast() == "# EOF") }
        #expect(text.utf8.filter { $0 > 127 || $0 < 32 && $0 != 10 }.isEmpty)
        var families: [(name: String, type: String)] = []
        var described: Set<String> = []
        var samples: [Sample] = []
        let sample = #/([a-z_]+)(\{(.*)\})? (-?\d+(?:\.\d+)?)/#
        for line in lines {
            if line.hasPrefix("# ") {
                let words = line.split(separator: " ", maxSplits: 3).map(String.init)
                #expect(words.count == 4)
                switch words[1] {
                case "TYPE":
                    #expect(!families.contains { $0.name == words[2] })
                    families.append((words[2], words[3]))
                case "HELP": #expect(described.insert(words[2]).inserted)
                case "UNIT": #expect(openMetrics && words[2].hasSuffix("_" + words[3]))
                default: Issue.record("\(line)")
                }
                continue
            }
            let match = try #require(line.wholeMatch(of: sample), "\(line)")
            let family = try #require(families.last)
            let suffixes: [String] =
                switch (family.type, openMetrics) {
                case ("counter", true): ["_total"]
                case ("info", true): ["_info"]
                case ("histogram", _): ["_bucket", "_sum", "_count"]
                default: [""]
                }
            // All lines of a family stand together, below its description.
            #expect(suffixes.contains { String(match.1) == family.name + $0 }, "\(line)")
            #expect(described.contains(family.name))
            if family.type == "counter", !openMetrics { #expect(match.1.hasSuffix("_total")) }
            samples.append(
                Sample(
                    name: String(match.1), labels: String(match.3 ?? ""),
                    value: try #require(Double(match.4))))
        }
        #expect(Set(families.map(\.name)) == described)
        #expect(Set(samples.map { $0.name + $0.labels }).count == samples.count)
        try checkHistograms(samples)
        return samples
    }

    private func checkHistograms(_ samples: [Sample]) throws {
        for count in samples where count.name.hasSuffix("_count") {
            let name = count.name.dropLast("_count".count) + "_bucket"
            let prefix = count.labels.isEmpty ? "" : count.labels + ","
            let buckets = samples.filter {
                $0.name == name && $0.labels.hasPrefix(prefix + "le=")
            }
            let bounds = try buckets.map { bucket in
                let text = bucket.labels.split(separator: "\"").last.map(String.init) ?? ""
                return text == "+Inf" ? Double.infinity : try #require(Double(text))
            }
            #expect(bounds == bounds.sorted() && Set(bounds).count == bounds.count)
            #expect(bounds.last == .infinity)
            #expect(buckets.last?.value == count.value)
            #expect(zip(buckets, buckets.dropFirst()).allSatisfy { $0.value <= $1.value })
            let targets: [Double] =
                name.hasPrefix("deploy_lock_wait") ? [300] : [180, 300, 600, 1200]
            #expect(targets.allSatisfy(bounds.contains))
        }
    }

    @Test func `the text format is right line by line, and promtool accepts it`() throws {
        let fixture = try fixture()
        let lock = fixture.directory.file("a\"b\\c.lock")
        let arguments = ["--lock-file", fixture.lock, "--lock-file", lock]
        let result = try fixture.stats(["metrics", "--format", "prometheus"] + arguments)
        #expect(result.code == 0, "\(result.errors)")
        let samples = try samples(bare(result.output, of: fixture), openMetrics: false)
        fixture.write("text", result.output)
        let checked = try promtool(["check", "metrics"], input: fixture.directory.file("text"))
        #expect(checked.code == 0, "\(checked.errors)")
        #expect(checked.output + checked.errors == "")

        func value(_ name: String, _ labels: String = "") -> Double? {
            samples.first { $0.name == name && $0.labels == labels }?.value
        }
        #expect(value("deploy_requests_total") == 6)
        #expect(value("deploy_lock_acquisitions_total") == 5)
        #expect(
            value("deploy_finished_total", #"tier="docker",outcome="succeeded""#) == 1)
        #expect(value("deploy_finished_total", #"tier="docker",outcome="failed""#) == 1)
        // What people write freely makes no series of its own.
        #expect(value("deploy_finished_total", #"tier="other",outcome="succeeded""#) == 2)
        #expect(value("deploy_finished_total", #"tier="other",outcome="refused""#) == 1)
        #expect(value("deploy_failures_total", #"tier="docker",reason="command""#) == 1)
        #expect(value("deploy_failures_total", #"tier="docker",reason="orphaned""#) == 0)
        #expect(value("deploy_skips_total", #"outcome="refused""#) == 1)
        #expect(value("deploy_lock_unusable_total") == 0)
        #expect(value("deploy_last_failure_timestamp_seconds", #"tier="docker""#) != nil)
        #expect(value("deploy_last_failure_timestamp_seconds", #"tier="lightning""#) == nil)
        #expect(value("deploy_lock_wait_seconds_count") == 5)
        #expect(value("deploy_duration_seconds_count", #"tier="docker""#) == 1)
        #expect(value("deploy_lock_held", #"lock="\#(fixture.lock)""#) == 0)
        let escaped = fixture.directory.file(#"a\"b\\c.lock"#)
        #expect(value("deploy_lock_held", #"lock="\#(escaped)""#) == 0)
        #expect(value("deploy_spool_files") == 0)
        let success = try #require(
            value("deploy_last_success_timestamp_seconds", #"tier="docker""#))
        let ended = try fixture.query(
            "SELECT ended_at_us / 1e6 FROM deployment WHERE tier = 'docker' AND exit_code = 0")
        #expect(abs(success - (Double(ended[0]) ?? 0)) < 0.001)
    }

    @Test func `no series of one ledger is one of another's`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let other = fixture.directory.file("other.db")
        // On a busy machine the first record may go to the spool.
        #expect(
            try eventually {
                try fixture.run(["--ledger", other, "--", "true"]).code == 0
                    && fixture.stats(["metrics", "--ledger", other]).code == 0
            })
        func series(_ options: [String]) throws -> Set<Substring> {
            let result = try fixture.stats(["metrics", "--format", "prometheus"] + options)
            #expect(result.code == 0, "\(result.errors)")
            let lines = result.output.split(separator: "\n").filter { !$0.hasPrefix("#") }
            return Set(lines.map { $0[..<($0.lastIndex(of: " ") ?? $0.endIndex)] })
        }
        let one = try series([])
        let two = try series(["--ledger", other])
        #expect(one.count == two.count && one.isDisjoint(with: two))
        #expect(two.contains(#"deploy_requests_total{ledger="\#(other)"}"#))
        // Another way to the same ledger gives the same series.
        #expect(symlink(fixture.directory.path, fixture.directory.file("link")) == 0)
        #expect(try series(["--ledger", fixture.directory.file("link/other.db")]) == two)
        // A label of that name says which ledger it is instead.
        let named = try series(["--label", "ledger=web", "--label", #"team=a"b\c"# + "\nd"])
        let labels = #"ledger="web",team="a\"b\\c\nd""#
        #expect(named.contains("deploy_requests_total{\(labels)}"[...]), "\(named.first ?? "")")
        #expect(
            named.contains(#"deploy_lock_wait_seconds_bucket{\#(labels),le="300"}"#[...]))
        #expect(named.allSatisfy { $0.contains(labels) })
    }

    @Test func `a label that any sample has itself cannot be given`() throws {
        let fixture = try fixture()
        let text = try fixture.stats("metrics", "--format", "openmetrics").output
        let names = Set(text.matches(of: /([a-z_]+)="/).map { String($0.1) })
            .subtracting(["ledger"])
        #expect(names.isSuperset(of: ["tier", "outcome", "reason", "lock", "version", "le"]))
        for name in names {
            let result = try fixture.stats(
                "metrics", "--format", "prometheus", "--label", "\(name)=x")
            #expect(result.code == 64, "\(name)")
        }
    }

    @Test func `the machine's own ledger needs no label`() throws {
        #expect(
            SampleLabels.all(
                [("a", "b")], ledger: LedgerSettings(path: LedgerSettings.machinePath).path
            )
            .map(\.name) == ["a"])
        #expect(
            SampleLabels.all([], ledger: "/srv/x/ledger.db").map(\.value) == ["/srv/x/ledger.db"])
    }

    @Test func `OpenMetrics has its own names of families, units and end`() throws {
        let fixture = try fixture()
        let result = try fixture.stats(["metrics", "--format", "openmetrics"])
        #expect(result.code == 0)
        let text = bare(result.output, of: fixture)
        let samples = try samples(text, openMetrics: true)
        #expect(samples.contains { $0.name == "deploy_requests_total" && $0.value == 6 })
        #expect(result.output.contains("# TYPE deploy_requests counter\n"))
        #expect(result.output.contains("# TYPE deploystats_build info\n"))
        #expect(text.contains("{le=\"300.0\"} 5\n"))
    }

    @Test func `live series show the holder, since when, waiters, an orphan and the spool`() throws
    {
        let fixture = try Fixture()
        try fixture.begin()
        let holder = try fixture.hold("a")
        let waiter = try fixture.wait("w")
        func text() throws -> String {
            bare(try fixture.stats(["metrics", "--format", "prometheus"]).output, of: fixture)
        }
        // Events are recorded while the command runs already, the first ones with the ledger.
        #expect(
            eventually {
                (try? text())?.contains("deploy_lock_held_since_timestamp_seconds{lock=") == true
            })
        let held = try text()
        #expect(held.contains("deploy_lock_held{lock=\"\(fixture.lock)\"} 1\n"))
        #expect(held.contains("deploy_queue_length{lock=\"\(fixture.lock)\"} 1\n"))
        #expect(held.contains("deploy_lock_held_since_timestamp_seconds{lock="))
        waiter.kill(SIGTERM)
        _ = try waiter.finish()
        let keeper = try fixture.keeper(of: holder)
        try fixture.killWrapper(holder)
        #expect(try text().contains("deploy_lock_orphaned{lock=\"\(fixture.lock)\"} 1\n"))
        fixture.letGo("a")
        // What it still writes would take the file of the spool along.
        #expect(eventually { !FileSystem.exists("/proc/\(keeper)") })
        try fixture.settle()
        mkdir(fixture.spool, 0o700)
        fixture.write("state/spool/1.event", "x")
        let after = try text()
        #expect(after.contains("deploy_spool_files 1\n"))
        #expect(!after.contains("deploy_lock_held_since_timestamp_seconds{"))
        #expect(after.contains("deploy_orphans_total 1\n"))
    }

    @Test func `an exposition file is replaced in one step, readable for the collector`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let directory = fixture.directory.file("collector")
        mkdir(directory, 0o755)
        let path = directory + "/deploy.prom"
        fixture.write("collector/deploy.prom", "old")
        let old = try FileSystem.status(path).identity
        let script = "umask 077; exec \"$0\" metrics --format prometheus --output \"$1\""
        let result = try ChildProcess.run(
            ["sh", "-c", script, BuiltTool.path("deploystats"), path],
            environment: fixture.environment())
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output.isEmpty)
        let status = try FileSystem.status(path)
        #expect(status.identity != old)
        #expect(status.permissions == 0o644)
        #expect(try FileSystem.entries(of: directory) == ["deploy.prom"])
        _ = try samples(fixture.read("collector/deploy.prom"), openMetrics: false)

        let missing = try fixture.stats(
            ["metrics", "--format", "prometheus", "--output", directory + "/gone/deploy.prom"])
        #expect(missing.code == 1)
        #expect(
            missing.errors
                == "deploystats: cannot write \(directory)/gone/deploy.prom: the directory "
                + "\(directory)/gone does not exist; create it, or choose another place\n")
        // What is no file stays what it is, and so does a link.
        let link = fixture.directory.file("link.prom")
        #expect(symlink("/dev/stdout", link) == 0)
        let through = try fixture.stats(
            ["metrics", "--format", "prometheus", "--output", link])
        #expect(through.code == 0, "\(through.errors)")
        _ = try samples(through.output, openMetrics: false)
        #expect(try FileSystem.status(link, followingLinks: false).isSymbolicLink)
        // Without a ledger the old figures stay, and grow old where a rule sees it.
        let none = try fixture.stats([
            "metrics", "--format", "prometheus", "--output", path, "--ledger",
            fixture.directory.file("none.db"),
        ])
        #expect(none.code == 1)
        #expect(try FileSystem.status(path).identity == status.identity)
    }

    @Test(
        arguments: [
            ["--format", "prometheus", "--since", "-1h"],
            ["--format", "openmetrics", "--tier", "docker"], ["--output", "x"],
            ["--format", "json", "--lock-file", "x"], ["--label", "a=b"],
            ["--format", "prometheus", "--label", "a"],
            ["--format", "prometheus", "--label", "a="],
            ["--format", "prometheus", "--label", "=b"],
            ["--format", "prometheus", "--label", "1a=b"],
            ["--format", "prometheus", "--label", "a-b=c"],
            ["--format", "prometheus", "--label", "__a=b"],
            ["--format", "prometheus", "--label", "é=b"],
            ["--format", "prometheus", "--label", "tier=b"],
            ["--format", "openmetrics", "--label", "le=b"],
            ["--format", "prometheus", "--label", "a=b", "--label", "a=c"],
            ["--format", "prometheus", "--output", ""],
        ]
    )
    func `window and filters are refused for series, as is a file for other formats`(
        arguments: [String]
    ) throws {
        let result = try Fixture().stats(["metrics"] + arguments)
        #expect(result.code == 64, "\(arguments)")
        #expect(result.errors.split(separator: "\n").count == 1)
    }

    @Test func `the example's rules are right and do what they say`() throws {
        let directory = Self.root + "/examples/prometheus"
        let checked = try promtool(["check", "rules", "alerts.yml"], in: directory)
        #expect(checked.code == 0, "\(checked.output)\(checked.errors)")
        let tested = try promtool(["test", "rules", "alerts-test.yml"], in: directory)
        #expect(tested.code == 0, "\(tested.output)\(tested.errors)")
    }

    @Test func `the dashboard's queries are right`() throws {
        let fixture = try Fixture()
        let script = """
            import json, sys
            panels = json.load(open(sys.argv[1]))["panels"]
            questions = [target["expr"] for panel in panels for target in panel.get("targets", [])]
            rules = [{"record": f"panel_{n}", "expr": expr} for n, expr in enumerate(questions)]
            json.dump({"groups": [{"name": "dashboard", "rules": rules}]}, open(sys.argv[2], "w"))
            print(len(rules))
            """
        let made = try ChildProcess.run([
            "python3", "-c", script, Self.root + "/examples/prometheus/dashboard.json",
            fixture.directory.file("rules.yml"),
        ])
        let checked = try promtool(["check", "rules", "rules.yml"], in: fixture.directory.path)
        #expect(checked.code == 0, "\(checked.output)\(checked.errors)")
        let count = made.output.trimmingPrefix(/\s*/).prefix { $0.isNumber }
        #expect(checked.output.contains("SUCCESS: \(count) rules found"), "\(made.output)")
    }

    @Test func `every name in the example exists`() throws {
        let text = try fixture().stats(["metrics", "--format", "prometheus"]).output
        for file in ["alerts.yml", "dashboard.json"] {
            let bytes = try FileSystem.read(Self.root + "/examples/prometheus/" + file)
            let example = String(decoding: bytes, as: UTF8.self)
            let names = Set(example.matches(of: /deploy(stats)?_[a-z_]+/).map { String($0.0) })
            #expect(names.count > 5)
            for name in names { #expect(text.contains(name), "\(name) in \(file)") }
        }
    }
}
