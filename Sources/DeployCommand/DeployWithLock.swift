package import ArgumentParser
import CommandSupport
import Glibc
import Processes
import SystemCalls
import Wording

/// `deploy-with-lock`: runs one deployment at a time, in order of arrival, and records it.
package struct DeployWithLock: ParsableCommand {
    /// Name, help and version.
    package static let configuration = CommandConfiguration(
        commandName: "deploy-with-lock",
        abstract: "Run a deployment command alone, in order of arrival, and record it.",
        usage: "deploy-with-lock [<options>] [--] <command> [<arguments> …]",
        discussion: """
            Everything after the first word that is not an option is the command, untouched. The \
            wrapper's own words go to standard error.

            EXIT CODES
              the command's own   it ran and exited
              128 + n             signal n ended it
              1                   the lock was not acquired, deployments are frozen for
                                  longer than it may wait, or with --wait-covered nobody
                                  delivered, or it is unknown (--busy-exit-code)
              0                   skipped by --max-queue, or stepped aside
                                  (--skip-exit-code)
              69                  the command succeeded and the health check did not
                                  (--health-exit-code)
              124                 ended by --max-duration or --max-silence
              64                  usage error
              66                  the lock file cannot be opened
              71                  the system cannot start the command: process limit
                                  reached or out of memory
              126, 127            the command is not executable, is not found

            Options override the environment (DEPLOY_LOCK_FILE, DEPLOY_LOCK_INFO_FILE, \
            DEPLOY_LOCK_TIMEOUT, DEPLOY_MAX_QUEUE, DEPLOY_LEDGER, DEPLOY_SOURCE, DEPLOY_ACTOR, DEPLOY_TIER, \
            DEPLOY_SHA, DEPLOY_REF, DEPLOY_RUN_URL, DEPLOY_MESSAGE, DEPLOY_MASK), which overrides /etc/deploy-ledger.conf \
            (KEY=value lines with the same names) or the file that DEPLOY_LEDGER_CONFIG names.
            """,
        version: Tool.version)

    @OptionGroup(title: "Lock")
    var place: LockPlaceOptions

    @OptionGroup(title: "Lock")
    var lock: LockOptions

    @OptionGroup(title: "Queue")
    var queue: QueueOptions

    @OptionGroup(title: "Health check")
    var health: HealthOptions

    @OptionGroup(title: "Rollback")
    var rollback: RollbackOptions

    @OptionGroup(title: "Limits")
    var limit: LimitOptions

    @OptionGroup(title: "Freeze")
    var freeze: FreezeOptions

    @OptionGroup(title: "Kept output")
    var output: OutputOptions

    @OptionGroup(title: "Notifications")
    var notify: NotifyOptions

    @OptionGroup(title: "What is recorded")
    var record: RecordOptions

    @Flag(name: .shortAndLong, help: "Say nothing unless something is wrong.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say more: files, numbers, what is recorded.")
    var verbose = false

    @Argument(
        parsing: .captureForPassthrough, help: "The command and its arguments.", completion: .file()
    )
    var command: [String] = []

    /// For the parser.
    package init() {}

    /// What this program is called where it does something else than it is asked for: as the keeper
    /// of a lost wrapper, and when it clears away old output.
    package static let otherNames = [Keeper.name, LogUpkeep.name]

    /// Runs the tool on the arguments of this process and ends with its exit code.
    package static func runAsTool() -> Never {
        Heap.expectShortLife()
        if ProcessArguments.all.first == Keeper.name {
            // Never read as a command to deploy.
            Glibc.exit(Successor.run(ProcessArguments.all) ?? ExitCodes.systemError)
        }
        if LogUpkeep.run(ProcessArguments.all) { Glibc.exit(EXIT_SUCCESS) }
        Tool.run(Self.self, warnsOfVariables: false, wrapsCommand: true) {
            let arguments = Array(ProcessArguments.all.dropFirst())
            return try DeploymentRequest(plain: arguments).map(Self.run)
        }
    }

    /// Everything from the first unknown word on lands in `command`, so an unknown option, and the
    /// options that ask for help, are found here.
    package mutating func validate() throws {
        guard let first = command.first else {
            throw ValidationError("no command given; write it after the options")
        }
        if first == "--" {
            command.removeFirst()
            guard !command.isEmpty else {
                throw ValidationError("no command given after --")
            }
        } else if first == "--help" || first == "-h" {
            throw CleanExit.helpRequest(Self.self)
        } else if first == "--version" {
            throw CleanExit.message(Tool.version)
        } else if first == "--experimental-dump-help" {
            // What scripts/generate asks for.
            throw CleanExit.message(Self._dumpHelp())
        } else if first.hasPrefix("-"), first != "-" {
            throw ValidationError(
                "unknown option '\(first)'; put -- before a command that begins with a dash"
                    + NearMiss.question(first, among: Self.optionNames))
        }
        if command.first?.isEmpty == true { throw ValidationError("the command is empty") }
    }

    /// Runs the deployment and exits.
    package mutating func run() throws {
        throw ExitCode(try Self.run(request))
    }

    /// Runs a deployment; the result is the exit code.
    private static func run(_ request: DeploymentRequest) throws -> CInt {
        FailedCommit.forget()
        if !request.quiet {
            Configuration.warnOfMisspeltVariables(Self.configuration.commandName ?? "")
            OldSpelling.hint(at: request.queue.oldSpellings)
        }
        return Deployer.run(try DeploymentPlan(request, configuration: .forCommand()))
    }

    /// What the parser has read.
    var request: DeploymentRequest {
        DeploymentRequest(
            lockFile: place.lockFile, infoFile: place.infoFile, timeout: lock.timeout,
            noWait: lock.noWait, busyExitCode: lock.busyExitCode, queue: queue.request,
            health: health.request, rollback: rollback.request, limit: limit.request,
            freeze: freeze.request, output: output.request, notify: notify.request,
            ledger: record.ledger,
            source: record.source, actor: record.actor, tier: record.tier, sha: record.sha,
            ref: record.ref,
            runURL: record.runUrl, message: record.message, committedAt: record.committedAt,
            quiet: quiet, verbose: verbose,
            commandLength: command.count)
    }
}

