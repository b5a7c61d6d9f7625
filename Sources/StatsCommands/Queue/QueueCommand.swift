import ArgumentParser
import CommandSupport
import DeployLock
import JSON
import Ledger
import DeploymentMetrics
import Queries
import Status
import SystemCalls
import Wording

/// `deploystats queue`.
struct QueueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "Show who holds each lock and who is waiting for it.",
        discussion: """
            Reads the locks themselves, so it shows the present state, and disturbs nobody; the \
            ledger adds details. Without --lock: the configured lock, and those of this machine's \
            deployments in flight.
            """)

    @OptionGroup
    var locks: LockOption

    @OptionGroup
    var zone: ZoneOption

    @OptionGroup(title: "Output")
    var output: OutputOptions

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func run() throws {
        let zone = try zone.zone()
        let configuration = try Configuration.forCommand()
        let settings = try ledger.settings(configuration)
        let known = known(settings)
        var queues: [(look: LockLook, rows: [QueueRow])] = []
        for path in paths(known, configuration) {
            let look = LockLook(of: path, ledger: settings)
            if let problem = look.problem {
                // Several locks: one that cannot be read does not hide the others.
                Terminal.complain("deploystats: cannot determine who holds a lock: \(problem)")
                if !locks.lock.isEmpty { throw ExitCode.failure }
            } else {
                queues.append((look, QueueRow.rows(of: look, known: known)))
            }
        }
        try output.print(QueueTable(queues), in: zone)
    }

    /// What the ledger has in flight; the queue is shown without it, too.
    private func known(_ settings: LedgerSettings) -> [InFlightDeployment] {
        do {
            let reader = try LedgerReader(path: settings.path)
            return try InFlight(reader.connection, filter: ReportFilter(), isDead: { _ in false })
                .deployments.filter { $0.host == Machine.hostName }
        } catch LedgerError.missing, LedgerError.empty {
            return []
        } catch {
            Terminal.complain("deploystats: \(error); the queue is shown without its details")
            return []
        }
    }

    private func paths(
        _ known: [InFlightDeployment], _ configuration: Configuration
    ) -> [LockPaths] {
        if !locks.lock.isEmpty { return locks.lock.map { LockPaths(lockFile: $0) } }
        let own = LockPaths(lockFile: nil, infoFile: nil, configuration)
        let others = Set(
            known.compactMap(\.lock).filter { FileSystem.exists($0) && $0 != own.lockFile })
        return [own] + others.sorted().map { LockPaths(lockFile: $0) }
    }
}

extension QueueTable: Printable {}
