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
        if name == "" { throw ValidationError("--name must not be empty") }
        _ = try timeZone()
    }

    /// Sets what these and the configuration file say.
    func apply(to options: inout DashboardOptions, _ configuration: Configuration) throws {
        if let name = configuration.given(name, "--name", "DEPLOY_DASHBOARD_NAME") {
            guard name.text.unicodeScalars.count <= 64 else {
                throw ValidationError("\(name.place) must have at most 64 characters")
            }
            options.name = name.text
        }
        if let given = configuration.given(colour, "--colour", "DEPLOY_DASHBOARD_COLOUR") {
            guard let colour = Colour(given.text) else {
                throw ValidationError(
                    "\(given.place) must be a colour such as #c2262f, not '\(given.text)'")
            }
            options.colour = colour
        }
        options.zone = try timeZone()
        options.showsLogs = showLogs
    }

    private func timeZone() throws -> Zone {
        do { return try Zone(named: zone) } catch { throw ValidationError("\(error)") }
    }
}