/// How long to wait for the lock.
struct LockOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How long to wait for the lock: 90, 90s, 5m, 1h30m; 0 is --no-wait. (default: 30m)",
            valueName: "duration"))
    var timeout: String?

    @Flag(help: "Do not wait: give up at once when the lock is taken.")
    var noWait = false

    @Option(
        help: ArgumentHelp("The exit code when the lock was not acquired.", valueName: "code"))
    var busyExitCode: Int32 = ExitCodes.busy
}

/// Facts about the deployment for the ledger.
struct RecordOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The ledger. (default: /var/lib/deploy-ledger/ledger.db for root)", valueName: "path"),
        completion: .file())
    var ledger: String?

    @Option(
        help: ArgumentHelp(
            "Where the deployment comes from: gha, ssh, cron, manual, … (default: detected)",
            valueName: "word"),
        completion: .sources)
    var source: String?

    @Option(
        help: "The person it is done for, who is recorded as a claim. (default: the CI system's)")
    var actor: String?

    @Option(help: "The kind of deployment: lightning, docker, …", completion: .tiers)
    var tier: String?

    @Option(help: "The commit. (default: the CI system's, as for the next two)")
    var sha: String?

    @Option(help: "The branch or tag.")
    var ref: String?

    @Option(
        help: ArgumentHelp(
            "When the commit was made: RFC 3339, or seconds since 1970. (default: the CI system's, "
                + "or that of the repository in the working directory)", valueName: "time"))
    var committedAt: String?

    @Option(help: ArgumentHelp("The address of the CI run.", valueName: "url"))
    var runUrl: String?

    @Option(help: ArgumentHelp("Why, in your words.", valueName: "text"))
    var message: String?
}
