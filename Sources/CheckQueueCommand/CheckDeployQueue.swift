package import ArgumentParser
import CommandSupport

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

            With --local or --server-via a run is skipped, too, while deployments are frozen for \
            longer than it would wait; frozen_until goes to $GITHUB_OUTPUT.

            A run started by hand (workflow_dispatch) or re-run is never skipped because of others. \
            When the queue cannot be counted, the run is not skipped, and a warning says why.

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

    @OptionGroup(title: "Freezes")
    var freeze: FreezeCheckOptions

    @OptionGroup(title: "This run")
    var thisRun: RunOptions

    @OptionGroup(title: "Recording a skip")
    var record: SkipRecordOptions

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
        if source.local, freeze.serverVia != nil {
            throw ValidationError("--local and --server-via exclude each other")
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
