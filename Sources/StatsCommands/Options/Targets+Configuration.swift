import ArgumentParser
import CommandSupport
import Metrics

extension Targets {
    /// The built-in targets, changed by the environment and the configuration file.
    static func configured(
        _ configuration: @autoclosure () throws -> Configuration = try Configuration.forCommand()
    ) throws -> Targets {
        let configuration = try configuration()
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
