import ArgumentParser
import CommandSupport
import Queries
import SystemCalls

/// The formats every report can have.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, ndjson, csv, markdown

    /// The same of rows.
    var ofRows: RowFormat {
        switch self {
        case .table: .table
        case .json: .json
        case .ndjson: .ndjson
        case .csv: .csv
        case .markdown: .markdown
        }
    }
}

/// The formats of what is no rows.
enum DocumentFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, ndjson

    /// The same among those of every report.
    var usual: OutputFormat {
        switch self {
        case .table: .table
        case .json: .json
        case .ndjson: .ndjson
        }
    }
}

/// The formats of rows that somebody asked for, which may have any number of columns.
enum RowFormat: String, ExpressibleByArgument, CaseIterable {
    case table, vertical, json, ndjson, csv, markdown

    /// Whether what else is to be said stands below the rows.
    var isForPeople: Bool { self == .table || self == .vertical }
}

/// How a report is written.
struct OutputOptions: ParsableArguments {
    @Option(help: "The format of the report.")
    var format = OutputFormat.table

    @OptionGroup
    var colour: ColourOptions

    var style: Style { colour.style }
}

/// How a report is written that is no rows.
struct DocumentOutputOptions: ParsableArguments {
    @Option(help: "The format of the report.")
    var format = DocumentFormat.table

    @OptionGroup
    var colour: ColourOptions

    var style: Style { colour.style }
}

/// How rows are written.
struct RowOutputOptions: ParsableArguments {
    @Option(
        help: "The format of the rows; a table too wide for the terminal is printed vertically.")
    var format = RowFormat.table

    @OptionGroup
    var colour: ColourOptions

    var style: Style { colour.style }
}

/// When colour is used.
enum ColourChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never

    /// `--color` > `NO_COLOR` > `TERM=dumb` > is it a terminal.
    func style(
        noColor: String?, term: String?, isTerminal: Bool
    ) -> Style {
        switch self {
        case .always: return .coloured
        case .never: return .plain
        case .auto:
            // Source: <https://no-color.org>: only a variable that is not empty counts.
            if noColor?.isEmpty == false || term == "dumb" { return .plain }
            return isTerminal ? .coloured : .plain
        }
    }
}

/// Whether tables are coloured.
struct ColourOptions: ParsableArguments {
    @Option(
        help: "When to use colour; auto follows NO_COLOR, TERM and whether it is a terminal.")
    var color = ColourChoice.auto

    /// For standard output as it is now.
    var style: Style {
        color.style(
            noColor: Environment.value("NO_COLOR"), term: Environment.value("TERM"),
            isTerminal: StandardOutput.isTerminal)
    }
}
