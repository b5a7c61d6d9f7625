import Queries
import Wording

/// A chart for mail, which shows no pictures: cells of a table as long as the values.
enum MailBars {
    /// How long the longest bar is, in pixels.
    private static let longest = 260.0
    /// Colours of their own: mail has no style to ask.
    private static let outcomes = ["#c2262f", "#7fb894", "#b45309", "#8a96a3"]
    private static let plain = "#1f5fa8"

    /// A list of tables: `title`, `legend` and `rows`, each `label text bar`.
    static func values(_ charts: [Chart]) -> TemplateValue {
        .list(charts.flatMap { $0.isStacked ? [stacked($0)] : highest($0) })
    }

    private static func stacked(_ chart: Chart) -> TemplateValue {
        let highest = chart.heights.max() ?? 0
        let rows = chart.table.rows.indices.map { place -> TemplateValue in
            let values = chart.series.map { $0.marks[place]?.value }
            let all = values.compactMap(\.self).reduce(0, +)
            let named = zip(chart.series, values).filter { $1 ?? 0 > 0 && $0.name != "succeeded" }
                .map { "\($1 ?? 0) \($0.name)" }
            return row(
                chart, place,
                values.first == .some(nil) ? "-" : (["\(all)"] + named).joined(separator: ", "),
                zip(values, outcomes).map { ($0 ?? 0, $1) }, of: highest)
        }
        let legend = zip(chart.series, outcomes).map { series, colour -> TemplateValue in
            ["name": .text(series.name), "colour": .text(colour)]
        }
        return [
            "title": .text(chart.title), "key": .text(chart.key), "is_first": true,
            "legend": .list(legend), "rows": .list(rows),
        ]
    }

    /// The highest value of each day, a table for each kind of deployment.
    private static func highest(_ chart: Chart) -> [TemplateValue] {
        chart.table.columns.enumerated().compactMap { index, column in
            guard column.key.hasSuffix("max_seconds") || column.key == "max" else { return nil }
            let numbers = chart.table.rows.map { row -> Int64? in
                switch row[index] {
                case .duration(let value), .integer(let value): value
                default: nil
                }
            }
            guard let most = numbers.compactMap(\.self).max(), most > 0 else { return nil }
            // As in the picture a target is inside, so that little does not look like much.
            let highest = max(most, chart.targets.map(\.value).max() ?? 0)
            let kind = column.key.hasSuffix(" max_seconds") ? column.key.dropLast(12) : ""
            let rows = numbers.enumerated().map { place, number in
                row(
                    chart, place, number.map(chart.text) ?? "-", [(number ?? 0, plain)],
                    of: highest)
            }
            let name = chart.title.split(separator: ",").first.map(String.init) ?? chart.title
            let title = name + (kind.isEmpty ? "" : ", \(kind)") + ", highest"
            return [
                "title": .text(title), "key": .text(chart.key), "is_first": false,
                "legend": .list([]), "rows": .list(rows),
            ]
        }
    }

    private static func row(
        _ chart: Chart, _ place: Int, _ text: String, _ parts: [(value: Int64, colour: String)],
        of highest: Int64
    ) -> TemplateValue {
        let label = chart.table.rows[place].first?.text(in: chart.window.zone) ?? ""
        let bar = parts.filter { $0.value > 0 }.map { value, colour -> TemplateValue in
            let width = Double(value) / Double(max(highest, 1)) * longest
            return ["width": .count(max(1, Int(width.rounded()))), "colour": .text(colour)]
        }
        return ["label": .text(label), "text": .text(text), "bar": .list(bar)]
    }
}
