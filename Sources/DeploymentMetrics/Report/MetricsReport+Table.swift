import JSON
package import Queries

extension MetricsReport {
    /// The metrics as rows, for CSV and one JSON object a line.
    package var table: Table {
        let columns = [
            "name", "tier", "unit", "statistic", "value", "target", "status", "n", "numerator",
            "denominator", "p50", "p95", "max", "mean", "since", "until", "zone", "selection",
            "censored",
            "excluded",
        ].map { Table.Column($0, title: $0) }
        let about: [Cell] = [
            .time(window.since), .time(window.until), .text(window.zone.name),
            filter.isEmpty ? Cell.none : .text(filter.text),
        ]
        return Table(
            columns: columns,
            rows: metrics.map { metric in
                metric.cells + about
                    + ["censored", "excluded"].map {
                        metric.count($0).map { .integer($0) } ?? .none
                    }
            })
    }
}

extension Metric {
    /// One of its further figures that is a whole number.
    fileprivate func count(_ name: String) -> Int64? {
        guard let value = details.first(where: { $0.key == name })?.value,
            case .integer(let count) = value
        else { return nil }
        return count
    }

    fileprivate var cells: [Cell] {
        [
            .text(name.rawValue), tier.map { .text($0) } ?? Cell.none, .text(unit.rawValue),
            .text(statistic.rawValue), value?.cell ?? Cell.none, target?.limit.cell ?? Cell.none,
            .text(status.rawValue), .integer(n),
            numerator.map { .integer($0) } ?? Cell.none,
            denominator.map { .integer($0) } ?? Cell.none,
            p50?.cell ?? Cell.none, p95?.cell ?? Cell.none, max?.cell ?? Cell.none,
            mean?.cell ?? Cell.none,
        ]
    }
}
