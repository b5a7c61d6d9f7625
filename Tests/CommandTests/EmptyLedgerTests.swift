import Ledger
import TestSupport
import Testing

@Suite("A ledger without deployments")
struct EmptyLedgerTests {
    @Test(
        "Every report says so in one sentence and ends with 0",
        arguments: [
            ([], "There are no deployments yet; wrap one: deploy-with-lock -- <command>\n"),
            (["deployments"], "No deployments (all times, UTC).\n"),
            (["events"], "No events (all times, UTC).\n"),
            (["report", "--week", "this-week"], "What needs attention\n  Nothing does.\n"),
            (["explain", "skip_rate"], "0 deployments count, 0 do not; 0 in the numerator: 0/0\n"),
            (["verify"], "WHOLE  0 events, nothing changed\n"),
        ] as [([String], String)])
    func sentence(arguments: [String], sentence: String) throws {
        let fixture = try Fixture()
        guard case .written = LedgerWriter(LedgerSettings(path: fixture.ledger)).record([]) else {
            Issue.record("the ledger was not created")
            return
        }
        let result = try ChildProcess.run(
            [BuiltTool.path("deploystats")] + arguments,
            environment: fixture.environment(["TZ": "UTC"]))
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.errors.isEmpty)
        #expect(result.output.contains(sentence), "\(result.output)")
    }
}
