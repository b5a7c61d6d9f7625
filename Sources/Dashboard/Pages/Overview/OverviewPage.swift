import HTTPTypes
import Hummingbird
import Ledger
import Queries
import Reporting
import Status
import Wording

/// What is the case now, and what was last: the page that is left open.
struct OverviewPage: Sendable {
    let site: Site
    let request: PageRequest
    private let choice: RecentChoice

    /// - Throws: `Problem`, for filters that cannot be meant.
    init(_ site: Site, _ request: PageRequest) throws(Problem) {
        self.site = site
        self.request = request
        choice = try RecentChoice(request)
    }

    /// The page, or a region of it.
    func response(_ original: Request) async throws -> Response {
        let now = await site.live.current()
        let key = "page \(request.isLoggedIn) \(original.uri.string)"
        guard let name = request.fragment else {
            // Times on it go by, also where no script moves them.
            let moment = request.now.microseconds / Self.freshUs
            return try await site.cache.response(
                key, version: "\(now.version)-\(moment)", original
            ) { try await whole(now).rendering }
        }
        guard let region = Region(name, locks: site.options.locks.count) else {
            throw Problem.badRequest("the page has no region of that name")
        }
        var version = "\(now.ledgerVersion)-\(now.parts[region.part] ?? now.look)"
        // What has been so for long becomes an alert, and leaves a window, without anybody's doing.
        if [.alerts, .metrics].contains(region.part) {
            version += "-\(request.now.microseconds / Self.slowUs)"
        }
        return try await site.cache.response(key, version: version, original) {
            try await html(of: region, now).rendering
        }
    }

    private static let freshUs: Int64 = 5_000_000
    private static let slowUs: Int64 = 60_000_000

    /// A part of the page, or all of it.
    private struct Piece: Sendable {
        let html: String
        /// Whether something could not be read for it that could be before.
        var isPassing = false

        var rendering: Rendering {
            var rendering = Rendering(html, contentType: "text/html; charset=utf-8")
            rendering.isPassing = isPassing
            return rendering
        }
    }

    /// A part of the page, and of which lock.
    private struct Region: Sendable {
        let part: Part
        /// From 0.
        let lock: Int

        /// - Parameter name: the part's, for further locks with their number behind it.
        init?(_ name: String, locks: Int) {
            let words = name.split(separator: "-", maxSplits: 1)
            guard let part = words.first.flatMap({ Part(rawValue: String($0)) }) else { return nil }
            self.part = part
            guard words.count == 2 else {
                lock = 0
                return
            }
            guard [.lock, .queue].contains(part), let number = Int(words[1]), number >= 2,
                number <= locks
            else { return nil }
            lock = number - 1
        }
    }

    private func html(of region: Region, _ now: Now) async throws -> Piece {
        let situation = now.situation
        return switch region.part {
        case .lock: Piece(html: try lock(situation.locks[region.lock]))
        case .queue: Piece(html: try queue(situation.locks[region.lock]))
        case .alerts: Piece(html: try alerts(situation))
        case .metrics: try await metrics(situation)
        case .recent: try await recent(now)
        }
    }

    private func whole(_ now: Now) async throws -> Piece {
        let situation = now.situation
        let (metrics, recent) = (try await metrics(situation), try await recent(now))
        let locks = try situation.locks.enumerated().map { place, lock -> TemplateValue in
            let suffix = place == 0 ? "" : "-\(place + 1)"
            return [
                "path": .outside(lock.path), "lock_key": .text("lock\(suffix)"),
                "queue_key": .text("queue\(suffix)"), "lock": .text(try self.lock(lock)),
                "queue": .text(try queue(lock)),
            ]
        }
        let body = try PageTemplates.html(
            "overview.html",
            [
                "name": .outside(site.options.name), "locks": .list(locks),
                "ledger_problem": situation.ledger.isMissing
                    ? false : .outside(situation.ledgerProblem),
                "alerts": .text(try alerts(situation)),
                "metrics": .text(metrics.html), "recent": .text(recent.html),
            ])
        let first = situation.locks.first.map { LockPart($0, request) }
        let page = Page(
            title: first?.sentence ?? "", body: body, place: .now,
            command: RecentChoice.command(["deployments"], request), isLive: true,
            icon: first?.icon ?? .unknown,
            version: now.version)
        return Piece(
            html: try PageFrame(site: site, request: request).html(page),
            isPassing: metrics.isPassing || recent.isPassing)
    }

    // MARK: - Parts

    private func lock(_ lock: LockSituation) throws -> String {
        let values = LockPart(lock, request).values
        return try PageTemplates.html(
            "lock.html", values.merging(["is_many": .flag(request.severalLocks)]) { $1 })
    }

    private func queue(_ lock: LockSituation) throws -> String {
        try PageTemplates.html("queue.html", QueuePart(lock, request).values)
    }

    private func alerts(_ situation: Situation) throws -> String {
        try PageTemplates.html(
            "alerts.html", AlertsPart(alerts: situation.alerts, request: request).values)
    }

    private func metrics(_ situation: Situation) async throws -> Piece {
        guard let metrics = situation.metrics else {
            return try missing(situation.ledgerProblem ?? "the ledger was not read")
        }
        let trend: TrendReport
        do {
            trend = try await site.trends.report(request.zone, now: request.now)
        } catch let problem as Problem where problem.status == .serviceUnavailable {
            return try missing(problem.detail, isPassing: true)
        }
        return Piece(
            html: try PageTemplates.html(
                "metrics.html",
                MetricsPart(metrics: metrics, trend: trend, request: request).values))
    }

    private func recent(_ now: Now) async throws -> Piece {
        let choice = choice
        let request = request
        let list: DeploymentList
        do {
            list = try await site.ledger.read { reader in
                try DeploymentList(
                    reader, window: choice.window, filter: choice.filter,
                    limit: RecentChoice.limit, behind: choice.before)
            }
        } catch let problem as Problem {
            return try missing(
                problem.detail,
                isPassing: now.isReadable && problem.status == .serviceUnavailable)
        }
        return Piece(
            html: try PageTemplates.html(
                "recent.html", RecentPart(list: list, choice: choice, request: request).values))
    }

    private func missing(_ problem: String, isPassing: Bool = false) throws -> Piece {
        Piece(
            html: try PageTemplates.html("missing.html", ["problem": .outside(problem)]),
            isPassing: isPassing)
    }
}
