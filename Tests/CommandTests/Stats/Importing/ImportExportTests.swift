import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite("deploystats export and import")
struct ImportExportTests {
    /// A ledger with a few deployments and what it exports.
    private func exported() throws -> (fixture: Fixture, file: String) {
        let fixture = try Fixture()
        #expect(try fixture.run(["--message", "one", "true"]).code == 0)
        #expect(try fixture.run(["sh", "-c", "exit 3"]).code == 3)
        try fixture.settle()
        let export = try fixture.stats("export")
        #expect(export.code == 0)
        fixture.write("events.ndjson", export.output)
        return (fixture, fixture.directory.file("events.ndjson"))
    }

    @Test func `an export becomes the same deployments elsewhere, with a new intact chain`() throws
    {
        let (fixture, file) = try exported()
        let other = fixture.directory.file("other/ledger.db")
        let first = try fixture.stats("import", "--events", file, "--ledger", other)
        #expect(first.code == 0, "\(first)")
        #expect(first.output.hasPrefix("6 events added, 0 there already\nledger 6:"))
        #expect(
            try fixture.stats("export", "--ledger", other).output == fixture.stats("export").output)
        for report in [["deployments"], ["show", "2"], ["events", "--format", "csv"]] {
            func output(_ more: [String]) throws -> String {
                let arguments = [BuiltTool.path("deploystats")] + report + more
                return try ChildProcess.run(arguments, environment: fixture.environment()).output
            }
            // The chain begins with the ledger's own id, so only the hashes differ.
            let hash = /[0-9a-f]{64}/
            #expect(
                try output(["--ledger", other]).replacing(hash, with: "")
                    == output([]).replacing(hash, with: ""))
        }
        #expect(try fixture.stats("verify", "--ledger", other).code == 0)

        let again = try fixture.stats("import", "--events", "-", "--ledger", other, input: file)
        #expect(again.output.hasPrefix("0 events added, 6 there already\n"))
        let rest = try fixture.stats("export", "--after", "5")
        #expect(rest.output.split(separator: "\n").count == 1)
        #expect(rest.output.contains(#""kind":"released""#))
    }

    @Test func `a deployment whose wrapper was lost is the same elsewhere`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.hold("a")
        try fixture.killWrapper(wrapper)
        fixture.letGo("a")
        #expect(eventually { (try? fixture.events(1).last) == "released succeeded" })
        try fixture.settle()
        fixture.write("events.ndjson", try fixture.stats("export").output)
        let other = fixture.directory.file("other/ledger.db")
        let imported = try fixture.stats(
            "import", "--events", fixture.directory.file("events.ndjson"), "--ledger", other)
        #expect(imported.output.hasPrefix("4 events added, 0 there already\n"), "\(imported)")
        #expect(try fixture.stats("verify", "--ledger", other).code == 0)
        for report in [
            ["deployments", "--format", "json"], ["show", "1"], ["query", "orphans"],
            ["metrics", "--format", "csv", "--since", "2020-01-01", "--until", "2099-01-01"],
        ] {
            let own = try fixture.stats(report)
            #expect(own.code == 0, "\(own)")
            #expect(try fixture.stats(report + ["--ledger", other]).output == own.output)
        }
        let story = try fixture.stats("show", "1").output
        #expect(
            story.contains("Its wrapper was killed while the command ran; the command then"),
            "\(story)")
    }

    @Test func `an import stops at the first bad line, keeps what it has and continues later`()
        throws
    {
        let (fixture, file) = try exported()
        let other = fixture.directory.file("other/ledger.db")
        let lines = fixture.lines("events.ndjson")
        fixture.write(
            "bad.ndjson",
            (lines.prefix(4) + ["garbage"] + lines.dropFirst(4)).joined(separator: "\n"))
        let bad = try fixture.stats(
            "import", "--events", fixture.directory.file("bad.ndjson"), "--ledger", other)
        #expect(bad.code == 1)
        #expect(
            bad.errors.contains(
                "bad.ndjson: line 5 is not an event as 'deploystats export' writes it"))
        #expect(bad.errors.contains("before that: 3 events added, 0 there already"))
        let whole = try fixture.stats("import", "--events", file, "--ledger", other)
        #expect(whole.output.hasPrefix("3 events added, 3 there already\n"))
        #expect(try fixture.stats("verify", "--ledger", other).code == 0)
    }

    @Test(
        arguments: [
            // In the ledger it has another host.
            (#"s/"host":"[^"]*"/"host":"elsewhere"/"#, "line 1: the ledger has another event with"),
            // Blanks, or keys in another order, would be a second spelling of the same fact.
            (#"3s/,"at_us"/, "at_us"/;3s/^{/{ /"#, "line 3 is not an event"),
            // The detail no longer fits its hash.
            (#"2s/true/trul/"#, "line 1 is not an event"), ("1d", "line 1 belongs to no event"),
            (#"1s/"v":1/"v":99/"#, "line 1 is an event of a later version"),
            (#"4s/.*/{"a":1}/"#, "line 4 is not an event"),
            (#"4s/.*/\xff/"#, "line 4 is not an event"),
            (#"3s/"pid":[0-9]*/"pid":"one"/"#, "it: 'pid' has a value of the wrong type\n"),
            (
                #"3s/"host":"[^"]*",//"#,
                "line 3 is not an event as 'deploystats export' writes it: 'host' is "
            ),
            (#"3s/"id":"[^"]*"/"id":"x"/"#, "writes it: 'id' has a value that cannot be read\n"),
            (
                #"3s/"pid":[0-9]*/"pid":1.5/"#,
                "it: it is not one JSON object with its keys in order"
            ),
            (#"2s/true/trul/"#, "it: the detail behind it is not the one it was recorded with\n"),
        ]
    )
    func `a record that was changed, moved or belongs to nothing is refused with its line`(
        edit: String, says: String
    ) throws {
        let (fixture, file) = try exported()
        #expect(try ChildProcess.run(["sed", "-i", edit, file]).code == 0)
        let result = try fixture.stats("import", "--events", file)
        #expect(result.code == 1, "\(result)")
        #expect(result.errors.contains(says), "\(result.errors)")
        #expect(try fixture.query("SELECT count(*) FROM event") == ["6"])
    }

    @Test func `files that cannot be read are reported`() throws {
        let fixture = try Fixture()
        let missing = try fixture.stats("import", "--events", "/nonexistent/file")
        #expect(missing.errors.contains("/nonexistent/file cannot be read: No such file"))
        #expect(try fixture.stats("import", "--events", "/tmp").code == 1)
        #expect(try fixture.stats("import").code == 64)
        fixture.write("long", String(repeating: "x", count: 5 << 20))
        let long = try fixture.stats("import", "--events", fixture.directory.file("long"))
        #expect(long.errors.contains("line 1 is too long for an event"), "\(long.errors)")
        #expect(try fixture.stats("export").errors.contains("there is no ledger at"))
    }

    @Test func `deployments go on during an import, and a terminal sees its progress`() throws {
        let (fixture, _) = try exported()
        let ids = #"s/"(id|deployment)":"[0-9a-f]{8}-[0-9a-f]{4}/"\\1":"0199%04d-0000/g"#
        // The same events under many ids, without their details; the second half of them comes when
        // the test lets it.
        let script = """
            grep -v '^{"detail"' $HERE/events.ndjson | sed -E 's/"detail_hash":"[^"]*",//' > $HERE/plain
            for n in $(seq 1000 2399); do printf '\(ids)\\n' $n $n > $HERE/edit
            sed -E -f $HERE/edit $HERE/plain; done > $HERE/many.ndjson
            (head -4200 $HERE/many.ndjson; : > $HERE/half.up
            while [ ! -e $HERE/half.go ]; do sleep 0.01; done; tail -n +4201 $HERE/many.ndjson) |
            \(BuiltTool.path("deploystats")) import --events -
            """
        let terminal = try PseudoTerminal(
            ["bash", "-c", script], environment: fixture.environment(["TERM": "xterm"]))
        #expect(eventually { fixture.exists("half.up") })
        let began = Clock.monotonicMicroseconds()
        #expect(try fixture.run(["true"]).code == 0)
        #expect(try eventually { try fixture.query("SELECT count(*) FROM event")[0].count > 3 })
        // Work that is done sooner shows no progress.
        #expect(eventually { Clock.monotonicMicroseconds() - began > 600_000 })
        fixture.letGo("half")
        #expect(terminal.finish() == 0)
        #expect(terminal.screen.contains("\rimporting: "), "\(terminal.screen)")
        #expect(terminal.screen.contains("8400 events added"), "\(terminal.screen)")
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        #expect(try fixture.stats("verify").code == 0)
        #expect(try fixture.query("SELECT count(*) FROM deployment") == ["\(2 + 2800 + 2)"])
    }
}
