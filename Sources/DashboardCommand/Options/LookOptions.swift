import ArgumentParser
import CommandSupport
import Dashboard
import Queries
import Wording

/// How the pages look, and what is on them.
struct LookOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What the pages call this installation, such as production.", valueName: "name"))
    var name: String?

    @Option(
        help: ArgumentHelp(
            "The colour that goes with it in pages and tabs, such as #c2262f.", valueName: "colour")
    )
    var colour: String?

    @Option(
        name: .customLong("tz"),
        help: ArgumentHelp(
            "Time zone of shown times where the address has no tz: UTC, local, Europe/Berlin, …",
            valueName: "zone"))
    var zone = "UTC"

    @Flag(help: "Show the end of the output that was kept of deployments.")
    var showLogs = false

    func validate() throws {
        if let colour, !Self.isColour(colour) {
            throw ValidationError("--colour must be one such as #c2262f, not '\(colour)'")
        }
        if let name, name.isEmpty || name.unicodeScalars.count > 64 {
            throw ValidationError("--name has 1 to 64 characters")
        }
        _ = try timeZone()
    }

    /// Sets what these and the configuration file say.
    func apply(to options: inout DashboardOptions, _ configuration: Configuration) throws {
        options.name = configuration.given(name, "--name", "DEPLOY_DASHBOARD_NAME")?.text
        let colour = configuration.given(colour, "--colour", "DEPLOY_DASHBOARD_COLOUR")
        if let colour, !Self.isColour(colour.text) {
            throw ValidationError(
                "\(colour.place) must be one such as #c2262f, not '\(colour.text)'")
        }
        options.colour = colour?.text
        options.zone = try timeZone()
        options.showsLogs = showLogs
    }

    private func timeZone() throws -> Zone {
        do { return try Zone(named: zone) } catch { throw ValidationError("\(error)") }
    }

    /// `#` and three or six hexadecimal digits.
    private static func isColour(_ text: String) -> Bool {
        text.first == "#" && [4, 7].contains(text.utf8.count)
            && text.dropFirst().allSatisfy { $0.isASCII && $0.isHexDigit }
    }
}
