import ArgumentParser
import CommandSupport
import DeployLock
import GitHub
import Ledger
import Wording

/// Everything that is known before anybody is asked: options before the job's environment before
/// the configuration file.
struct QueuePlan: Sendable {
    /// Where a skip is recorded.
    enum Record: Sendable {
        case nowhere
        case here(LedgerSettings)
        case via(String, timeout: Int64)
    }

    let source: QueueSource
    let freezes: FreezeSource
    /// How long the deployment would wait for the lock, in µs.
    let timeout: Int64
    let counting: CountRule
    let rule: SkipRule
    let client: GitHubClient
    let repository: Repository?
    let workflow: String?
    let sha: String?
    let files: JobFiles
    let announcer: Announcer
    let record: Record
    /// The lock for `record`, and as somebody named it.
    let lock: (path: String, option: String?)
    let origin: (source: String, tier: String?, actor: String?)
    let printsJSON: Bool
    let isStrict: Bool
    let skipExitCode: CInt

    init(
        _ options: CheckDeployQueue, _ job: JobContext, _ configuration: Configuration
    ) throws {
        let given = options.source
        let named = given.repo.flatMap { Repository($0)?.on(host: job.host) }
        // The job's own repository is spelled as GitHub spells it.
        let isOwn = named.flatMap { named in job.repository?.isSame(as: named) } ?? true
        repository = isOwn ? job.repository ?? named : named
        // What people copy from a page is often the path.
        workflow = (given.workflow ?? job.workflow).map {
            String($0.split(separator: "/").last ?? "")
        }
        let paths = given.place.paths(configuration)
        if given.local {
            source = .local(paths)
        } else if let file = given.runsJson {
            source = .file(file, repository)
        } else {
            guard let repository else {
                throw ValidationError(
                    "--repo OWNER/NAME is required where GITHUB_REPOSITORY is not set")
            }
            guard let workflow, !workflow.isEmpty else {
                throw ValidationError("--workflow FILE is required, such as --workflow deploy.yml")
            }
            source = .github(repository, workflow: workflow)
        }
        if given.local {
            freezes = .local(
                WaitQueue(paths),
                try LedgerSettings(option: options.record.ledger, configuration))
        } else if let command = options.freeze.serverVia {
            let limit = DurationText.parse(option: options.freeze.serverTimeout) ?? 0
            freezes = .via(command, lock: given.place.lockFile, timeout: limit)
        } else {
            freezes = .nowhere
        }
        timeout =
            try configuration.given(options.freeze.timeout, "--timeout", "DEPLOY_LOCK_TIMEOUT")?
            .duration(mayBeZero: true) ?? Self.defaultTimeout
        counting = CountRule(ignored: given.ignore, maxAge: given.longestAge)
        rule = SkipRule(
            policy: options.rule.policy, threshold: options.rule.threshold,
            runID: options.thisRun.excludeRun ?? job.runID, attempt: job.attempt,
            event: options.thisRun.event ?? job.event, branch: options.thisRun.branch ?? job.branch)
        if rule.policy == .newest, rule.runID == nil || rule.branch == nil {
            throw ValidationError(
                "--policy newest requires this run's id and branch: --exclude-run and --branch, or "
                    + "GITHUB_RUN_ID and GITHUB_REF_NAME")
        }
        client = given.github.client
        sha = options.thisRun.sha ?? job.sha
        files = JobFiles(outputFile: job.outputFile, summaryFile: job.summaryFile)
        announcer = Announcer(isJob: job.isJob)
        if let command = options.record.recordVia {
            let timeout = DurationText.parse(option: options.record.recordTimeout) ?? 0
            record = .via(command, timeout: timeout)
        } else if options.record.record {
            record = .here(try LedgerSettings(option: options.record.ledger, configuration))
        } else {
            record = .nowhere
        }
        lock = (paths.lockFile, given.place.lockFile)
        origin = (
            options.record.source.nonEmpty ?? configuration.value("DEPLOY_SOURCE")
                ?? (job.isJob ? "gha" : "manual"),
            options.record.tier.nonEmpty ?? configuration.value("DEPLOY_TIER"), job.actor
        )
        printsJSON = options.json
        isStrict = options.strict
        skipExitCode = options.skipExitCode
    }

    /// That of `deploy-with-lock`, in µs.
    private static let defaultTimeout: Int64 = 30 * 60 * 1_000_000

    /// The skip of this run, for the ledger.
    func skip(_ report: QueueReport) -> SkippedRun {
        let url = rule.runID.flatMap { id in repository.map { $0.runURL(id) } }
        var skip = SkippedRun(
            lock: lock.path, source: origin.source, runURL: url, runAttempt: rule.attempt,
            reason: report.decision.reason,
            queue: Int64(report.queue?.length ?? 0))
        skip.actor = origin.actor
        skip.tier = origin.tier
        skip.sha = sha
        skip.ref = rule.branch
        return skip
    }
}
