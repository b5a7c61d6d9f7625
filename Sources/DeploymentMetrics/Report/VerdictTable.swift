package import Queries
import Wording

/// Metrics in a table for people, each with its verdict set apart.
package struct VerdictTable {
    /// A metric and its cells, one for each heading.
    package typealias Row = (status: MetricStatus, cells: [String])

    private static let headings = [
        "METRIC", "VERDICT", "VALUE", "TARGET", "N", "MEAN", "P50", "P95", "MAX", "RATE",
    ]
    private static let compared = ["BEFORE", "CHANGE"]
    /// The columns of numbers, which end below each other.
    private static let numeric: Set<Int> = [4, 5, 6, 7, 8, 9]
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
                    + [pair.previous?.statedValue ?? "n/a", pair.changeText]
            )
        }
    }

    private static func cells(_ metric: Metric) -> [String] {
        [
            metric.label, metric.verdict, metric.statedValue, metric.targetText, String(metric.n),
            metric.mean?.text ?? "-", metric.p50?.text ?? "-", metric.p95?.text ?? "-",
            metric.max?.text ?? "-",
            metric.ratioText,
        ]
    }

    /// Aligned columns; the verdict has its colour when colour is wanted.
    package func text(_ style: Style) -> String {
        let cells = [headings] + rows.map(\.cells)
        let lines = Columns.aligned(cells, numeric: Self.numeric) { row, column, cell in
            if row == 0 || column != Self.verdict { return cell }
            return switch rows[row - 1].status {
            case .pass: style.good(cell)
            case .fail: style.bad(cell)
            case .noData, .noTarget: style.faint(cell)
            }
        }
        return ([style.heading(lines[0])] + lines.dropFirst()).map { $0 + "\n" }.joined()
    }

    /// The same as Markdown.
    package var markdown: String {
        let renderer = MarkdownRenderer(zone: .utc)
        let columns = headings.map { Table.Column($0, title: $0) }
        return renderer.heading(columns, numeric: headings.indices.map(Self.numeric.contains))
            + rows.map { renderer.line($0.cells.map { .text($0) }) }.joined()
    }
}
