import JSON
import DeploymentMetrics
import Queries

extension PeriodReport {
    /// The delivery keys beside those of the period before; nil when there are none.
    var keysTable: Table? {
        guard let keys else { return nil }
        let columns = [
            Table.Column("figure", title: "FIGURE"), Table.Column("value", title: "VALUE"),
            Table.Column("note", title: "NOTE"), Table.Column("before", title: "BEFORE"),
        ]
        let isKnown = current.coverage.first.map { $0 < period.previous.until } ?? false
        return Table(
            columns: columns,
            rows: zip(keys.current.lines, keys.previous.lines).map { line, before in
                [
                    .text(line.label), .text(line.value), line.note.map { .text($0) } ?? .none,
                    .text(isKnown ? before.value : "n/a"),
                ]
            })
    }

    /// The same for programs.
    var keysJSON: JSONValue {
        guard let keys, case .object(let members) = keys.current.json else { return .null }
        return .object(members + [("previous", keys.previous.json)])
    }
}
