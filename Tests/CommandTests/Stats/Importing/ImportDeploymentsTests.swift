import SystemCalls
import TestSupport
import Testing

@testable import StatsCommands

@Suite("deploystats import deployments")
struct ImportDeploymentsTests {
    private static let examples = Repository.root + "/examples/import/"
    private static let logs = Repository.path("Tests/CommandTests/Stats/Importing/Logs/")

    /// Holds lines against the schema, where that can be done.
    private func validate(_ lines: String, _ fixture: Fixture) throws {
        guard JSONSchemaCheck.isPossible else { return }
        let files = lines.split(separator: "\n").enumerated().map { index, line in
            fixture.write("line-\(index).json", String(line))
            return fixture.directory.file("line-\(index).json")
        }
        let result = try ChildProcess.run(
            ["python3", Repository.path("Tests/validate-json"), Self.schema] + files)
        #expect(result.code == 0, "\(result.output)\(result.errors)")
    }

    private static let schema = Repository.path("docs/schema/import.json")

    @Test func `the documents name every field`() throws {
        for path in [Self.schema, Repository.path("docs/import-format.md")] {
            let text = String(decoding: try FileSystem.read(path), as: UTF8.self)
            for field in ToldDeployment.Field.allCases {
                #expect(
                    text.contains("`\(field.rawValue)`")
                        || text.contains("\"\(field.rawValue)\": {"),
                    "\(path): \(field)")
            }
        }
    }

    private func importing(
        _ fixture: Fixture, _ text: String
    ) throws -> ChildProcess.Result {
        fixture.write("told", text)
        return try fixture.stats(
            "import", "deployments", "--file", fixture.directory.file("told"))
    }

    @Test func `what a line tells is kept, with its own source`() throws {
        let fixture = try Fixture()
        let line = """
            {"format":1,"source":"jenkins","key":"deploy 7","host":"web-1","attempt":2,\
            "started_at":"2026-03-01T10:00:00Z","ended_at":"2026-03-01T11:02:03.5+01:00",\
            "committed_at":"2026-03-01T09:00:00Z","outcome":"failed","reason":"exit 3","actor":"ann","tier":"docker","sha":"1a2b3c4",\
            "ref":"main","run_url":"https://ci.example/7","event":"push","workflow":"Deploy"}
            """
        let first = try importing(fixture, line + "\n\n")
        #expect(first.output == "1 deployment imported\n", "\(first.errors)")
        let again = try importing(fixture, line.replacing("exit 3", with: "exit 4"))
        #expect(again.output == "0 deployments imported, 1 known already\n")
        #expect(
            try fixture.query(
                """
                SELECT source || ' ' || host || ' ' || held_us || ' ' || outcome || ' ' || reason
                    || ' ' || actor || ' ' || tier || ' ' || sha || ' ' || ref || ' ' || run_url
                    || ' ' || run_event || ' ' || workflow || ' ' || is_imported
                    || ' ' || (requested_at_us - committed_at_us)
                FROM deployment
                """)
                == [
                    "jenkins web-1 123500000 failed exit 3 ann docker 1a2b3c4 main "
                        + "https://ci.example/7 push Deploy 1 3600000000"
                ])
        // Not under our lock, so in no metric of it.
        let metrics = try fixture.stats(
            "metrics", "--since", "2026-03-01", "--until", "2026-03-02", "--format", "csv")
        #expect(metrics.output.contains("success_rate,,ratio,rate,,") || metrics.code == 0)
        let list = try fixture.stats("deployments", "--source", "jenkins", "--format", "ndjson")
        #expect(list.output.contains(#""source":"jenkins""#))
        #expect(try fixture.stats("verify").code == 0)
        // An export tells it elsewhere as it is here.
        fixture.write("events", try fixture.stats("export").output)
        let other = fixture.directory.file("other.db")
        #expect(
            try fixture.stats(
                "import", "--events", fixture.directory.file("events"), "--ledger", other
            ).code == 0)
        #expect(
            try fixture.stats(
                "deployments", "--source", "jenkins", "--format", "ndjson", "--ledger", other
            ).output == list.output)
    }

    private static let least =
        #"{"format":1,"source":"x","host":"h","ended_at":"2026-03-01T10:00:00Z","outcome":"failed"}"#

    @Test(
        arguments: [
            ("{", "it is not one JSON object"), ("[1]", "it is not one JSON object"),
            ("garbage", "it is not one JSON object"),
            (#"{"source":"x"}"#, "'format' is missing"),
            (#"{"format":"1"}"#, "'format' is not a number"),
            (
                #"{"format":2,"later":true}"#,
                "'format' is 2; this version reads format 1"
            ),
            (least.replacing(#""source":"x","#, with: ""), "'source' is missing"),
            (least.replacing(#""host":"h""#, with: #""host":"""#), "'host' is empty"),
            (least.replacing(#""host":"h""#, with: #""host":7"#), "'host' is not a text"),
            (
                least.replacing("ended_at", with: "endedat"),
                "unknown field 'endedat'; did you mean 'ended_at'?"
            ),
            (least.replacing("T10:00:00Z", with: ""), "'ended_at' is not a time such as"),
            (
                least.replacing("failed", with: "success"),
                "'outcome' is 'success', not one of succeeded, failed, cancelled, skipped, timed_out; "
                    + "did you mean 'succeeded'?"
            ),
            (
                least.replacing("}", with: #","started_at":"2026-03-01T10:00:01Z"}"#),
                "'ended_at' is before 'started_at'"
            ),
            (least.replacing("}", with: #","attempt":0}"#), "'attempt' is not a number from 1"),
        ]
    )
    func `a bad line is named with the file and the field, and nothing is imported`(
        line: String, says: String
    ) throws {
        let fixture = try Fixture()
        let result = try importing(fixture, "\(Self.least)\n\n\(line)\n\(Self.least)\n")
        #expect(result.code == 1)
        let file = fixture.directory.file("told")
        #expect(
            result.errors.hasPrefix("deploystats: \(file): line 3: \(says)"), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(!fixture.exists("state"))
        let good = try importing(fixture, "\(Self.least)\n\(Self.least)\n")
        #expect(good.output == "1 deployment imported, 1 known already\n")
    }

    @Test(
        arguments: [
            (
                "capistrano-revisions", "revisions.log",
                [
                    "capistrano web-1 2015-06-12 09:38:41 - 8e2c5dd master deploy",
                    "capistrano web-1 2015-06-12 10:15:02 - "
                        + "8e2c5dd0f4b4c1a7a2f6f2b0e3c5d6a7b8c9d0e1 master ann",
                    "capistrano web-1 2015-06-15 07:00:00 - 0c1d2e3 release/2.4 Bob Müller",
                    "capistrano web-1 2015-06-30 12:00:00 - 1a2b3c4 master deploy",
                ]
            ),
            (
                "kamal-audit", "kamal-audit.log",
                [
                    "kamal 192.0.2.11 2024-04-05 07:14:50 20 "
                        + "75bf6fa40b975cbd8aec05abf7164e0982f185ac - ann",
                    "kamal 192.0.2.10 2024-04-05 07:14:58 29 "
                        + "75bf6fa40b975cbd8aec05abf7164e0982f185ac - ann",
                    "kamal 192.0.2.10 2024-04-05 09:01:10 60 - - bob",
                    "kamal 192.0.2.10 2024-04-06 10:00:00 - "
                        + "75bf6fa40b975cbd8aec05abf7164e0982f185ac - bob",
                ]
            ),
        ]
    )
    func `the logs of other programs can be converted`(
        converter: String, log: String, rows: [String]
    ) throws {
        let fixture = try Fixture()
        for counts in ["4 deployments imported\n", "0 deployments imported, 4 known already\n"] {
            let converted = try ChildProcess.run(
                [Self.examples + converter, "web-1"], input: Self.logs + log)
            #expect(converted.code == 0, "\(converted.errors)")
            try validate(converted.output, fixture)
            let result = try importing(fixture, converted.output)
            #expect(result.output == counts, "\(result.errors)")
        }
        #expect(
            try fixture.query(
                """
                SELECT source || ' ' || host || ' '
                    || strftime('%Y-%m-%d %H:%M:%S', ended_at_us / 1000000, 'unixepoch')
                    || ' ' || coalesce(held_us / 1000000, '-') || ' ' || coalesce(sha, '-')
                    || ' ' || coalesce(ref, '-') || ' ' || actor
                FROM deployment ORDER BY ended_at_us, n
                """) == rows)
        let commit = try fixture.stats(
            "query", "commit", converter == "kamal-audit" ? "75bf6fa" : "1a2b3c4")
        #expect(commit.code == 0, "\(commit)")
        #expect(try fixture.stats("verify").code == 0)
    }
}
