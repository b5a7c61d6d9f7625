package import JSON
package import Queries
package import SQLite
import Wording

/// Why a metric came out as it did: every deployment it may be about, and what it made of it.
package struct Explanation: Sendable {
    /// Which one.
    package let name: Metric.Name
    /// The metrics of that name as the report has them, one for each tier.
    package let metrics: [Metric]
    /// The time they are about.
    package let window: Window
    /// The deployments, in order of arrival.
    package let deployments: [ExplainedDeployment]

    /// Asks everything in one read transaction.
    ///
    /// - Parameter isDead: whether the process of a deployment in flight is known to be gone.
    package init(
        _ name: Metric.Name, _ connection: Connection, window: Window, filter: ReportFilter,
        now: Instant, targets: Targets = .builtIn, isDead: (InFlightDeployment) -> Bool
    ) throws(ReportError) {
        let wrap = { ReportError.database(query: "explain", $0) }
        self = try connection.transaction(.deferred, wrapping: wrap) { () throws(ReportError) in
            let inFlight = try InFlight(connection, filter: filter, isDead: isDead)
            let source = MeasureSource(
                connection, window: window, filter: filter, now: now, targets: targets,
                deadWaiters: inFlight.deadWaiters)
            let report = try MetricsReport(
                source, now: now, inFlight: inFlight, coverage: try Coverage(connection))
            let rules = ExplainRules(
                metric: name, window: window, knownUntil: source.knownUntil,
                dead: Set(inFlight.deadWaiters), targets: targets,
                longestQueue: report.metrics.first { $0.name == .queueLength }?.lock)
            return Explanation(
                name: name, metrics: report.metrics.filter { $0.name == name }, window: window,
                deployments: try source.rows("explain").map { ExplainedDeployment($0, rules.judge) }
            )
        }
    }

    private init(
        name: Metric.Name, metrics: [Metric], window: Window, deployments: [ExplainedDeployment]
    ) {
        self.name = name
        self.metrics = metrics
        self.window = window
        self.deployments = deployments
    }

    /// How many count: a rate's denominator, or n.
    package var denominator: Int { deployments.count(where: \.counts) }
    /// How many of these are in the numerator; nil for what is no rate.
    package var numerator: Int? { isRate ? deployments.count(where: \.isNumerator) : nil }
    /// How many are counted with a length that was cut off.
    package var censored: Int { deployments.count(where: \.judgement.isCensored) }

    /// Whether lengths of time make up the figures.
    private var hasValues: Bool { !isRate }

    private var isRate: Bool {
        switch name {
        case .skipRate, .successRate, .timeoutRate, .orphanRate: true
        case .lockWaitTime, .deploymentDuration, .queueLength, .timeToDeliver: false
        }
    }
}

extension Explanation {
    /// A row for each deployment.
    package var table: Table {
        var columns = [
            Table.Column("number", title: "NUMBER"), Table.Column("id", title: "DEPLOYMENT"),
            Table.Column("lock", title: "LOCK"), Table.Column("requested_at", title: "ASKED"),
            Table.Column("outcome", title: "OUTCOME"),
            Table.Column("tier", title: "TIER", widest: 40),
            Table.Column("person", title: "PERSON", widest: 40),
            Table.Column("counts", title: "COUNTS"),
        ]
        if isRate { columns.append(Table.Column("numerator", title: "NUMERATOR")) }
        if hasValues {
            columns += [
                Table.Column("value_seconds", title: "VALUE"),
                Table.Column("censored", title: "CENSORED"),
            ]
        }
        columns.append(Table.Column("why", title: "WHY", widest: 160))
        return Table(columns: columns, rows: deployments.map(cells))
    }

    /// The columns that say most, for people.
    package var summary: Table {
        let table = table
        let hidden: Set = ["id", "lock", "censored"]
        let shown = table.columns.indices.filter { !hidden.contains(table.columns[$0].key) }
        return Table(
            columns: shown.map { table.columns[$0] },
            rows: table.rows.map { row in shown.map { row[$0] } })
    }

    private func cells(_ one: ExplainedDeployment) -> [Cell] {
        func text(_ text: String?) -> Cell { text.map { .text($0) } ?? .none }
        func word(_ isTrue: Bool) -> Cell { .text(isTrue ? "yes" : "no") }
        let inFlight = one.kind.hadLock ? "running" : "waiting"
        var cells: [Cell] = [
            one.number.map { .integer($0) } ?? .none, .text(one.id), text(one.lock),
            one.asked.map { .time($0) } ?? .none, .text(one.kind.outcome ?? inFlight),
            text(one.tier), text(one.person), word(one.counts),
        ]
        if isRate { cells.append(one.judgement.isNumerator.map(word) ?? .none) }
        if hasValues {
            cells += [
                one.value.map { .duration($0) } ?? .none, word(one.judgement.isCensored),
            ]
        }
        return cells + [.text(one.judgement.why)]
    }

    /// The totals, in a sentence.
    package var totals: String {
        let counted = PluralText.text(denominator, "deployment counts", "deployments count")
        var text = "\(counted), \(deployments.count - denominator) do not"
        if let numerator { text += "; \(numerator) in the numerator: \(numerator)/\(denominator)" }
        if censored > 0 { text += "; \(censored) censored" }
        return text
    }

    /// The explanation as JSON.
    package var json: JSONValue {
        var totals: [(key: String, value: JSONValue)] = [
            ("deployments", .integer(Int64(deployments.count))),
            ("denominator", .integer(Int64(denominator))),
            ("censored", .integer(Int64(censored))),
        ]
        if let numerator { totals.insert(("numerator", .integer(Int64(numerator))), at: 1) }
        return .object([
            ("window", window.json), ("metrics", .array(metrics.map(\.json))),
            ("totals", .object(totals)), ("deployments", .array(table.objects)),
        ])
    }
}
