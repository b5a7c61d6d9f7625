import ArgumentParser
import CommandSupport
import DeployLock
import Queries
import SystemCalls

/// `deploystats log`.
struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Print what the command of a deployment printed.",
        discussion: """
            For deployments with --log-dir. Where the output is follows from the deployment; with \
            --log-dir it is looked for there, without a ledger. Control characters are made visible \
            or left out, so that nothing in it acts on the terminal.
            """)

    @Argument(
        help: ArgumentHelp(
            "The deployment's number, its id or the beginning of it, or the address of its CI run.",
            valueName: "deployment")
    )
    var name: String

    @Flag(
        name: .shortAndLong,
        help: "Go on until the deployment ends; wait for one that waits for the lock.")
    var follow = false

    @Flag(help: "Print every byte as it was written.")
    var raw = false

    @Option(
        help: ArgumentHelp("Look in this directory only.", valueName: "directory"),
        completion: .directory)
    var logDir: String?

    @Option(
        name: [.customLong("lock-file"), .customLong("lock")],
        help: ArgumentHelp(
            "Only a deployment under this lock. (default: any, and the configured one for those "
                + "that run)", valueName: "path"), completion: .file())
    var lockFile: String?

    @OptionGroup
    var zone: ZoneOption

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func validate() throws {
        if logDir?.isEmpty == true || lockFile?.isEmpty == true {
            throw ValidationError("--log-dir and --lock-file must not be empty")
        }
    }

    func run() throws {
        let search = LogSearch(
            name: name, zone: try zone.zone(), lockFile: lockFile,
            configuration: try Configuration.forCommand())
        let settings = try ledger.settings(search.configuration)
        let stop = follow ? StopSignals() : nil
        var found =
            try logDir.map { try search.find(in: Path.resolved($0)) } ?? search.find(settings)
        while case .waiting(let ticket) = found, let stop {
            // Its file gets its name when its turn comes.
            if stop.comes(within: Self.pause) || StandardOutput.readerIsGone { return }
            if !ticket.isOwned || ticket.text().facts?.logFile != nil {
                found = try search.find(settings)
            }
        }
        guard case .file(let log, let ticket) = found else { throw search.missing(found) }
        try LogPrinter(log: log, isRaw: raw).run(follow: stop, while: ticket)
    }

    /// Between looks at a deployment that waits, in µs.
    private static let pause: Int64 = 200_000
}
