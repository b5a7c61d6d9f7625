import SystemCalls
import TestSupport
import Testing

/// What the API answers is what `docs/json.md` says it is.
@Suite(
    "The schemas of the API's answers",
    .enabled(if: JSONSchemaCheck.isPossible, "the Python package jsonschema is not installed"))
struct AnswerSchemaTests {
    /// An address and the schema of what it answers.
    private struct Documented {
        let path: String
        let schema: String
    }

    /// Those that `docs/json.md` names.
    private static func documented() throws -> [Documented] {
        let text = String(
            decoding: try FileSystem.read(Repository.path("docs/json.md")), as: UTF8.self)
        return text.split(separator: "\n").compactMap { line in
            guard let path = line.firstMatch(of: /`GET (\/api\/admin\/[^`]+)`/),
                let schema = line.firstMatch(of: /\(schema\/([a-z-]+)\.json\)/)
            else { return nil }
            return Documented(path: String(path.1), schema: String(schema.1))
        }
    }

    /// A rich ledger: several outcomes, one deployment in flight.
    private static func fixture() throws -> Fixture {
        let fixture = try Fixture()
        let run = ["--sha", "abc1234", "--ref", "main", "--run-url", "https://ci.example/7"]
        #expect(try fixture.run(["--tier", "docker"] + run + ["true"]).code == 0)
        #expect(try fixture.run(["--tier", "lightning", "sh", "-c", "exit 3"]).code == 3)
        return fixture
    }

    @Test func `each document of the API has one`() throws {
        let offered = try Fixture().dashboard(["routes"]).output.split(separator: "\n")
            .map { $0.split(separator: " ")[1] }.filter { $0.hasPrefix("/api/admin/") }
        #expect(offered.count > 5)
        let text = String(
            decoding: try FileSystem.read(Repository.path("docs/json.md")), as: UTF8.self)
        for path in offered { #expect(text.contains("`GET \(path)`"), "\(path)") }
        #expect(try Set(Self.documented().map(\.path)).isSubset(of: Set(offered.map(String.init))))
    }

    @Test func `each answer is what its schema describes`() throws {
        let fixture = try Self.fixture()
        let holder = try fixture.hold("a", options: ["--sha", "def5678"])
        let server = try DashboardServer([], fixture)
        // GitHub is asked elsewhere.
        for documented in try Self.documented() where documented.schema != "ci-queue" {
            let path = documented.path.replacing("{id}", with: "1")
                .replacing("{name}", with: "slow")
            let queries =
                switch documented.schema {
                case "deployments": ["", "?limit=1", "?tier=nothing", "?since=-1h"]
                case "metrics": ["", "?tier=docker", "?tier=nothing"]
                case "query": ["", "?limit=1"]
                default: [""]
                }
            for query in queries {
                let answer = try server.askWithToken(path + query)
                #expect(answer.status == 200, "\(path)\(query) \(answer.body)")
                fixture.write("answer.json", answer.body)
                try JSONSchemaCheck.validate(
                    [fixture.directory.file("answer.json")], documented.schema)
            }
        }
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
    }
}
