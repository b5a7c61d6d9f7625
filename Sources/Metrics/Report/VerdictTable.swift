package import Queries
import Wording

/// Metrics in a table for people, each with its verdict set apart.
package struct VerdictTable {
    /// A metric and its cells, one for each heading.
    package typealias Row = (status: MetricStatus?, cells: [String])

    private static let headings = [
        "METRIC", "VERDICT", "VALUE", "TARGET", "N", "P50", "P95", "MAX", "RATE",
    ]
    private static let compared = ["BEFORE", "CHANGE"]
    /// The columns of numbers, which end below each other.
    private static let numeric: Set<Int> = [4, 5, 6, 7, 8]
    private static let verdict = 1

    private let headings: [String]
    private let rows: [Row]

    /// Metrics alone.
    package init(_ metrics: [Metric]) {
        headings = Self.headings
        rows = metrics.map { ($0.status, Self.cells($0)) }
    }

    /// Metrics beside what they were.
    package init(_ comparisons: [Comparison]) {
        headings = Self.headings + Self.compared
        rows = comparisons.map { pair in
            (
                pair.current.status,
                Self.cells(pair.current)
                    + [pair.previous?.statedValue ?? "n/a", pair.change.text]
            )
        }
    }

    private static func cells(_ metric: Metric) -> [String] {
        [
            metric.label, metric.verdict, metric.statedValue, metric.targetText, String(metric.n),
            metric.p50?.text ?? "-", metric.p95?.text ?? "-", metric.max?.text ?? "-",
            metric.ratioText,
        ]
    }

    /// Aligned columns; the verdict has its colour when colour is wanted.
    package func text(_ style: Style) -> String {
        let widths = headings.indices.map { index in
            rows.reduce(headings[index].count) { max($0, $1.cells[index].columnWidth) }
        }
        func line(_ cells: [String], _ paint: (String) -> String) -> String {
            var line = ""
            for (index, cell) in cells.enumerated() {
                let blanks = String(repeating: " ", count: widths[index] - cell.columnWidth)
                let shown = index == Self.verdict ? paint(cell) : cell
                line += (index == 0 ? "" : "  ")
                line += Self.numeric.contains(index) ? blanks + shown : shown + blanks
            }
            while line.last == " " { line.removeLast() }
            return line
        }
        let heading = style.heading(line(headings) { $0 })
        return heading + "\n"
            + rows.map { row in
                line(row.cells) { verdict in
                    switch row.status {
                    case .pass: style.good(verdict)
                    case .fail: style.bad(verdict)
                    case .noData, nil: style.faint(verdict)
                    }
                } + "\n"
            }.joined()
    }

    /// The same as Markdown.
    package var markdown: String {
        let renderer = MarkdownRenderer(zone: .utc)
        let columns = headings.map { Table.Column($0, title: $0) }
        return renderer.heading(columns, numeric: headings.indices.map(Self.numeric.contains))
            + rows.map { renderer.line($0.cells.map { .text($0) }) }.joined()
    }
}
