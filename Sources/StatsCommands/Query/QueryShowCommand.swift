import ArgumentParser
import CommandSupport
import JSON
import Queries
import Reporting
import Wording

/// `deploystats query show`.
struct QueryShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a query: what it answers, its values and columns, and its SQL.")

    @Argument(help: "The query's name; 'query list --all' lists all.", completion: .queries)
    var name: String

    @OptionGroup(title: "Queries")
    var library: LibraryOptions

    /// A query is no table.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json
    }

    @Option(help: "The format of the description.")
    var format = Format.table

    func run() throws {
        let library = try library.library()
        let entry = try Failure.wrap { try library.entry(named: name) }
        try StandardOutput.print(format == .json ? json(entry).document : text(entry))
    }

    private func text(_ entry: QueryLibrary.Entry) -> String {
        let query = entry.query
        let usage = ([query.name] + query.parameters.map(\.usage)).joined(separator: " ")
        var lines = [query.title, "", query.about, "", "deploystats query \(usage)"]
        lines += Self.list(
            "VALUES",
            query.parameters.map { parameter in
                let optional = parameter.isOptional ? ", optional" : ""
                return (parameter.name, "\(parameter.about) (\(parameter.type)\(optional))")
            })
        lines += Self.list("COLUMNS", query.columns.map { ($0.key, $0.about) })
        lines += ["", "SQL" + (entry.path.map { " of \($0)" } ?? ""), ""]
        let head = lines.map(\.escapedForTerminal).joined(separator: "\n")
        let sql = query.sql.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0).escapedForTerminal }
        return head + "\n" + sql.joined(separator: "\n") + (query.sql.hasSuffix("\n") ? "" : "\n")
    }

    private static func list(_ title: String, _ items: [(name: String, about: String)]) -> [String]
    {
        if items.isEmpty { return [] }
        return ["", title] + Columns.aligned(items.map { ["  " + $0.name, $0.about] })
    }

    private func json(_ entry: QueryLibrary.Entry) -> JSONValue {
        let query = entry.query
        return .object([
            ("name", .string(query.name)), ("title", .string(query.title)),
            ("about", .string(query.about)), ("used_by", .optional(query.usedBy)),
            ("file", .optional(entry.path)),
            (
                "parameters",
                .array(
                    query.parameters.map { parameter in
                        .object([
                            ("name", .string(parameter.name)),
                            ("type", .string(parameter.type.rawValue)),
                            ("optional", .bool(parameter.isOptional)),
                            ("about", .string(parameter.about)),
                        ])
                    })
            ),
            (
                "columns",
                .array(
                    query.columns.map { column in
                        .object([
                            ("name", .string(column.key)), ("type", .string(column.type.rawValue)),
                            ("about", .string(column.about)),
                        ])
                    })
            ),
            ("sql", .string(query.sql)),
        ])
    }
}
