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
        let known = try known()
        var looks: [QueueTable.Look] = []
        for path in try paths(known) {
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
        switch output.format {
        case .json:
            let document = JSONValue.object([
                ("at", .string(Instant(microseconds: Clock.wallMicroseconds()).rfc3339)),
                ("locks", .array(table.lockObjects)),
            ])
            try Output.print(document.indented + "\n")
        case .ndjson: try Output.print(table.all.objects.map { $0.line + "\n" }.joined())
        case .csv: try Output.print(CSVRenderer.standard.render(table.all))
        case .markdown: try Output.print(MarkdownRenderer(zone: zone).render(table.all))
        case .table: try Output.print(table.text(TextRenderer(zone: zone, style: output.style)))
        }
    }

    /// What the ledger has in flight; the queue is shown without it, too.
    private func known() throws -> [InFlightDeployment] {
        let settings = try ledger.settings()
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

    private func paths(_ known: [InFlightDeployment]) throws -> [LockPaths] {
        if !locks.lock.isEmpty { return locks.lock.map { LockPaths(lockFile: $0) } }
        let configuration = try Failure.wrap { try Configuration.load() }
        let own = LockPaths(
            lockFile: configuration.value("DEPLOY_LOCK_FILE") ?? LockPaths.defaultLockFile,
            infoFile: configuration.value("DEPLOY_LOCK_INFO_FILE"))
        let others = Set(
            known.compactMap(\.lock).filter { FileSystem.exists($0) && $0 != own.lockFile })
        return [own] + others.sorted().map { LockPaths(lockFile: $0) }
    }
}
