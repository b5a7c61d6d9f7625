import DeploymentMetrics
package import Queries

extension Trend {
    /// What it is called.
    package var title: String {
        "The last \(weeks.count) weeks, \(weeks.first?.label ?? "") to \(weeks.last?.label ?? "")"
    }

    /// A row for each figure, a column for each week.
    package var table: Table {
        let columns = weeks.map { week in
            Table.Column(week.label, title: week.label + (week.isRunning ? " so far" : ""))
        }
        return Table(
            columns: [Table.Column("metric", title: "METRIC")] + columns,
            rows: lines.map { line in
                [.text(line.label)]
                    + zip(weeks, line.figures).map { week, figure in
                        guard week.isKnown else { return .none }
                        return figure.value.map { .text($0.text) } ?? .text("n/a")
                    }
            })
    }
}

extension Trend.Line {
    /// What it is called, and which statistic its figures are.
    package var label: String {
        switch name {
        case .lockWaitTime: "Lock wait time, p95 or max"
        case .deploymentDuration: "Duration, \(tier ?? "no tier"), p95 or max"
        case .queueLength: "Queue length, max"
        case .skipRate: "Skip rate"
        case .successRate: "Success rate"
        case .timeToDeliver: "Time to deliver, p95 or max"
        case .timeoutRate: "Timeout rate"
        case .orphanRate: "Orphans"
        }
    }

    /// Figures as heights; nil where there is none.
    func heights(_ weeks: [Trend.Week]) -> [Double?] {
        zip(weeks, figures).map { week, figure in
            guard week.isKnown else { return nil }
            return switch figure.value {
            case .duration(let microseconds): Double(microseconds)
            case .count(let count): Double(count)
            case .ratio(let ratio): ratio
            case nil: nil
            }
        }
    }
}
