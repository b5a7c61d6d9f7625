import SystemCalls
import TestSupport
import Testing

/// A deployment that a rollback starts is not one of the commit that failed.
@Suite struct RollbackCommitTests {
    private let failed: [String: String?] = [
        "DEPLOY_FAILED_STEP": "health", "DEPLOY_FAILED_SHA": "bad1", "DEPLOY_REF": "main",
        "DEPLOY_FAILED_REF": "main", "GITHUB_ACTIONS": nil, "GITHUB_SHA": nil,
    ]

    /// What is recorded, and what the command sees.
    private func commit(
        _ more: [String: String?], options: [String] = []
    ) throws -> [String] {
        let fixture = try Fixture()
        let result = try fixture.run(
            options + ["sh", "-c", #"echo "$DEPLOY_SHA|$DEPLOY_REF" > $HERE/seen"#],
            environment: failed.merging(more) { $1 })
        #expect(result.code == 0, "\(result.errors)")
        let recorded = try fixture.query("SELECT sha, ref FROM deployment")
        return recorded + fixture.lines("seen")
    }

    @Test func `it neither takes it nor passes it on`() throws {
        #expect(try commit(["DEPLOY_SHA": "bad1"]) == ["|", "|"])
        #expect(try commit(["DEPLOY_SHA": "bad1"], options: ["--verbose"]) == ["|", "|"])
    }

    @Test func `a commit that the rollback names stays`() throws {
        #expect(try commit(["DEPLOY_SHA": "good1"]) == ["good1|main", "good1|main"])
        #expect(
            try commit(["DEPLOY_SHA": "bad1"], options: ["--sha", "good1"]) == ["good1|", "|"])
    }

    @Test func `that of the CI run is not taken either`() throws {
        let ci = [
            "DEPLOY_SHA": "bad1", "GITHUB_ACTIONS": "true", "GITHUB_SHA": "bad1",
            "GITHUB_REF_NAME": "main",
        ]
        #expect(try commit(ci) == ["|", "|"])
    }

    @Test func `outside of a rollback it is taken as ever`() throws {
        #expect(
            try commit(["DEPLOY_SHA": "bad1", "DEPLOY_FAILED_STEP": nil])
                == ["bad1|main", "bad1|main"])
    }
}
