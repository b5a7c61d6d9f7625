import CommandSupport
import JSON
import Queries
import Reporting

/// Writes rows one by one, as they come, in one of the formats.
final class RowStream {
    private let format: RowFormat
    private let style: Style
    /// The zone of times for people.
    let zone: Zone
    private let columns: [Table.Column]
    private let numeric: [Bool]
    /// What stands before the rows in a JSON document, and what they are called there.
    private let head: (members: [(String, JSONValue)], rows: String)
    private let output = StandardOutput()
    /// The rows of a table, whose columns are as wide as the widest cell.
    private var kept: [[Cell]] = []
    /// How many rows were written.
    private(set) var count = 0
    private var markdown: MarkdownRenderer { MarkdownRenderer(zone: zone) }

    private init(
        _ format: RowFormat, _ style: Style, _ zone: Zone, _ columns: [Table.Column],
        _ numeric: [Bool], _ head: (members: [(String, JSONValue)], rows: String)
    ) {
        self.format = format
        self.style = style
        self.zone = zone
        self.columns = columns
        self.numeric = numeric
        self.head = head
    }

    /// The rows of an answer.
    ///
    /// - Parameter about: what stands before them in a JSON document.
    convenience init(
        of query: NamedQuery, about: [(String, JSONValue)], _ zone: Zone,
        _ options: RowOutputOptions
    ) {
        self.init(
            options.format, options.style, zone, query.columns.map(\.tableColumn),
            query.columns.map { [.integer, .real, .ratio, .duration].contains($0.type) },
            (about, "rows"))
    }

    /// Events; for people each is a line.
    convenience init(
        ofEvents format: OutputFormat, _ window: PartialWindow, _ filter: ReportFilter
    ) throws {
        let columns = try Failure.wrap { try EventRow.columns() }
        self.init(
            format.ofRows, .plain, window.zone, columns, columns.map { _ in false },
            ([("window", window.json), ("filter", filter.json)], "events"))
    }

    /// Writes what stands before the rows.
    func begin() throws {
        switch format {
        case .csv: try output.write(CSVRenderer.standard.header(columns))
        case .json:
            let members = ([JSONValue.formatMember] + head.members).map {
                "\(JSONValue.string($0.0).line):\($0.1.line),"
            }
            try output.write("{\(members.joined())\"\(head.rows)\":[")
        case .markdown: try output.write(markdown.heading(columns, numeric: numeric))
        case .table, .vertical, .ndjson: break
        }
    }

    /// Writes one row of an answer.
    func write(_ row: QueryRow) throws { try write(row.cells, row.json, line: nil) }

    /// Writes one event.
    func write(_ event: EventRow) throws {
        try write(event.cells, event.json, line: event.line(in: zone))
    }

    private func write(
        _ cells: @autoclosure () -> [Cell], _ json: @autoclosure () -> JSONValue,
        line: @autoclosure () -> String?
    ) throws {
        switch format {
        case .csv: try output.write(CSVRenderer.standard.line(cells()))
        case .json: try output.write((count == 0 ? "\n" : ",\n") + json().line)
        case .ndjson: try output.write(json().line + "\n")
        case .markdown: try output.write(markdown.line(cells()))
        case .table, .vertical:
            if let line = line() { try output.write(line + "\n") } else { kept.append(cells()) }
        }
        count += 1
    }

    /// Hands on what was written so far.
    func flush() throws { try output.flush() }

    /// Writes what stands behind the rows.
    ///
    /// - Parameters:
    ///   - isCut: whether there are more rows than were written; nil where a JSON document does not
    ///     say.
    ///   - summary: what people read below.
    func end(isCut: Bool? = nil, _ summary: String) throws {
        switch format {
        case .json:
            try output.write("\n]" + (isCut.map { ",\"truncated\":\($0)" } ?? "") + "}\n")
        case .table, .vertical:
            try output.write(kept.isEmpty ? "" : table)
            try output.write((count == 0 ? "" : "\n") + summary + "\n")
        case .csv, .ndjson, .markdown: break
        }
        try output.flush()
    }

    /// Files and pipes get the table whatever its width, a terminal what fits it.
    private var table: String {
        let table = Table(columns: columns, rows: kept)
        let renderer = TextRenderer(zone: zone, style: style)
        if format == .vertical { return renderer.renderVertically(table) }
        guard let width = StandardOutput.columns else { return renderer.render(table) }
        return renderer.render(table, fittingColumns: width)
    }
}
