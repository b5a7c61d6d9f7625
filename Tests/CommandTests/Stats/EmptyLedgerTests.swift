import Glibc
import Ledger
import TestSupport
import Testing

@Suite("A ledger without deployments")
struct EmptyLedgerTests {
    @Test(
        arguments: [
            ([], "No deployments yet; wrap one: deploy-with-lock -- <command>\n"),
            (["deployments"], "No deployments (all times, UTC).\n"),
            (["events"], "No events (all times, UTC).\n"),
            (
                ["report", "--week", "this-week"],
                "The ledger has no deployments yet\n"
            ),
            (["explain", "skip_rate"], "0 deployments count, 0 do not; 0 in the numerator: 0/0\n"),
            (["verify"], "INTACT  0 events verified\n"),
        ] as [([String], String)]
    )
    func `every report on an empty ledger is one sentence and ends with 0`(
        arguments: [String], sentence: String
    ) throws {
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

    @Test(
        .enabled(if: PrivateMounts.arePossible, "needs to be root and to mount")
    )
    func `a read-only file system's ledger is read; one without its companions is refused`() throws
    {
        let fixture = try Fixture()
        let disk = fixture.directory.file("disk")
        mkdir(disk, 0o700)
        let mounts = try PrivateMounts("mount -t tmpfs -o size=8m none \(disk)")
        let state = fixture.environment(["DEPLOY_LEDGER": disk + "/ledger.db", "TZ": "UTC"])
        let tool = BuiltTool.path("deploystats")
        func remount(_ mode: String) throws {
            #expect(try mounts.run(["mount", "-o", "remount,\(mode)", disk]).code == 0)
        }
        let run = try mounts.run([BuiltTool.path("deploy-with-lock"), "true"], environment: state)
        #expect(run.code == 0)
        try remount("ro")
        let whole = try mounts.run([tool, "report", "--since", "-1h"], environment: state)
        #expect(whole.code == 0, "\(whole.errors)")
        try remount("rw")
        #expect(try mounts.run(["rm", disk + "/ledger.db-shm"]).code == 0)
        try remount("ro")
        let alone = try mounts.run([tool, "alerts", "--format", "nagios"], environment: state)
        #expect(alone.code == 3)
        #expect(
            alone.output.contains(
                "cannot be used: -wal or -shm is missing beside it, and \(disk) takes no file; copy "
                    + "it to where they can be made\n"), "\(alone.output)")
    }
}
