import ArgumentParser
import CommandSupport
import Glibc
import Queries
import SystemCalls

/// The formats every report can have.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, ndjson, csv, markdown
}

/// The formats of rows that somebody asked for, which may have any number of columns.
enum RowFormat: String, ExpressibleByArgument, CaseIterable {
    case table, vertical, json, ndjson, csv, markdown

    /// Whether what else is to be said stands below the rows.
    var isForPeople: Bool { self == .table || self == .vertical }
}

/// How such rows are written.
struct RowOutputOptions: ParsableArguments {
    @Option(help: "How rows are written; a table too wide for the terminal is written vertically.")
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

extension ColourChoice {
    /// For standard output as it is now.
    var styleHere: Style {
        style(
            noColor: Environment.value("NO_COLOR"), term: Environment.value("TERM"),
            isTerminal: isatty(STDOUT_FILENO) == 1)
    }
}

/// Whether tables are coloured.
struct ColourOptions: ParsableArguments {
    @Option(help: "Colour in tables; auto heeds NO_COLOR, TERM and whether it is a terminal.")
    var color = ColourChoice.auto

    var style: Style { color.styleHere }
}

/// How a report is written.
struct OutputOptions: ParsableArguments {
    @Option(help: "How the report is written.")
    var format = OutputFormat.table

    @OptionGroup
    var colour: ColourOptions

    var style: Style { colour.style }
}

extension CSVRenderer {
    /// That of standard output.
    static var standard: CSVRenderer { CSVRenderer(forTerminal: isatty(STDOUT_FILENO) == 1) }
}
