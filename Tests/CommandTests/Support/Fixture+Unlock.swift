import SystemCalls
import TestSupport
import Testing

extension Fixture {
    /// Starts `check-deploy-lock --force-unlock` with these arguments, for the reason `stuck`.
    func unlocking(
        _ arguments: [String] = [], as user: [String] = [],
        environment more: [String: String?] = [:]
    ) throws -> ChildProcess {
        let always = ["--force-unlock", "--yes", "--reason", "stuck"]
        return try ChildProcess(
            user + [BuiltTool.path("check-deploy-lock")] + always + arguments,
            environment: environment(more))
    }

    /// Runs it to its end.
    func unlock(
        _ arguments: [String] = [], as user: [String] = [],
        environment more: [String: String?] = [:]
    ) throws -> ChildProcess.Result {
        try unlocking(arguments, as: user, environment: more).finish()
    }

    /// Every deployment has one final event, and the ledger is whole.
    func expectOneOutcomeEach(_ location: SourceLocation = #_sourceLocation) throws {
        let finals = try query(
            """
            SELECT number || ': ' || count(outcome) FROM event WHERE deployment IS NOT NULL
            GROUP BY deployment HAVING count(outcome) <> 1
            """)
        #expect(finals == [], sourceLocation: location)
        let verified = try ChildProcess.run(
            [BuiltTool.path("deploystats"), "verify"], environment: environment())
        #expect(verified.code == 0, "\(verified.output)", sourceLocation: location)
    }

    /// Members of the forced unlocks' records, in order.
    func forced(_ keys: String...) throws -> [String] {
        let list = keys.map { "coalesce(record ->> '$.\($0)', '-')" }.joined(separator: "||' '||")
        return try query("SELECT \(list) FROM event WHERE kind = 'forced_unlock' ORDER BY seq")
    }

    /// The notes of deployments that lost the lock and go on.
    var abandoned: [String] {
        ((try? FileSystem.entries(of: lock + ".queue")) ?? []).filter { $0.hasPrefix("abandoned-") }
    }
}
