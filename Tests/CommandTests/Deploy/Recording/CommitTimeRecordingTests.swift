import TestSupport
import Testing

@Suite("The time of a commit")
struct CommitTimeRecordingTests {
    /// What the ledger says of the newest request.
    private func recorded(_ fixture: Fixture) throws -> String {
        try fixture.settle()
        let sql =
            "SELECT coalesce(committed_at_us / 1000000, 'none') FROM deployment ORDER BY n DESC"
        return try fixture.stats(["sql", sql, "--format", "csv"]).output
            .split(whereSeparator: \.isNewline).dropFirst().first.map(String.init) ?? ""
    }

    @Test func `the option counts before the environment, and that before the CI`() throws {
        let fixture = try Fixture()
        let ci: [String: String?] = [
            "GITLAB_CI": "true", "CI_COMMIT_SHA": "abcdef1234567",
            "CI_COMMIT_TIMESTAMP": "2026-09-14T02:00:00+02:00",
        ]
        #expect(try fixture.run(["true"], environment: ci).code == 0)
        #expect(try recorded(fixture) == "1789344000")
        let given = ci.merging(["DEPLOY_COMMITTED_AT": "1789344001"]) { $1 }
        #expect(try fixture.run(["true"], environment: given).code == 0)
        #expect(try recorded(fixture) == "1789344001")
        let option = ["--committed-at", "2026-09-14T00:00:02Z", "true"]
        #expect(try fixture.run(option, environment: given).code == 0)
        #expect(try recorded(fixture) == "1789344002")
        // The CI's word is passed over when it cannot be understood, ours is a mistake.
        let odd = ci.merging(["CI_COMMIT_TIMESTAMP": "soon"]) { $1 }
        #expect(try fixture.run(["true"], environment: odd).code == 0)
        #expect(try recorded(fixture) == "none")
        let wrong = try fixture.run(["--committed-at", "soon", "true"])
        #expect(wrong.code == 64)
        #expect(
            wrong.errors.contains("--committed-at requires a time such as 2026-09-18T10:31:00Z"))
    }
}
