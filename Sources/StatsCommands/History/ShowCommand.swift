import ArgumentParser
import JSON
import Ledger
import DeploymentMetrics
import Queries
import Reporting
import SQLite
import Status

/// `deploystats show`.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Explain one deployment, event by event.")

    @Argument(
        help: ArgumentHelp(
            "The deployment's number, its id or the beginning of it, or the address of its CI run.",
            valueName: "deployment")
    )
    var name: String

    @OptionGroup
    var locks: LockOption

    @OptionGroup
    var zone: ZoneOption

    @OptionGroup(title: "Output")
    var output: DocumentOutputOptions

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func run() throws {
        let zone = try zone.zone()
        let settings = try ledger.settings()
        let reader = try settings.open()
        let match = try only(in: reader, zone)
        let story = try Failure.wrap { try DeploymentStory(match, on: reader.connection) }
        let dead = try Failure.wrap { try seenDead(story, reader) }
        try output.print(
            ToldStory(story: story, seenDead: dead), in: zone, notices: Notices.spool(settings))
    }

    /// The one deployment that is meant.
    private func only(in reader: LedgerReader, _ zone: Zone) throws -> DeploymentLookup.Match {
        try DeploymentChoice.wrap(locks: locks.lock, in: reader, zone) {
            try DeploymentLookup.only(name, locks: locks.paths, on: reader.connection)
        }
    }

    /// Asked only when something in the story has no end yet.
    private func seenDead(
        _ story: DeploymentStory, _ reader: LedgerReader
    ) throws -> Set<String> {
        let isInFlight = ["waiting", "running"].contains(story.deployment.state)
        guard isInFlight || story.relations.delivery == .inFlight else { return [] }
        return try InFlight(
            reader.connection, filter: ReportFilter(), isDead: Liveness.isDead
        ).dead
    }
}

/// A deployment's story with what is known of processes now.
private struct ToldStory: Printable {
    let story: DeploymentStory
    let seenDead: Set<String>

    var json: JSONValue { story.json }
    var lines: [JSONValue] { story.eventObjects }

    func text(_ renderer: TextRenderer) -> String {
        StoryText(zone: renderer.zone, style: renderer.style).render(story, seenDead: seenDead)
    }
}
