import ArgumentParser
import JSON
import Queries
import Reporting
import Wording

/// Writes events one by one in one of the formats.
final class EventWriter {
    private let format: OutputFormat
    private let window: PartialWindow
    private let filter: ReportFilter
    private let output = Output()
    private var count: Int64 = 0
    private var markdown: MarkdownRenderer { MarkdownRenderer(zone: window.zone) }

    init(format: OutputFormat, window: PartialWindow, filter: ReportFilter) {
        self.format = format
        self.window = window
        self.filter = filter
    }

    func begin() throws {
        switch format {
        case .csv:
            let columns = try Failure.wrap { try EventRow.columns() }
            try output.write(CSVRenderer.standard.header(columns))
        case .json:
            let head = "{\"window\":\(window.json.line),\"filter\":\(filter.json.line),"
            try output.write(head + "\"events\":[")
        case .markdown:
            let columns = try Failure.wrap { try EventRow.columns() }
            try output.write(markdown.heading(columns, numeric: columns.map { _ in false }))
        case .table, .ndjson: break
        }
    }

    func write(_ event: EventRow) throws {
        switch format {
        case .csv: try output.write(CSVRenderer.standard.line(event.cells))
        case .json: try output.write((count == 0 ? "\n" : ",\n") + event.json.line)
        case .ndjson: try output.write(event.json.line + "\n")
        case .markdown: try output.write(markdown.line(event.cells))
        case .table: try output.write(event.line(in: window.zone) + "\n")
        }
        count += 1
    }

    /// Hands on what was written so far.
    func flush() throws { try output.flush() }

    func end(limit: Int64?) throws {
        switch format {
        case .json: try output.write("\n]}\n")
        case .table:
            var about = window.text
            if !filter.isEmpty { about += "; only \(filter.text)" }
            about = about.escapedForTerminal
            let newest = limit == count ? "the newest " : ""
            let events = Counted.text(count, "event")
            try output.write(
                count == 0 ? "No events (\(about)).\n" : "\n\(newest)\(events) (\(about))\n")
        case .csv, .ndjson, .markdown: break
        }
        try output.flush()
    }
}
