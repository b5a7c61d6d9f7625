import ArgumentParser
import CommandSupport
import DeployLock
import JSON
import Ledger
import Metrics
import Queries
import SystemCalls
import Wording

/// `deploystats queue`.
struct QueueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "Show who has each lock and who waits for it now, with what the ledger knows.",
        discussion: """
            Looks at the locks themselves, so it tells what is true now, and disturbs nobody. \
            Without --lock: the lock of the configuration, and those of this machine's deployments \
            in flight.
            """)

    @OptionGroup
    var locks: LockOption

    @Option(
        name: .customLong("tz"),
        help: ArgumentHelp("Time zone of shown times.", valueName: "zone"))
    var zoneName = "local"

    @OptionGroup(title: "Output")
    var output: OutputOptions

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func run() throws {
        let zone = try Failure.mistakes { try Zone(named: zoneName) }
        let configuration = try Configuration.forCommand()
        let known = known(try ledger.settings(configuration))
        var looks: [QueueTable.Look] = []
        for path in paths(known, configuration) {
            do throws(LockError) {
                looks.append(
                    QueueTable.Look(
                        path: path, try LockState(of: path, isConcluded: EventLine.tellOfAnEnd)))
            } catch {
                // Several locks: one that cannot be looked at does not hide the others.
                Terminal.complain("deploystats: cannot determine who has a lock: \(error)")
                if !locks.lock.isEmpty { throw ExitCode.failure }
            }
        }
        let table = QueueTable(looks, known: known)
        try output.print(table, in: zone)
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
            Terminal.complain("deploystats: \(error); shown without what it knows")
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
