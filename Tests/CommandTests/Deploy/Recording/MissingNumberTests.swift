import Glibc
import SystemCalls
import TestSupport
import Testing

/// A deployer who may not write the ledger.
@Suite(.enabled(if: PrivateMounts.arePossible, "needs to be root and to mount"))
struct MissingNumberTests {
    @Test func `a deployment of which nothing is known is reported until it is known`() throws {
        let fixture = try Fixture()
        let mounts = try PrivateMounts("true")
        let other = try OtherUser(tool: "deploy-with-lock")
        func deploy(_ user: [String], _ tool: String = BuiltTool.path("deploy-with-lock")) throws
            -> String
        {
            let result = try mounts.run(user + [tool, "true"], environment: fixture.environment())
            #expect(result.code == 0, "\(result.errors)")
            return result.errors
        }
        func finding() throws -> String {
            let alerts = try fixture.stats("alerts", "--format", "csv").output
            let found = try fixture.stats("query", "integrity", "--format", "csv").output
            let report = try fixture.stats("report", "--week", "this-week").output
            let isAlert = alerts.contains("warning,missing_numbers")
            let isFound = found.contains("no event of #2 is here")
            let isReported = report.contains("Missing: no event of #2 under \(fixture.lock)")
            return "\(isAlert) \(isFound) \(isReported)"
        }
        _ = try deploy([])
        #expect(
            try deploy(OtherUser.prefix, other.tool)
                .contains("will be added by the next run of \(OtherUser.name) that can write"))
        // What is last is not missing yet.
        #expect(try finding() == "false false false")
        _ = try deploy([])
        #expect(try finding() == "true true true")
        // Now they may.
        #expect(
            try ChildProcess.run(["chmod", "-R", "a+rwX", fixture.directory.file("state")]).code
                == 0)
        _ = try deploy(OtherUser.prefix, other.tool)
        #expect(try finding() == "false false false")
        #expect(try fixture.outcomes() == (1...4).map { "\($0) succeeded" })
    }
}
