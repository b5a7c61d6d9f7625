import CommandSupport
import JSON
import Queries
import Reporting
import Wording

/// Writes the rows of an answer one by one in one of the formats.
final class RowWriter {
    private let columns: [NamedQuery.Column]
    private let about: [(String, JSONValue)]
    private let title: String
    private let zone: Zone
    private let options: RowOutputOptions
    private let output = Output()
    private var count = 0
    private var markdown: MarkdownRenderer { MarkdownRenderer(zone: zone) }
    /// The rows of a table, whose columns are as wide as the widest.
    private var rows: [[Cell]] = []

    init(
        columns: [NamedQuery.Column], about: [(String, JSONValue)], title: String, zone: Zone,
        options: RowOutputOptions
    ) {
        self.columns = columns
        self.about = about
        self.title = title
        self.zone = zone
        self.options = options
    }

    /// Whether rows are kept until the last one is known.
    var keepsRows: Bool { options.format == .table || options.format == .vertical }

    func begin() throws {
        switch options.format {
        case .csv: try output.write(CSVRenderer.standard.header(columns.map(\.tableColumn)))
        case .json:
            let head = about.map { "\(JSONValue.string($0.0).line):\($0.1.line)," }.joined()
            try output.write("{\(head)\"rows\":[")
        case .markdown:
            let numeric = columns.map { [.integer, .real, .duration].contains($0.type) }
            try output.write(
                markdown.heading(columns.map(\.tableColumn), numeric: numeric))
        case .table, .vertical, .ndjson: break
        }
    }

    func write(_ row: QueryRow) throws {
        switch options.format {
        case .csv: try output.write(CSVRenderer.standard.line(row.cells))
        case .json: try output.write((count == 0 ? "\n" : ",\n") + row.json.line)
        case .ndjson: try output.write(row.json.line + "\n")
        case .markdown: try output.write(markdown.line(row.cells))
        case .table, .vertical: rows.append(row.cells)
        }
        count += 1
    }

    /// - Parameter isCut: whether there are more rows than were written.
    func end(isCut: Bool) throws {
        let notice =
            "only the first \(Counted.text(count, "row")), there are more; --limit 0 shows all"
        switch options.format {
        case .json: try output.write("\n],\"truncated\":\(isCut)}\n")
        case .table, .vertical:
            if rows.isEmpty {
                try output.write("\(title.escapedForTerminal): none.\n")
            } else {
                let table = Table(columns: columns.map(\.tableColumn), rows: rows)
                let text = text(table)
                let summary = isCut ? notice : Counted.text(count, "row")
                try output.write("\(text)\n\(summary); times in \(zone.name)\n")
            }
        case .csv, .ndjson, .markdown: break
        }
        try output.flush()
        if isCut, !options.format.isForPeople { Terminal.complain("deploystats: \(notice)") }
    }

    /// Files and pipes get the table whatever its width, a terminal what fits it.
    private func text(_ table: Table) -> String {
        let renderer = TextRenderer(zone: zone, style: options.style)
        if options.format == .vertical { return renderer.renderVertically(table) }
        guard let columns = StandardOutput.columns else { return renderer.render(table) }
        return renderer.render(table, fittingColumns: columns)
    }
}
