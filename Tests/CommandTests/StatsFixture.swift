import TestSupport

extension Fixture {
    /// Runs `deploystats` on this ledger, in UTC.
    func stats(
        _ arguments: String..., environment more: [String: String?] = [:],
        input: String = "/dev/null"
    ) throws -> ChildProcess.Result {
        try ChildProcess.run(
            [BuiltTool.path("deploystats")] + arguments,
            environment: environment(["TZ": "UTC"].merging(more) { $1 }), input: input)
    }
}
