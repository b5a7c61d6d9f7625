import ArgumentParser
import CommandSupport
import DeployLock
import DeploymentMetrics
import JSON
import Ledger
import Queries
import Status
import SystemCalls

/// The formats of the present state.
enum StatusFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
    case deploymentStatus = "deployment-status"
}

/// `deploystats status`.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show locks, queues, alerts and the ledger as they are now.",
        discussion: """
            Reads the locks themselves and disturbs nobody; the ledger adds details, the usual \
            duration and the last deployment, and may be missing. Without --lock-file: the \
            configured lock, and those of this machine's deployments in flight.

            --format deployment-status prints the document that the dashboard serves as \
            /api/admin/deployment-status, about one lock.

            EXIT CODES
              0    success
              1    who holds a lock could not be determined
              64   usage error
            """)

    @Option(
        help: ArgumentHelp(
            "The lock to show; may be given more than once. (default: that of deploy-with-lock)",
            valueName: "path"), completion: .file())
    var lockFile: [String] = []

    @OptionGroup
    var zone: ZoneOption

    @Option(help: "The format of the report.")
    var format = StatusFormat.table

    @OptionGroup(title: "Output")
    var colour: ColourOptions

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func validate() throws {
        if lockFile.contains("") {
            throw ValidationError("--lock-file is empty; name the lock's file")
        }
        if format == .deploymentStatus, lockFile.count > 1 {
            throw ValidationError("--format deployment-status is about one lock; name only one")
        }
    }

    func run() throws {
        let zone = try zone.zone()
        let configuration = try Configuration.forCommand()
        var source = try Failure.mistakes {
            try StatusSource(
                ledger.settings(configuration), locks: LockPlace.paths(lockFile, configuration),
                configuration)
        }
        source.alerts.zone = zone
        let situation = situation(source)
        switch format {
        case .table:
            try StandardOutput.print(
                situation.text(TextRenderer(zone: zone, style: colour.style)))
        case .json: try StandardOutput.print(situation.json.document)
        case .deploymentStatus: try printDocument(situation)
        }
        if situation.locks.contains(where: { $0.problem != nil }) { throw ExitCode.failure }
    }

    /// With the locks of others in flight, where none was named.
    private func situation(_ source: StatusSource) -> Situation {
        let situation = source.situation()
        guard lockFile.isEmpty, format != .deploymentStatus else { return situation }
        let others = Set(situation.ledger.inFlight.compactMap(\.lock))
            .filter { FileSystem.exists($0) && situation.lock($0) == nil }
        if others.isEmpty { return situation }
        var wider = source
        wider.locks += others.sorted().map { LockPaths(lockFile: $0) }
        return wider.situation()
    }

    private func printDocument(_ situation: Situation) throws {
        for lock in situation.locks {
            guard let status = DeploymentStatus(lock) else {
                throw Failure.because(
                    "cannot determine who holds \(lock.path): \(lock.problem ?? "")")
            }
            try StandardOutput.print(status.json.indented + "\n")
        }
        if let problem = situation.ledgerProblem, !situation.ledger.isMissing {
            Terminal.complain("deploystats: \(problem); the document has no last deployment")
        }
    }
}
