package import CommandSupport
package import DeployLock
package import DeploymentMetrics
package import Ledger
import Queries
package import Reporting
import Wording

extension StatusSource {
    /// Looks at some locks, by the rules and targets of the environment and the configuration file.
    ///
    /// - Throws: what is wrong with a setting.
    package init(
        _ ledger: LedgerSettings, locks: [LockPaths], _ configuration: Configuration
    ) throws(Configuration.Problem) {
        self.init(ledger, locks: locks, targets: try Targets.configured(configuration))
        rules = try AlertRules.configured(configuration)
        alerts.length = try AlertSource.length(nil, configuration)
    }
}

extension Targets {
    /// The built-in targets, changed by the environment and the configuration file.
    ///
    /// - Throws: what is wrong with a setting.
    package static func configured(
        _ configuration: Configuration
    ) throws(Configuration.Problem) -> Targets {
        var targets = Targets.builtIn
        for setting in Setting.allCases {
            guard let given = configuration.setting(setting.rawValue) else { continue }
            do { try targets.set(setting, given.text) } catch {
                throw Configuration.Problem("\(given.place): \(error.description)")
            }
        }
        return targets
    }
}

extension AlertRules {
    /// The usual rules, changed by the environment and the configuration file.
    ///
    /// - Throws: what is wrong with a setting.
    package static func configured(
        _ configuration: Configuration
    ) throws(Configuration.Problem) -> AlertRules {
        var rules = AlertRules()
        let settings: [(AlertSeverity, String)] = [
            (.warning, "DEPLOY_ALERT_WARNING"), (.critical, "DEPLOY_ALERT_CRITICAL"),
        ]
        for (severity, name) in settings {
            do throws(AlertRules.Problem) {
                try rules.set(severity, configuration.value(name) ?? "")
            } catch {
                throw Configuration.Problem("\(name): \(error.description)")
            }
        }
        return rules
    }
}

extension AlertSource {
    /// The length of the window that an option names, else the environment or the configuration
    /// file, else the usual one, in µs.
    ///
    /// - Throws: what is wrong with it.
    package static func length(
        _ option: String?, _ configuration: Configuration
    ) throws(Configuration.Problem) -> Int64 {
        guard let text = option ?? configuration.value("DEPLOY_ALERT_WINDOW") else {
            return Window.usualLength
        }
        guard let length = DurationText.parse(relative: text[...]), length > 0 else {
            throw Configuration.Problem(
                "the window requires a duration such as 24h or 7d, not '\(text)'")
        }
        return length
    }
}
