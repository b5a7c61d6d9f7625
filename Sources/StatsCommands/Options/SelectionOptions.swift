import ArgumentParser
import CommandSupport
import DeployLock
import Ledger
import Queries
import Wording

/// The zone of times.
struct ZoneOption: ParsableArguments {
    @Option(
        name: .customLong("tz"),
        help: ArgumentHelp(
            "Time zone of days, weeks and shown times: UTC, local, Europe/Berlin, …",
            valueName: "zone"))
    var name = "local"

    /// The zone; an unknown name is a usage error.
    func zone() throws -> Zone { try Failure.mistakes { try Zone(named: name) } }
}

/// The time a report is about.
struct WindowOptions: ParsableArguments {
    // Unconditional: a value such as -2h begins with a dash.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Start of the window, inclusive.", valueName: "time"),
        completion: .times)
    var since: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("End of the window, exclusive.", valueName: "time"),
        completion: .times)
    var until: String?

    @OptionGroup
    var zoneOption: ZoneOption

    /// Whether a window was asked for.
    var isGiven: Bool { since != nil || until != nil }

    /// The window, seven days unless told otherwise.
    func window(now: Instant) throws -> Window {
        let zone = try zoneOption.zone()
        return try Failure.mistakes {
            try Window(since: since, until: until, zone: zone, now: now)
        }
    }

    /// The window if one was asked for; lists show all times otherwise.
    func windowIfGiven(now: Instant) throws -> PartialWindow {
        let zone = try zoneOption.zone()
        return try Failure.mistakes {
            try PartialWindow(since: since, until: until, zone: zone, now: now)
        }
    }
}

extension PartialWindow {
    /// What a report is about, for people.
    func text(_ filter: ReportFilter) -> String {
        (text + (filter.isEmpty ? "" : "; only \(filter.text)")).escapedForTerminal
    }
}

/// Which locks a report is about.
struct LockOption: ParsableArguments {
    @Option(help: ArgumentHelp("Only under this lock.", valueName: "path"), completion: .file())
    var lock: [String] = []

    func validate() throws {
        if lock.contains("") { throw ValidationError("--lock is empty; name the lock's file") }
    }

    /// The paths as they may stand in a ledger.
    var paths: [String] { LockPaths.recorded(lock) }
}

/// Which deployments a report is about.
struct FilterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only deployments requested by this person.", valueName: "name"))
    var actor: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only deployments from this source: ssh, gha, cron, …", valueName: "name"),
        completion: .sources)
    var source: [String] = []

    @Option(
        help: ArgumentHelp("Only deployments of this tier.", valueName: "name"), completion: .tiers)
    var tier: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only deployments with this outcome: \(Self.outcomes.joined(separator: ", ")).",
            valueName: "word"), completion: .list(Self.outcomes))
    var outcome: [String] = []

    @OptionGroup
    var locks: LockOption

    @Option(
        help: ArgumentHelp(
            "Only imported CI runs set off by this event: push, schedule, …", valueName: "name"))
    var event: [String] = []

    @Option(help: ArgumentHelp("Only deployments of this branch or tag.", valueName: "name"))
    var branch: [String] = []

    @Option(
        help: ArgumentHelp("Only deployments of commits that begin with this.", valueName: "sha"))
    var sha: [String] = []

    static let outcomes = ReportFilter.states

    func validate() throws {
        if let mistake = filter.mistake { throw ValidationError(mistake) }
    }

    /// The filter.
    var filter: ReportFilter {
        var filter = ReportFilter()
        filter.actors = actor
        filter.sources = source
        filter.tiers = tier
        filter.outcomes = outcome
        filter.locks = locks.paths
        filter.events = event
        filter.branches = branch
        filter.shas = sha.map { $0.lowercased() }
        return filter
    }
}
