import CommandSupport
import DeployLock
import FoundationEssentials
import Glibc
import JSON
import Ledger
import Processes
import SystemCalls

/// What the keeper of a lost wrapper has to know when it takes the wrapper's place, as JSON on a
/// command line that nobody sees.
struct Succession: Decodable, Sendable {
    /// The deployment; the outer one for a call that runs inside another deployment.
    let deployment: String?
    let number: Int64?
    let user: String
    let lockFile: String
    let infoFile: String
    let ledger: String
    let spoolRoots: [String]
    let budgetMilliseconds: Int64
    /// The open lock file or, for a call inside another deployment, the mark on that one's ticket.
    let lock: CInt?
    /// The open ticket and its path; nil for a call inside another deployment.
    let ticket: CInt?
    let ticketPath: String?
    /// Since when it has the lock, or has run inside another deployment; monotonic clock in µs.
    let sinceMonoUs: Int64
    let waitedUs: Int64?
    let lockCameFreeAtUs: Int64?
    /// The text of the event that tells the beginning of a call inside another deployment, which no
    /// ticket keeps until it is recorded; an argument of its own, because it may be long.
    private(set) var beginning: String?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case deployment, number, user, lockFile, infoFile, ledger, spoolRoots, budgetMilliseconds
        case lock, ticket, ticketPath, sinceMonoUs, waitedUs, lockCameFreeAtUs
    }

    /// Describes a deployment that has the lock.
    init(
        _ release: Release, _ plan: DeploymentPlan, lock: CInt, ticket: CInt, at path: String
    ) {
        self.init(
            release.events, plan, lock: lock, ticket: (ticket, path),
            sinceMonoUs: release.acquiredMonoUs, waitedUs: release.waited,
            lockCameFreeAtUs: release.lockCameFreeAt)
    }

    /// Describes a call that runs inside another deployment, whose events these are.
    init(
        inside outer: DeploymentEvents, _ beginning: EventEnvelope, _ plan: DeploymentPlan,
        mark: CInt?
    ) {
        self.init(
            outer, plan, lock: mark, ticket: nil, sinceMonoUs: Clock.monotonicMicroseconds(),
            waitedUs: nil, lockCameFreeAtUs: nil)
        let text = beginning.text
        self.beginning = text.utf8.count < Self.longestArgument ? text : beginning.record + "\n"
    }

    /// In bytes with the end, execve(2): `MAX_ARG_STRLEN`.
    private static let longestArgument = 128 << 10

    private init(
        _ events: DeploymentEvents, _ plan: DeploymentPlan, lock: CInt?,
        ticket: (CInt, String)?, sinceMonoUs: Int64, waitedUs: Int64?, lockCameFreeAtUs: Int64?
    ) {
        deployment = events.deployment?.description
        number = events.number
        user = events.user
        lockFile = plan.paths.lockFile
        infoFile = plan.paths.infoFile
        ledger = plan.ledger.path
        spoolRoots = plan.ledger.spoolRoots
        budgetMilliseconds = Int64(plan.ledger.budgetMilliseconds)
        self.lock = lock
        self.ticket = ticket?.0
        ticketPath = ticket?.1
        self.sinceMonoUs = sinceMonoUs
        self.waitedUs = waitedUs
        self.lockCameFreeAtUs = lockCameFreeAtUs
    }

    /// Reads what `arguments` gives.
    init?(_ arguments: some Collection<String>) {
        guard let json = arguments.first,
            let decoded = try? JSONDecoder().decode(Self.self, from: Data(json.utf8))
        else { return nil }
        self = decoded
        beginning = arguments.dropFirst().first
    }

    /// As arguments of a program.
    var arguments: [String] { [json] + [beginning].compactMap(\.self) }

    /// One line; written by hand, because every deployment does it and next to none is lost.
    private var json: String {
        var object = JSONObject()
        object.set(CodingKeys.deployment.rawValue, deployment)
        object.set(CodingKeys.number.rawValue, number)
        object.set(CodingKeys.user.rawValue, user)
        object.set(CodingKeys.lockFile.rawValue, lockFile)
        object.set(CodingKeys.infoFile.rawValue, infoFile)
        object.set(CodingKeys.ledger.rawValue, ledger)
        object.set(CodingKeys.spoolRoots.rawValue, spoolRoots)
        object.set(CodingKeys.budgetMilliseconds.rawValue, budgetMilliseconds)
        object.set(CodingKeys.lock.rawValue, lock.map(Int64.init))
        object.set(CodingKeys.ticket.rawValue, ticket.map(Int64.init))
        object.set(CodingKeys.ticketPath.rawValue, ticketPath)
        object.set(CodingKeys.sinceMonoUs.rawValue, sinceMonoUs)
        object.set(CodingKeys.waitedUs.rawValue, waitedUs)
        object.set(CodingKeys.lockCameFreeAtUs.rawValue, lockCameFreeAtUs)
        return object.text
    }

    /// The events of the deployment.
    var events: DeploymentEvents {
        DeploymentEvents(
            deployment: deployment.flatMap { EventID($0) }, number: number, lock: lockFile,
            user: user)
    }

    /// The same ledger, wherever our variables would lead now.
    var settings: LedgerSettings {
        LedgerSettings(
            path: ledger, budgetMilliseconds: Int(budgetMilliseconds), spoolRoots: spoolRoots)
    }
}
