package import Queries

extension MetricsReport {
    /// The metrics as rows, for CSV and one JSON object a line.
    package var table: Table {
        let columns = [
            "name", "tier", "unit", "statistic", "value", "target", "status", "n", "numerator",
            "denominator", "p50", "p95", "max",
        ].map { Table.Column($0, title: $0) }
        return Table(columns: columns, rows: metrics.map(\.cells))
    }
}

extension Metric {
    fileprivate var cells: [Cell] {
        [
            .text(name.rawValue), tier.map { .text($0) } ?? Cell.none, .text(unit.rawValue),
            .text(statistic.rawValue), value?.cell ?? Cell.none, target?.limit.cell ?? Cell.none,
            .text(status.rawValue), .integer(n),
            numerator.map { .integer($0) } ?? Cell.none,
            denominator.map { .integer($0) } ?? Cell.none,
            p50?.cell ?? Cell.none, p95?.cell ?? Cell.none, max?.cell ?? Cell.none,
        ]
    }
}
