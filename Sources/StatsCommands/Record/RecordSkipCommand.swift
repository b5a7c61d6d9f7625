import ArgumentParser
import CommandSupport
import DeployLock
import Ledger

/// `deploystats record skip`.
struct RecordSkipCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skip",
        abstract: "Record a deployment that was skipped before it reached this machine.",
        discussion: """
            For 'check-deploy-queue --record-via', which runs it where the ledger is. The same \
            attempt of the same run is recorded once, however often this is called. When the \
            ledger cannot be written, the events are queued in its spool.

            EXIT CODES
              0    recorded, or queued in the spool
              1    neither the ledger nor a spool could be written
              64   usage error
            """)

    @Option(
        help: ArgumentHelp("Where it comes from: gha, …", valueName: "word"), completion: .sources)
    var source: String

    @Option(help: ArgumentHelp("The reason, in a word or two.", valueName: "text"))
    var reason: String

    @Option(help: ArgumentHelp("How many deployments were pending.", valueName: "count"))
    var queue: Int64

    @Option(help: "The commit that is not deployed.")
    var sha: String?

    @Option(help: "Its branch or tag.")
    var ref: String?

    @Option(
        help: ArgumentHelp("The kind of deployment: lightning, docker, …", valueName: "word"),
        completion: .tiers)
    var tier: String?

    @Option(help: ArgumentHelp("Who triggered it.", valueName: "name"))
    var actor: String?

    @Option(help: ArgumentHelp("The address of the CI run.", valueName: "address"))
    var runUrl: String?

    @Option(help: ArgumentHelp("Which attempt of that run.", valueName: "count"))
    var runAttempt: Int64 = 1

    @Option(
        help: ArgumentHelp(
            "The lock it would have taken. (default: DEPLOY_LOCK_FILE, \(LockPaths.defaultLockFile))",
            valueName: "path"), completion: .file())
    var lock: String?

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func validate() throws {
        if queue < 0 { throw ValidationError("--queue must not be negative") }
        if runAttempt < 1 { throw ValidationError("--run-attempt must be at least 1") }
        for (name, value) in [
            ("--source", source), ("--reason", reason), ("--run-url", runUrl), ("--lock", lock),
            ("--sha", sha), ("--ref", ref), ("--tier", tier), ("--actor", actor),
        ] where value?.isEmpty == true {
            throw ValidationError("\(name) is empty; give it a value or leave it out")
        }
    }

    func run() throws {
        let configuration = try Configuration.forCommand()
        let settings = try ledger.settings(configuration)
        var skip = SkippedRun(
            lock: LockPaths(lockFile: lock, infoFile: nil, configuration).lockFile, source: source,
            runURL: runUrl,
            runAttempt: runAttempt, reason: reason, queue: queue)
        skip.sha = sha
        skip.ref = ref
        skip.tier = tier
        skip.actor = actor
        let result = skip.record(in: settings)
        for line in result.words { Terminal.complain("deploystats: " + line) }
        if !result.isDurable { throw ExitCode.failure }
        try StandardOutput.print("skip recorded\n")
    }
}
