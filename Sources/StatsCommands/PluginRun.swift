import ArgumentParser
import CommandSupport
import Reporting

/// A run as a plugin of a monitoring system, in which everything that is no answer is UNKNOWN and
/// goes to standard output: mistakes on the command line, a ledger that cannot be read, help.
///
/// Source: <https://www.monitoring-plugins.org/doc/guidelines.html>
enum PluginRun {
    /// Whether arguments ask for it.
    static func isWanted(_ arguments: [String]) -> Bool {
        guard arguments.first == "alerts" else { return false }
        return arguments.contains("--format=nagios")
            || zip(arguments, arguments.dropFirst()).contains { $0 == ("--format", "nagios") }
    }

    /// Runs it; the result is the exit code.
    static func run(_ arguments: [String]) -> Int32 {
        do {
            var command = try DeployStats.parseAsRoot(arguments)
            try command.run()
            return PluginOutput.code(.unknown)
        } catch let answer as PluginAnswer {
            return PluginOutput.code(answer.severity)
        } catch is ExitCode {
            // It said why, and not even that may have reached standard output.
            return PluginOutput.code(.unknown)
        } catch {
            let mistake = Tool.mistake(behind: error, in: arguments, of: DeployStats.self)
            if mistake == nil, DeployStats.exitCode(for: error) == .success {
                try? StandardOutput.print(DeployStats.fullMessage(for: error) + "\n")
                return PluginOutput.code(.unknown)
            }
            let reason =
                mistake
                ?? DeployStats.message(for: error).split(whereSeparator: \.isNewline)
                .joined(separator: " ")
            let line = PluginOutput.firstLine(.unknown, reason)
            // The whole of it below, for it may not fit.
            try? StandardOutput.print("\(line)\n\(reason)\n")
            return PluginOutput.code(.unknown)
        }
    }
}
