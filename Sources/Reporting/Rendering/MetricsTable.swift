extension MetricsReport {
    /// The metrics as rows, for CSV and one JSON object a line.
    public var table: Table {
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
            .text(name.rawValue), tier.flatMap { $0 }.map { .text($0) } ?? .none, .text(unit),
            .text(statistic), Self.cell(value), Self.cell(target?.limit),
            status.map { .text($0.rawValue) } ?? .none, .integer(n),
            numerator.map { .integer($0) } ?? .none, denominator.map { .integer($0) } ?? .none,
            Self.cell(p50), Self.cell(p95), Self.cell(max),
        ]
    }

    private static func cell(_ quantity: Quantity?) -> Cell {
        switch quantity {
        case .duration(let microseconds): .duration(microseconds)
        case .count(let count): .integer(count)
        case .ratio(let ratio): .real(ratio)
        case nil: .none
        }
    }
}
