import DeployLock
import Queries
import SystemCalls

/// Which deployments somebody asks for, and of what time, with the names of the command line.
struct Selection: Sendable {
    let filter: ReportFilter
    let zone: Zone
    private let since: String?
    private let until: String?

    /// The names of filters.
    static let filters = [
        "actor", "source", "tier", "outcome", "lock", "event", "branch", "sha",
    ]
    /// The names of a window.
    static let window = ["since", "until", "tz"]

    /// - Parameter zone: the one that is meant where the address names none.
    init(_ query: AddressQuery, zone: Zone) throws(Problem) {
        var filter = ReportFilter()
        filter.actors = query.all("actor")
        filter.sources = query.all("source")
        filter.tiers = query.all("tier")
        filter.outcomes = query.all("outcome")
        filter.events = query.all("event")
        filter.branches = query.all("branch")
        filter.shas = query.all("sha").map { $0.lowercased() }
        let locks = query.all("lock")
        filter.locks = locks.contains("") ? [""] : LockPaths.recorded(locks)
        if let mistake = filter.mistake { throw .badRequest(mistake) }
        self.filter = filter
        since = try query.one("since")
        until = try query.one("until")
        self.zone = try Self.zone(query, usual: zone)
    }

    /// The zone that an address names.
    static func zone(_ query: AddressQuery, usual: Zone) throws(Problem) -> Zone {
        guard let name = try query.one("tz") else { return usual }
        do { return try Zone(named: name) } catch { throw .badRequest("\(error)") }
    }

    /// The window, seven days until now unless told otherwise.
    func window(now: Instant) throws(Problem) -> Window {
        do {
            return try Window(since: since, until: until, zone: zone, now: now)
        } catch { throw .badRequest("\(error)") }
    }

    /// The window as far as one was asked for.
    func windowIfGiven(now: Instant) throws(Problem) -> PartialWindow {
        do {
            return try PartialWindow(since: since, until: until, zone: zone, now: now)
        } catch { throw .badRequest("\(error)") }
    }
}

extension Selection {
    /// The window in the words it was asked for, which may mean another one later.
    var words: String { [since ?? "", until ?? "", zone.name].joined(separator: "\n") }

    /// Whether a window was asked for.
    var hasWindow: Bool { since != nil || until != nil }
}

extension Instant {
    /// The minute that it is: what is relative to now is the same for whoever asks in it, until
    /// something happens.
    static var minute: Int64 { Instant.now.microseconds / 60_000_000 }
}
