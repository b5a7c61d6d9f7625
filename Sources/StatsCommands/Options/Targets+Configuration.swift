import ArgumentParser
import CommandSupport
import DeploymentMetrics

extension Targets {
    /// The built-in targets, changed by the environment and the configuration file.
    static func configured(_ configuration: Configuration) throws -> Targets {
        var targets = Targets.builtIn
        for setting in Setting.allCases {
            guard let given = configuration.setting(setting.rawValue) else { continue }
            do { try targets.set(setting, given.text) } catch {
                throw ValidationError("\(given.place): \(error.description)")
            }
        }
        return targets
    }
}
