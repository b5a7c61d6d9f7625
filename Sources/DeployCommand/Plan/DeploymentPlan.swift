import ArgumentParser
import CommandSupport
import DeployLock
import Ledger
import Processes

/// Everything one run of `deploy-with-lock` needs to know, resolved and checked.
struct DeploymentPlan: Sendable {
    static let defaultTimeout: Int64 = 30 * 60 * 1_000_000

    /// How much the wrapper says.
    enum Verbosity: Int, Comparable, Sendable {
        case quiet, normal, verbose

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    let command: Command
    let paths: LockPaths
    /// How long to wait in µs; nil: not at all.
    let timeout: Int64?
    let busyExitCode: CInt
    let skipExitCode: CInt
    /// From how many in the queue on it is skipped; nil: never.
    let queueLimit: QueueLimit?
    /// What it has in common with others, of which the newest covers it; nil: nothing.
    let batch: Batch?
    let ledger: LedgerSettings
    let origin: Origin
    let tier: String?
    let sha: String?
    /// When the commit was made, in UTC µs; nil when nobody said so.
    let committedAtUs: Int64?
    let ref: String?
    let runURL: String?
    /// Which attempt of the CI run, where that is known.
    let runAttempt: Int64?
    let message: String?
    let verbosity: Verbosity
    /// How the service is checked; nil for not at all.
    let health: HealthPlan?
    /// What is run when it failed; nil for nothing.
    let rollback: RollbackPlan?
    /// Where the output of the command is kept; nil for not at all.
    let output: OutputPlan?
    /// How long the command may run.
    let limit: LimitPlan
    /// What it makes of a freeze.
    let freeze: FreezePlan
    /// Who is told what; nil for nobody.
    let notify: NotifyPlan?
    /// Where events go besides the ledger; nil for nowhere.
    let log: EventLog?

    /// Whether anything follows the command under the lock.
    var hasSteps: Bool { health != nil || rollback != nil }

    init(_ request: DeploymentRequest, configuration: Configuration) throws {
        try Self.refuseContradictions(request)
        command = Command(lastArguments: request.commandLength)
        paths = LockPaths(
            lockFile: request.lockFile, infoFile: request.infoFile, configuration)
        timeout = try Self.timeout(request, configuration)
        busyExitCode = try Self.exitCode("--busy-exit-code", request.busyExitCode)
        skipExitCode = try Self.exitCode("--skip-exit-code", request.queue.skipExitCode)
        queueLimit = try QueueLimit(request.queue, configuration)
        ledger = try LedgerSettings(option: request.ledger, configuration)
        let ci = CIRun()
        // What is deployed; a rollback brings something else than the run it belongs to.
        let asked = FailedCommit.isInherited(ci?.sha) ? nil : ci
        origin = Origin(
            source: request.source.nonEmpty ?? configuration.value("DEPLOY_SOURCE"),
            claimedActor: request.actor.nonEmpty ?? configuration.value("DEPLOY_ACTOR"), ci: ci)
        tier = request.tier.nonEmpty ?? configuration.value("DEPLOY_TIER")
        sha = request.sha.nonEmpty ?? configuration.value("DEPLOY_SHA") ?? asked?.sha
        let commitTime = try CommitTime(
            option: request.committedAt.nonEmpty,
            setting: configuration.setting("DEPLOY_COMMITTED_AT"), ci: asked)
        committedAtUs = commitTime?.microseconds
        ref = request.ref.nonEmpty ?? configuration.value("DEPLOY_REF") ?? asked?.ref
        let givenURL = request.runURL.nonEmpty ?? configuration.value("DEPLOY_RUN_URL")
        runURL = givenURL ?? ci?.url
        // Of another run nobody knows it.
        runAttempt = givenURL == nil || givenURL == ci?.url ? ci?.attempt : nil
        message = request.message.nonEmpty ?? configuration.value("DEPLOY_MESSAGE")
        batch = try Batch(request.queue, ref: ref, tier: tier, waits: timeout != nil)
        verbosity = request.quiet ? .quiet : request.verbose ? .verbose : .normal
        freeze = try FreezePlan(request.freeze)
        output = try OutputPlan(request.output, ledger: ledger, configuration)
        limit = try LimitPlan(request.limit, configuration, keepsOutput: output != nil)
        health = try HealthPlan(request.health, configuration, sha: sha)
        rollback = try RollbackPlan(request.rollback, configuration, limit: limit.duration)
        notify = try NotifyPlan(request.notify, configuration)
        let isLogged = try request.notify.syslog || configuration.isOn("DEPLOY_SYSLOG")
        log =
            isLogged
            ? EventLog(
                lock: paths.lockFile, sha: sha.map(EventDetail.outside),
                ref: ref.map(EventDetail.outside), tier: tier.map(EventDetail.outside)) : nil
        try ProgramLookup.require(health?.program)
        try ProgramLookup.require(rollback?.program)
    }

    /// Options that ask for opposites; a setting of the environment merely gives way to an option.
    private static func refuseContradictions(_ request: DeploymentRequest) throws {
        if request.quiet, request.verbose {
            throw ValidationError("--quiet and --verbose exclude each other")
        }
        if request.noWait, request.timeout != nil {
            throw ValidationError("--no-wait and --timeout exclude each other")
        }
    }

    private static func exitCode(_ name: String, _ code: Int32) throws -> CInt {
        guard (0...255).contains(code) else {
            throw ValidationError("\(name) requires a number from 0 to 255")
        }
        return code
    }

    private static func timeout(
        _ request: DeploymentRequest, _ configuration: Configuration
    ) throws -> Int64? {
        if request.noWait { return nil }
        let setting =
            request.timeout.map { Configuration.Setting("--timeout", $0) }
            ?? configuration.setting("DEPLOY_LOCK_TIMEOUT")
        guard let setting else { return defaultTimeout }
        let value = try setting.duration(mayBeZero: true)
        return value == 0 ? nil : value
    }
}
