import CommandSupport
import DeployLock
import JSON
import Ledger
import Processes
import SystemCalls

/// What the keeper of a lost wrapper has to know when it takes the wrapper's place, as JSON on a
/// command line that nobody sees.
struct Succession: Sendable {
    /// The deployment; the outer one for a call that runs inside another deployment.
    private var deployment: EventID?
    private(set) var number: Int64?
    private var user = ""
    private(set) var lockFile = ""
    private(set) var infoFile = ""
    private var ledger = ""
    private var spoolRoots: [String] = []
    private var budgetMilliseconds: Int64 = 0
    /// Whether events go to the log of the system, too.
    private(set) var isLogged: Bool?
    /// The open lock file or, for a call inside another deployment, the mark on that one's ticket.
    private(set) var lock: CInt?
    /// The open ticket and its path; nil for a call inside another deployment.
    private(set) var ticket: CInt?
    private(set) var ticketPath: String?
    /// Since when it has the lock, or has run inside another deployment; monotonic clock in µs.
    private(set) var sinceMonoUs: Int64 = 0
    private(set) var waitedUs: Int64?
    private(set) var lockCameFreeAtUs: Int64?
    /// The text of the event that tells the beginning of a call inside another deployment, which no
    /// ticket keeps until it is recorded; an argument of its own, because it may be long.
    private(set) var beginning: String?
    /// How far a deployment has come that has the lock; an argument of its own, and nil where the end
    /// of the command is all there is.
    private(set) var state: StepState?

    /// Describes a deployment that has the lock.
    init(
        _ release: Release, _ plan: DeploymentPlan, _ state: StepState, lock: CInt, ticket: CInt,
        at path: String
    ) {
        self.init(release.events, plan, lock: lock, sinceMonoUs: release.acquiredMonoUs)
        self.ticket = ticket
        ticketPath = path
        self.state = state.isNeeded ? state : nil
        waitedUs = release.waited
        lockCameFreeAtUs = release.lockCameFreeAt
    }

    /// Describes a call that runs inside another deployment, whose events these are.
    init(
        inside outer: DeploymentEvents, _ beginning: EventEnvelope, _ plan: DeploymentPlan,
        mark: CInt?
    ) {
        self.init(outer, plan, lock: mark, sinceMonoUs: Clock.monotonicMicroseconds())
        let text = beginning.text
        self.beginning = text.utf8.count < Self.longestArgument ? text : beginning.record + "\n"
    }

    /// In bytes with the end, execve(2): `MAX_ARG_STRLEN`.
    private static let longestArgument = 128 << 10

    private init(
        _ events: DeploymentEvents, _ plan: DeploymentPlan, lock: CInt?, sinceMonoUs: Int64
    ) {
        deployment = events.deployment
        number = events.number
        user = events.user
        lockFile = plan.paths.lockFile
        infoFile = plan.paths.infoFile
        ledger = plan.ledger.path
        spoolRoots = plan.ledger.spoolRoots
        isLogged = plan.log.map { _ in true }
        budgetMilliseconds = Int64(plan.ledger.budgetMilliseconds)
        self.lock = lock
        self.sinceMonoUs = sinceMonoUs
    }

    /// Reads what `arguments` gives.
    init?(_ arguments: some Collection<String>) {
        guard let json = arguments.first, let members = CanonicalMembers(Array(json.utf8))
        else { return nil }
        do { try read(members) } catch { return nil }
        let second = arguments.dropFirst().first
        if ticket == nil { beginning = second } else { state = second.flatMap { StepState($0) } }
    }

    /// As arguments of a program.
    var arguments: [String] { [json] + [beginning, state?.text].compactMap(\.self) }

    /// The events of the deployment.
    var events: DeploymentEvents {
        DeploymentEvents(
            deployment: deployment, number: number, lock: lockFile, user: user)
    }

    /// The same ledger, wherever our variables would lead now.
    var settings: LedgerSettings {
        LedgerSettings(
            path: ledger, budgetMilliseconds: Int(budgetMilliseconds), spoolRoots: spoolRoots)
    }
}

extension Succession: RecordFields {
    /// All members, in the order of their keys.
    mutating func visit<Visitor: MemberVisitor>(_ visitor: inout Visitor) {
        visitor.require("budget_ms", &budgetMilliseconds)
        visitor.visit("deployment", &deployment)
        visitor.require("info_file", &infoFile)
        visitor.require("ledger", &ledger)
        visitor.visit("lock", &lock)
        visitor.visit("lock_came_free_at_us", &lockCameFreeAtUs)
        visitor.require("lock_file", &lockFile)
        visitor.visit("number", &number)
        visitor.require("since_mono_us", &sinceMonoUs)
        visitor.visit("spool_roots", &spoolRoots)
        visitor.visit("syslog", &isLogged)
        visitor.visit("ticket", &ticket)
        visitor.visit("ticket_path", &ticketPath)
        visitor.require("user", &user)
        visitor.visit("waited_us", &waitedUs)
    }
}
