package import ArgumentParser
import CommandSupport
import GitHub
import Wording

/// `check-deploy-queue`: whether a CI run should deploy or leave it to those that are pending.
package struct CheckDeployQueue: ParsableCommand {
    /// Name, help and version.
    package static let configuration = CommandConfiguration(
        commandName: "check-deploy-queue",
        abstract: "Decide whether a CI run should deploy or be skipped because others are pending.",
        discussion: """
            Counts the other runs of a workflow that are requested, waiting, pending, queued or in \
            progress, through 'gh api' (which requires GH_TOKEN in a job). In a job of GitHub \
            Actions no options are needed: repository, workflow, run, branch, commit and event \
            come from the environment; should_skip, queue_length, reason and notice go to \
            $GITHUB_OUTPUT, a table to $GITHUB_STEP_SUMMARY.

            A run started by hand (workflow_dispatch) or re-run is never skipped. When the queue \
            cannot be counted, the run is not skipped, and a warning says why.

            EXIT CODES
              0    decided, or not skipped because the queue is unknown
              3    the queue is unknown, with --strict
              64   usage error
              With --skip-exit-code: that code when the run should be skipped.
            """,
        version: Tool.version)

    @OptionGroup(title: "What is counted")
    var source: SourceOptions

    @OptionGroup(title: "What is decided")
    var rule: RuleOptions

    @OptionGroup(title: "This run")
    var thisRun: RunOptions

    @OptionGroup(title: "Recording a skip")
    var record: RecordOptions

    @Flag(help: "Print one JSON document.")
    var json = false

    @Flag(help: "Exit with 3 when the queue could not be counted or the outputs not written.")
    var strict = false

    @Option(help: "The exit code when the run should be skipped.")
    var skipExitCode: Int32 = 0

    /// For the parser.
    package init() {}

    /// Runs the tool on the arguments of this process and ends with its exit code.
    package static func runAsTool() -> Never {
        Tool.run(Self.self)
    }

    /// Checks what the options say of each other.
    package func validate() throws {
        if !(0...255).contains(skipExitCode) {
            throw ValidationError("--skip-exit-code requires a code from 0 to 255")
        }
        if source.local, rule.policy == .newest {
            throw ValidationError(
                "--policy newest compares runs of a branch; the server's queue has no branches")
        }
        if record.record, record.recordVia != nil {
            throw ValidationError("--record and --record-via exclude each other")
        }
    }

    /// Decides, tells and exits.
    package func run() throws {
        let plan = try QueuePlan(self, JobContext(), Configuration.forCommand())
        throw try ExitCode(QueueCheck(plan).run())
    }
}

/// Where pending deployments are counted.
struct SourceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The repository. (default: $GITHUB_REPOSITORY)", valueName: "owner/name"))
    var repo: String?

    @Option(
        help: ArgumentHelp(
            "The workflow's file, such as deploy.yml. (default: the one that is running)",
            valueName: "file"))
    var workflow: String?

    @Option(
        help: ArgumentHelp(
            "Count the runs in this file, '-' for standard input, as 'gh run list --json …' or "
                + "'gh api' prints them.", valueName: "file"), completion: .file())
    var runsJson: String?

    @Flag(help: "Count the deployments that hold or wait for the lock on this machine.")
    var local = false

    @Option(
        help: ArgumentHelp(
            "Do not count runs with this status, such as 'waiting' for an approval; may be given "
                + "more than once.", valueName: "status"),
        completion: .list(WorkflowRun.pendingStatuses))
    var ignore: [String] = []

    @Option(
        help: ArgumentHelp(
            "Do not count runs that are older than this: 90m, 6h, 2d.", valueName: "duration"))
    var maxAge: String?

    @OptionGroup
    var place: LockPlaceOptions

    @OptionGroup
    var github: GitHubOptions

    func validate() throws {
        if local, runsJson != nil {
            throw ValidationError("--local and --runs-json exclude each other")
        }
        if local, !ignore.isEmpty || maxAge != nil {
            throw ValidationError(
                "\(maxAge == nil ? "--ignore" : "--max-age") is for runs of a workflow, not for "
                    + "--local")
        }
        if let unknown = ignore.first(where: { !WorkflowRun.pendingStatuses.contains($0) }) {
            throw ValidationError(
                "--ignore takes \(WorkflowRun.pendingStatuses.joined(separator: ", ")), not "
                    + "'\(unknown)'")
        }
        if let maxAge, (longestAge ?? 0) <= 0 {
            throw ValidationError("--max-age requires a duration such as 6h, not '\(maxAge)'")
        }
        if let repo, Repository(repo) == nil {
            throw ValidationError("--repo requires OWNER/NAME, not '\(repo)'")
        }
        if workflow?.isEmpty == true { throw ValidationError("--workflow is empty") }
    }

    /// In µs.
    var longestAge: Int64? { maxAge.flatMap { LengthOfTime.parse(option: $0) } }
}

/// By which rule a run is left out.
struct RuleOptions: ParsableArguments {
    @Option(
        help: """
            threshold: skip when that many are pending; newest: skip when a newer run of the same \
            workflow and branch is pending, so that the newest always deploys.
            """)
    var policy = SkipPolicy.threshold

    @Option(
        help: ArgumentHelp(
            "Skip when this many are pending; 0 never skips.", valueName: "count"))
    var threshold = 3

    func validate() throws {
        if threshold < 0 { throw ValidationError("--threshold must not be negative") }
    }
}

/// Facts about the run that asks.
struct RunOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The id of this run, which is not counted. (default: $GITHUB_RUN_ID)", valueName: "id"))
    var excludeRun: Int64?

    @Option(help: "This run's commit. (default: $GITHUB_SHA)")
    var sha: String?

    @Option(help: "This run's branch or tag. (default: $GITHUB_REF_NAME)")
    var branch: String?

    @Option(help: "What triggered this run. (default: $GITHUB_EVENT_NAME)")
    var event: String?
}

/// What is recorded of a skip, and where.
struct RecordOptions: ParsableArguments {
    @Flag(help: "Record a skip in the ledger of this machine.")
    var record = false

    @Option(
        help: ArgumentHelp(
            "Record a skip with 'deploystats record skip' through this command, such as "
                + "'ssh server'; it gets the command line as one argument.", valueName: "command"))
    var recordVia: String?

    @Option(help: "How long --record-via may take.")
    var recordTimeout = "30s"

    @Option(
        help: "The ledger for --record. (default: /var/lib/deploy-ledger/ledger.db for root)",
        completion: .file())
    var ledger: String?

    @Option(
        help: "Where the deployment comes from. (default: gha in a job)", completion: .sources)
    var source: String?

    @Option(help: "The kind of deployment: lightning, docker, …", completion: .tiers)
    var tier: String?

    func validate() throws {
        if recordVia?.allSatisfy(\.isWhitespace) == true {
            throw ValidationError("--record-via is empty; write a command such as 'ssh server'")
        }
        guard let timeout = LengthOfTime.parse(option: recordTimeout), timeout > 0 else {
            throw ValidationError(
                "--record-timeout requires a duration such as 30s, not '\(recordTimeout)'")
        }
    }
}
