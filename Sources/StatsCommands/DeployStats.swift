package import ArgumentParser
import CommandSupport
import Glibc
import Queries
import SystemCalls

/// `deploystats`: what the ledger knows, for people and for programs.
package struct DeployStats: ParsableCommand {
    /// Name, help and version.
    package static let configuration = CommandConfiguration(
        commandName: "deploystats",
        abstract: "Metrics, history and verification of the deployments in a ledger.",
        usage: "deploystats [<command>] [<options>]",
        discussion: """
            The metrics of the last seven days unless told otherwise. Only 'record' and 'import' \
            write.

            TIMES for --since and --until: \(TimeError.forms). A date, a week or a word means its \
            first moment, so '--since 2026-09-18 --until 2026-09-19' is the 18th. A time of day \
            alone is the last one that has come. Amounts (-2h, 7d, 1h30m, 2 hours ago) are exact lengths before now, a day being 24 hours; dates and weeks (ISO \
            8601) are those of --tz.

            FILTERS given twice mean "or", different ones mean "and".

            EXIT CODES
              0    done; verify: the ledger is whole
              1    the ledger cannot be read, or nothing of that name is in it
              2    verify: the ledger is damaged, was tampered with, or began anew
              3    alerts: something is as bad as --fail-on says
              64   usage error

            Options override the environment (DEPLOY_LEDGER), which overrides \
            /etc/deploy-ledger.conf or the file that DEPLOY_LEDGER_CONFIG names.
            """,
        version: Tool.version,
        subcommands: [
            MetricsCommand.self, ReportCommand.self, ExplainCommand.self, AlertsCommand.self,
            EventsCommand.self, DeploymentsCommand.self, ShowCommand.self, QueueCommand.self,
            QueryCommand.self, SQLCommand.self, VerifyCommand.self, RecoverCommand.self,
            RecordCommand.self,
            ExportCommand.self, ImportCommand.self, DoctorCommand.self,
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
