import CommandSupport
import DeployLock
import Ledger
import Processes
import Secrets
import SystemCalls
import Wording

/// Everything one forced unlock needs to know, resolved and checked.
struct UnlockPlan: Sendable {
    let queue: WaitQueue
    let ledger: LedgerSettings
    /// Where events go besides; nil for nowhere.
    let log: EventLog?
    /// Only this deployment's lock is freed.
    let number: Int64?
    /// Why; nil: to be asked for.
    let reason: String?
    let asks: Bool
    /// How long processes get to end, in µs.
    let grace: Int64
    let abandons: Bool
    let watches: Bool
    let origin: Origin
    /// The address the person came from.
    let client: String?

    init(
        _ options: ForceUnlockOptions, _ paths: LockPaths, _ ledger: LedgerSettings,
        _ configuration: Configuration
    ) {
        queue = WaitQueue(paths)
        self.ledger = ledger
        log = EventLog(configuration, lock: paths.lockFile)
        number = options.number ?? options.id
        reason = options.reason
        asks = !options.yes
        grace = DurationText.parse(option: options.grace) ?? 0
        abandons = options.abandon
        watches = !options.noWatch
        client = Self.sshClient()
        origin = Origin(
            source: configuration.value("DEPLOY_SOURCE") ?? client.map { _ in "ssh" },
            claimedActor: configuration.value("DEPLOY_ACTOR"), ci: CIRun())
    }

    /// The address behind an SSH session.
    ///
    /// sudo takes the variable away; the shell above it still has it.
    private static func sshClient() -> String? {
        let name = "SSH_CONNECTION"
        let connection =
            Environment.value(name)
            ?? ProcessIdentity.ancestors().lazy
            .compactMap { ProcessIdentity.variable(name, of: $0.pid) }.first
        return connection?.split(separator: " ").first.map(String.init)
    }
}
