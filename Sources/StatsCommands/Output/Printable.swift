import CommandSupport
import JSON
import Queries

/// What a command prints, as each format takes it.
protocol Printable {
    /// One document.
    var json: JSONValue { get }
    /// The rows for programs; empty where a command offers no format of rows.
    var table: Table { get }
    /// One JSON object per line: those of the rows, unless it is no rows.
    var lines: [JSONValue] { get }

    /// For people, on a terminal or in a file.
    func text(_ renderer: TextRenderer) -> String

    /// For people, on a page.
    func markdown(_ renderer: MarkdownRenderer) -> String
}

extension Printable {
    var table: Table { Table(columns: [], rows: []) }
    var lines: [JSONValue] { table.objects }
    func markdown(_ renderer: MarkdownRenderer) -> String { renderer.render(table) }
}

extension OutputFormat {
    /// Prints it, then what else is to be said: below a table, elsewhere on standard error.
    ///
    /// - Parameter notes: what the answer does not say, such as a filter that matches nothing; on
    ///   standard error, and in a JSON document.
    func print(
        _ report: some Printable, in zone: Zone = .utc, _ style: Style = .plain,
        notices: [String] = [], notes: [String] = []
    ) throws {
        let text =
            switch self {
            case .table: report.text(TextRenderer(zone: zone, style: style))
            case .json: report.json.with(notes: notes).document
            case .ndjson: report.lines.map { $0.line + "\n" }.joined()
            case .csv: CSVRenderer.standard.render(report.table)
            case .markdown: report.markdown(MarkdownRenderer(zone: zone))
            }
        try StandardOutput.print(text)
        try Notices.say(notices, belowTable: self == .table)
        try Notices.say(notes, belowTable: false)
    }
}

extension OutputOptions {
    /// Prints it as these options say.
    func print(
        _ report: some Printable, in zone: Zone = .utc, notices: [String] = [],
        notes: [String] = []
    ) throws {
        try format.print(report, in: zone, style, notices: notices, notes: notes)
    }
}

extension DocumentOutputOptions {
    /// Prints it as these options say.
    func print(
        _ report: some Printable, in zone: Zone = .utc, notices: [String] = []
    ) throws {
        try format.usual.print(report, in: zone, style, notices: notices)
    }
}

extension CSVRenderer {
    /// That of standard output.
    static var standard: CSVRenderer { CSVRenderer(forTerminal: StandardOutput.isTerminal) }
}
