import Glibc
import JSON
import Ledger
import SystemCalls
import TestSupport
import Testing
import Wording

@Suite("One run is imported once")
struct ImportIdentityTests {
    private static let url = "https://github.com/Example/App/actions/runs/"

    private func run(
        _ fixture: Fixture, _ id: Int, attempt: Int = 1, url: String? = nil
    ) -> String {
        """
        {"id": \(id), "run_attempt": \(attempt), "status": "completed", "conclusion": "success",
         "created_at": "2026-09-14T10:00:00Z", "updated_at": "2026-09-14T10:05:00Z",
         "html_url": "\(url ?? Self.url + String(id))"}
        """
    }

    private func addresses(_ fixture: Fixture) throws -> [String] {
        try fixture.query("SELECT run_url FROM deployment ORDER BY run_url")
    }

    @Test(.enabled(if: GitHubStandIn.isPossible, "the GitHub CLI gh is not installed"))
    func `whatever spelling or former name --repo has, id and address are GitHub's`() throws {
        var state = StandInRun.list([
            StandInRun(id: 1001, status: "completed", conclusion: "success")
        ])
        state.value = .array([
            .object(
                StandInRun(id: 1001, status: "completed", conclusion: "success").members
                    .map { ($0.key, $0.key == "html_url" ? .string(Self.url + "1001") : $0.value) })
        ])
        let queue = try QueueFixture([
            state, ("repo", .string("Example/App")), ("old_names", .array([.string("old/name")])),
        ])
        for (index, repo) in ["Example/App", "example/app", "EXAMPLE/app", "old/name"].enumerated()
        {
            let result = try queue.stats([
                "import", "github", "--repo", repo, "--workflow", "deploy.yml", "--since",
                "2026-09-01",
            ])
            let known = index == 0 ? "1 run imported\n" : "0 runs imported, 1 known already\n"
            #expect(result.output == known, "\(repo): \(result.errors)")
        }
        #expect(try addresses(queue.fixture) == [Self.url + "1001"])
    }

    @Test func `runs that an earlier version imported are known under any spelling`() throws {
        let fixture = try Fixture()
        let created = try #require(RFC3339.microseconds(of: "2026-09-14T10:00:00Z"))
        var lines = ""
        for (id, spelled) in [(77, "example/app"), (78, "former/name")] {
            let url = "https://github.com/\(spelled)/actions/runs/\(id)"
            // As versions before made them, whose source was always the same.
            var event = Event(
                .imported, id: .derived(from: "run 1 \(url)", place: 1, atUs: created),
                atUs: created + 300_000_000, monoUs: 0, host: "github.com")
            event.deployment = .derived(from: "run 1 \(url)", place: 0, atUs: created)
            event.source = "import"
            event.runURL = url
            event.runAttempt = 1
            event.heldUs = 300_000_000
            event.outcome = .succeeded
            lines += EventEnvelope(event).text
        }
        fixture.write("events", lines)
        #expect(
            try fixture.stats("import", "--events", fixture.directory.file("events")).code == 0)
        fixture.write(
            "runs.json",
            "[\(run(fixture, 77)), \(run(fixture, 78)), \(run(fixture, 78, attempt: 2)), "
                + "\(run(fixture, 79))]")
        let file = fixture.directory.file("runs.json")
        let result = try fixture.stats("import", "github", "--file", file)
        #expect(result.output == "2 runs imported, 2 known already\n", "\(result.errors)")
        let again = try fixture.stats("import", "github", "--file", file)
        #expect(again.output == "0 runs imported, 4 known already\n")
        #expect(try fixture.stats("verify").code == 0)
    }

    @Test func `runs of the same number on another machine are others`() throws {
        let fixture = try Fixture()
        let other = "https://github.example.com/Example/App/actions/runs/77"
        fixture.write("runs.json", "[\(run(fixture, 77)), \(run(fixture, 77, url: other))]")
        let result = try fixture.stats(
            "import", "github", "--file", fixture.directory.file("runs.json"))
        #expect(result.output == "2 runs imported\n", "\(result.errors)")
        #expect(try addresses(fixture) == [other, Self.url + "77"].sorted())
        #expect(
            try fixture.query("SELECT DISTINCT host FROM deployment ORDER BY host")
                == ["github.com", "github.example.com"])
    }

    @Test func `without an address the repository makes it, and its own name comes first`() throws {
        let fixture = try Fixture()
        let facts = """
            "status": "completed", "conclusion": "success", "created_at": "2026-09-14T10:00:00Z",
            "updated_at": "2026-09-14T10:05:00Z"
            """
        fixture.write(
            "runs.json",
            """
            [{"id": 5, \(facts), "repository": {"full_name": "Example/App"}},
             {"databaseId": 6, \(facts.replacing("created_at", with: "createdAt")
                .replacing("updated_at", with: "updatedAt"))}]
            """)
        let result = try fixture.stats(
            "import", "github", "--repo", "example/app", "--file",
            fixture.directory.file("runs.json"))
        #expect(result.output == "2 runs imported\n", "\(result.errors)")
        #expect(
            try addresses(fixture) == [
                Self.url + "5", "https://github.com/example/app/actions/runs/6",
            ])
    }
}
