package import ArgumentParser
import CommandSupport
import Glibc
import Queries
import SystemCalls

/// `deploystats`: what the ledger records, for people and for programs.
package struct DeployStats: ParsableCommand {
    /// Name, help and version.
    package static let configuration = CommandConfiguration(
        commandName: "deploystats",
        abstract: "Show metrics, history and alerts of the deployments in a ledger, and verify it.",
        usage: "deploystats [<command>] [<options>]",
        discussion: """
            Without a command: the metrics of the last seven days. Only 'record', 'import', \
            'recover', 'freeze', 'unfreeze' and 'setup' write.

            TIMES for --since and --until: \(TimeError.forms). A date, a week or a word means its \
            first moment, so '--since 2026-09-18 --until 2026-09-19' is the 18th. A time of day \
            alone is the most recent one. Amounts (-2h, 7d, 1h30m, 2 hours ago) are exact lengths \
            before now, with days of 24 hours; dates and weeks (ISO 8601) are in the zone of --tz.

            FILTERS: the same one given twice means "or", different ones mean "and".

            EXIT CODES
              0    success; verify: the ledger is intact
              1    the ledger cannot be read, or contains nothing of that name
              2    verify: the ledger is damaged, was altered, or was started over
              3    alerts: at least one alert is as severe as --fail-on
              64   usage error

            Options override the environment (DEPLOY_LEDGER), which overrides \
            /etc/deploy-ledger.conf or the file that DEPLOY_LEDGER_CONFIG names.
            """,
        version: Tool.version,
        subcommands: [
            MetricsCommand.self, StatusCommand.self, ReportCommand.self, ExplainCommand.self,
            AlertsCommand.self,
            EventsCommand.self, DeploymentsCommand.self, ShowCommand.self, LogCommand.self,
            QueueCommand.self,
            QueryCommand.self, SQLCommand.self, VerifyCommand.self, RecoverCommand.self,
            RecordCommand.self,
            FreezeCommand.self, UnfreezeCommand.self, FreezesCommand.self,
            ExportCommand.self, ImportCommand.self, DoctorCommand.self,
            SetupCommand.self,
        ],
        defaultSubcommand: MetricsCommand.self)

    /// For the parser.
    package init() {}

    /// Runs the tool on the arguments of this process and ends with its exit code.
    package static func runAsTool() -> Never {
        // A closed pipe shall be an error of `write`, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        let arguments = Array(ProcessArguments.all.dropFirst())
        if PluginRun.isWanted(arguments) { Glibc.exit(PluginRun.run(arguments)) }
        Tool.run(Self.self)
    }
}
