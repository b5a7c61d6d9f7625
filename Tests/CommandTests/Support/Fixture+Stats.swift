import Glibc
import Ledger
import SystemCalls
import TestSupport
import Testing

extension Fixture {
    /// Runs `deploystats` on this ledger to its end, in UTC.
    func stats(
        _ arguments: [String], environment more: [String: String?] = [:],
        input: String = "/dev/null"
    ) throws -> ChildProcess.Result {
        try ChildProcess.run(
            [BuiltTool.path("deploystats")] + arguments,
            environment: environment(["TZ": "UTC"].merging(more) { $1 }), input: input)
    }

    /// The same with arguments one by one.
    func stats(
        _ arguments: String..., environment more: [String: String?] = [:],
        input: String = "/dev/null"
    ) throws -> ChildProcess.Result {
        try stats(arguments, environment: more, input: input)
    }

    /// Sees to it that the ledger has what deployments that have ended could not write in time on a
    /// busy machine.
    func settle() throws {
        #expect(eventually { !addsSpooledEvents() })
    }

    /// Adds to the ledger what waits in the spool, once.
    ///
    /// - Returns: whether something was there.
    @discardableResult
    func addsSpooledEvents() -> Bool {
        let names = (try? FileSystem.entries(of: spool)) ?? []
        guard names.contains(where: { $0.hasSuffix(".event") }) else { return false }
        let settings = LedgerSettings(
            path: ledger, budgetMilliseconds: 60_000, spoolRoots: [spool])
        _ = LedgerWriter(settings).record([])
        return true
    }

    /// Puts a directory in the place of the ledger; number 1 has been given out before.
    func breakLedger() throws {
        let elsewhere = ["DEPLOY_LEDGER": directory.file("elsewhere/ledger.db")]
        #expect(try run(["true"], environment: elsewhere).code == 0)
        mkdir(directory.file("state"), 0o700)
        mkdir(ledger, 0o700)
    }

    /// Takes it away again.
    func repairLedger() { rmdir(ledger) }
}
