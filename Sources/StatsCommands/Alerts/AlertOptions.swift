import ArgumentParser
import CommandSupport
import Ledger
import Reporting
import Status
import Wording

/// From which values on there is an alert.
struct AlertRuleOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A rule for warnings, such as running=15m or queue=3; may be given more than once.",
            valueName: "rule"))
    var warning: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A rule for critical alerts; may be given more than once.", valueName: "rule"))
    var critical: [String] = []

    @Option(
        help: ArgumentHelp(
            "Warn when no deployment has succeeded for this long: since_success=DURATION.",
            valueName: "duration"))
    var maxAge: String?

    @Option(
        help: ArgumentHelp(
            "Look only at the last deployments of this tier; may be given more than once.",
            valueName: "name"), completion: .tiers)
    var tier: [String] = []

    @Option(
        help: ArgumentHelp(
            "Look only at the last deployments from this source; may be given more than once.",
            valueName: "name"), completion: .sources)
    var source: [String] = []

    func validate() throws {
        if (tier + source).contains("") {
            throw ValidationError("--tier and --source must not be empty")
        }
        if let maxAge, (DurationText.parse(option: maxAge) ?? 0) <= 0 {
            throw ValidationError("--max-age requires a duration such as 26h, not '\(maxAge)'")
        }
    }

    /// The usual rules, changed by the configuration, changed by the options.
    func rules(_ configuration: Configuration) throws -> AlertRules {
        var rules = try Failure.mistakes { try AlertRules.configured(configuration) }
        let layers: [(AlertSeverity, String, String?)] = [
            (.warning, "--max-age: ", maxAge.map { "since_success=\($0)" }),
            (.warning, "--warning: ", warning.joined(separator: " ")),
            (.critical, "--critical: ", critical.joined(separator: " ")),
        ]
        for (severity, name, text) in layers {
            do { try rules.set(severity, text ?? "") } catch {
                throw ValidationError(name + error.description)
            }
        }
        return rules
    }
}

/// Who is notified of alerts.
struct NotifyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A shell command to run once for each new alert and once when it is resolved, with "
                + "JSON on its standard input. (configuration: DEPLOY_ALERT_NOTIFY)",
            valueName: "command"))
    var notify: String?

    @Option(help: "How long that command may take.")
    var notifyTimeout = "10s"

    @Option(
        help: ArgumentHelp(
            "The file that records what was sent. (default: DEPLOY_ALERT_STATE, or .alerts beside "
                + "the ledger)", valueName: "path"))
    var state: String?

    func validate() throws {
        if notify?.isEmpty == true || state?.isEmpty == true {
            throw ValidationError("--notify and --state must not be empty")
        }
        if (DurationText.parse(option: notifyTimeout) ?? 0) <= 0 {
            throw ValidationError(
                "--notify-timeout requires a duration such as 10s, not '\(notifyTimeout)'")
        }
    }

    /// The one that notifies; nil when nobody is.
    func notifier(_ configuration: Configuration, ledger: LedgerSettings) -> AlertNotifier? {
        guard let command = notify ?? configuration.value("DEPLOY_ALERT_NOTIFY"),
            let timeout = DurationText.parse(option: notifyTimeout)
        else { return nil }
        return AlertNotifier(
            command: command, timeout: timeout,
            path: state ?? configuration.value("DEPLOY_ALERT_STATE") ?? ledger.path + ".alerts")
    }
}
