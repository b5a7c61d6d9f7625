import DeploymentMetrics
import Queries
import Wording

/// What charts are drawn from: what happened, cut into parts of time.
struct ChartSource {
    let window: Window
    let activity: DeploymentHistory
    let targets: Targets
    /// The end of what can be known.
    let end: Instant
    /// As fine as is drawn: those of which something can be known.
    let parts: [Window]
    /// As fine as the tables are.
    let rows: TimeSteps
    private let first: Instant?

    init(
        _ period: ReportPeriod, known first: Instant?, _ activity: DeploymentHistory,
        _ targets: Targets
    ) {
        window = period.window
        end = period.knownUntil
        self.first = first
        self.activity = activity
        self.targets = targets
        rows = TimeSteps.rows(of: period.window)
        parts = TimeSteps.chart(of: period.window).parts.filter { part in
            part.since < period.knownUntil && first.map { $0 < part.until } ?? false
        }
    }

    /// The whole window.
    var whole: HistorySlice { figures(window) }

    /// What happened in a part of the time.
    func figures(_ part: Window) -> HistorySlice { HistorySlice(activity, part) }

    /// Whether the ledger goes back to a part and it is not all to come.
    func isKnown(_ part: Window) -> Bool {
        part.since < end && first.map { $0 < part.until } ?? false
    }

    /// The parts of the window of which nothing can be known.
    var unknown: [Chart.Unknown] {
        var parts: [Chart.Unknown] = []
        let start = min(first ?? end, end)
        if start > window.since {
            parts.append(.init(since: window.since, until: start, why: "before the ledger begins"))
        }
        if end < window.until {
            parts.append(.init(since: end, until: window.until, why: "still to come"))
        }
        return parts
    }

    /// Beginnings and, cut off where nothing is known any more, the end of parts that follow each
    /// other.
    func edges(_ parts: [Window]) -> [Int64] {
        guard let last = parts.last else { return [] }
        return parts.map(\.since.microseconds) + [min(last.until, end).microseconds]
    }

    /// The median of each part that has a value.
    func medians(_ name: String, _ lengths: (HistorySlice) -> Distribution) -> Chart.Series {
        line(name, lengths) { ($0.p50, nil) }
    }

    /// The value that would be judged of each part that has one.
    func judged(_ name: String, _ lengths: (HistorySlice) -> Distribution) -> Chart.Series {
        line(name, lengths) { ($0.value, $0.statistic) }
    }

    private func line(
        _ name: String, _ lengths: (HistorySlice) -> Distribution,
        _ value: (Distribution) -> (Quantity?, Statistic?)
    ) -> Chart.Series {
        let marks = parts.map { part -> Chart.Mark? in
            let (quantity, statistic) = value(lengths(figures(part)))
            guard case .duration(let length) = quantity else { return nil }
            return Chart.Mark(
                since: part.since, until: part.until, value: length, statistic: statistic)
        }
        return Chart.Series(name: name, shape: .line, marks: marks)
    }

    /// A row of figures for each day or week.
    func table(_ columns: [Table.Column], _ cells: (HistorySlice) -> [Cell]) -> Table {
        table(columns, of: { part in cells(figures(part)) })
    }

    /// The same by the beginning of the day or week.
    func table(_ columns: [Table.Column], since cells: (Instant) -> [Cell]) -> Table {
        table(columns, of: { part in cells(part.since) })
    }

    private func table(_ columns: [Table.Column], of cells: (Window) -> [Cell]) -> Table {
        Table(
            columns: [Table.Column(rows.unit, title: rows.unit.uppercased())] + columns,
            // Days without a figure say nothing.
            rows: (columns.isEmpty ? [] : rows.parts).map { part in
                [.text(rows.name(part))]
                    + (isKnown(part) ? cells(part) : columns.map { _ in Cell.none })
            })
    }
}
