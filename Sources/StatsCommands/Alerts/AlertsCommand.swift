import ArgumentParser
import CommandSupport
import DeployLock
import DeploymentMetrics
import Glibc
import JSON
import Ledger
import Queries
import Reporting
import Status
import SystemCalls
import Wording

/// The formats alerts can have.
enum AlertFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, ndjson, csv, nagios
}

/// From which severity on a run ends with a code of its own.
enum FailOn: String, ExpressibleByArgument, CaseIterable {
    case warning, critical

    var severity: AlertSeverity {
        switch self {
        // What is unknown may be as bad.
        case .warning: .unknown
        case .critical: .critical
        }
    }
}

/// What a run as a plugin came to, once it has printed it.
struct PluginAnswer: Error {
    let severity: AlertSeverity
}

/// `deploystats alerts`.
struct AlertsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts",
        abstract: "List conditions that need attention.",
        discussion: """
            Covers failed deployments, deployments that run too long, a long queue, orphans, events \
            that have not reached the ledger, an altered ledger and missed targets. \
            --tier nightly --max-age 26h also tells when the nightly did not run.

            RULES name a measure and its allowed range, as monitoring plugins write them: \
            queue=5, running=20m, queue=none. Measures: \(AlertMeasure.names). \
            DEPLOY_ALERT_WARNING and DEPLOY_ALERT_CRITICAL set rules in the configuration file.

            The chain of the newest 1000 events and the schema are verified; --verify checks all.

            EXIT CODES
              0    checked, whatever was found
              1    could not check, or a notification failed
              3    with --fail-on: an alert of that severity, or (warning) unknown
              64   usage error
            With --format nagios: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN and everything else.
            """)

    @OptionGroup(title: "Rules")
    var rules: AlertRuleOptions

    @Option(
        help: ArgumentHelp(
            "Window for target checks. (default: DEPLOY_ALERT_WINDOW or 7d)",
            valueName: "duration"))
    var window: String?

    @Flag(help: "Verify the whole ledger, which takes time.")
    var verify = false

    @Option(
        help: ArgumentHelp(
            "The lock to check; may be given more than once. (default: that of deploy-with-lock)",
            valueName: "path"))
    var lockFile: [String] = []

    @Option(help: "The format of the report; nagios is for Nagios, Icinga and compatible systems.")
    var format = AlertFormat.table

    @OptionGroup(title: "Output")
    var colour: ColourOptions

    @Option(help: "Exit with 3 when there is an alert of this severity.")
    var failOn: FailOn?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Give up after this many seconds. (default: 10 with nagios)", valueName: "seconds"))
    var timeout: UInt32?

    @Flag(name: .customShort("V"), help: "Show the version.")
    var showVersion = false

    @OptionGroup(title: "Notification")
    var telling: NotifyOptions

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func validate() throws {
        if timeout == 0 { throw ValidationError("--timeout must be at least 1 second") }
        if lockFile.contains("") {
            throw ValidationError("--lock-file is empty; name the lock's file")
        }
        if format == .nagios && (telling.notify != nil || failOn != nil) {
            throw ValidationError(
                "--notify and --fail-on cannot be combined with --format nagios: the monitoring "
                    + "system notifies, and has exit codes of its own")
        }
        if telling.notify != nil && timeout != nil {
            throw ValidationError(
                "--timeout and --notify exclude each other: it could cut a notification short")
        }
    }

    func run() throws {
        if showVersion { throw CleanExit.message(Tool.version) }
        setTimeout()
        let configuration = try Configuration.forCommand()
        let limits = try rules.rules(configuration)
        let settings = try ledger.settings(configuration)
        var source = AlertSource(settings)
        source.targets = try Failure.mistakes { try Targets.configured(configuration) }
        source.length = try Failure.mistakes { try AlertSource.length(window, configuration) }
        source.zone = .local
        source.tiers = rules.tier
        source.sources = rules.source
        source.verifiesAll = verify
        let make = { [source] in
            AlertReport(try facts(source, configuration), rules: limits)
        }
        if format == .nagios {
            let report = try make()
            try StandardOutput.print(report.pluginText)
            throw PluginAnswer(severity: report.severity)
        }
        var isTold = true
        let report: AlertReport
        if let notifier = telling.notifier(configuration, ledger: settings) {
            (report, isTold) = try Failure.wrap {
                try notifier.tell(ledger: settings.path, make)
            }
        } else {
            report = try Failure.wrap(make)
        }
        try write(report)
        if let failOn, report.severity >= failOn.severity {
            throw ExitCode(ExitCodes.Stats.alert)
        }
        if !isTold { throw ExitCode.failure }
    }

    private func write(_ report: AlertReport) throws {
        let unknown = format == .table ? [] : report.unknown.map(\.problem)
        try OutputFormat(rawValue: format.rawValue)?.print(
            report, in: .local, colour.style, notices: unknown)
    }

    /// What the ledger, the locks and the spool tell.
    private func facts(
        _ source: AlertSource, _ configuration: Configuration
    ) throws -> AlertFacts {
        let now = Instant(microseconds: Clock.wallMicroseconds())
        let recorded = try source.recorded(LedgerReader(path: source.settings.path), now: now)
        let looks = looks(recorded.metrics.inFlight, source.settings, configuration)
        return AlertFacts(
            recorded, locks: looks.map { LiveLock($0) }, spool: source.settings.spooled)
    }

    /// The locks that were named, and those of this machine that the ledger has something under.
    private func looks(
        _ inFlight: InFlight, _ settings: LedgerSettings, _ configuration: Configuration
    ) -> [LockLook] {
        var paths = LockPlace.paths(lockFile, configuration)
        let here = inFlight.deployments.filter { $0.host == Machine.hostName }
        var found = paths.map { LockLook(of: $0, ledger: settings) }
        for lock in here.compactMap(\.lock) where !paths.contains(where: { $0.lockFile == lock }) {
            let place = LockPaths(lockFile: lock)
            paths.append(place)
            let seen = LockLook(of: place, ledger: settings)
            // Nobody asked for it: what the ledger says of it is enough.
            if seen.condition != nil { found.append(seen) }
        }
        return found
    }

    private func setTimeout() {
        if format == .nagios {
            let seconds = timeout ?? 10
            let line = PluginOutput.firstLine(.unknown, "no answer within \(seconds) s")
            HardTimeout.end(
                afterSeconds: seconds, saying: line + "\n", to: STDOUT_FILENO,
                code: PluginOutput.code(.unknown))
        } else if let timeout {
            HardTimeout.end(
                afterSeconds: timeout, saying: "deploystats: no answer within \(timeout) s\n",
                to: STDERR_FILENO, code: 1)
        }
    }
}

extension AlertReport: Printable {
    var lines: [JSONValue] { alerts.map(\.json) }
    func text(_ renderer: TextRenderer) -> String { text(style: renderer.style) }
}
