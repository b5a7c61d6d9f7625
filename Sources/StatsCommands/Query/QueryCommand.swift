import ArgumentParser
import Queries

/// `deploystats query`: the named queries.
struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Run named queries about what happened.",
        usage: """
            deploystats query list
            deploystats query show <name>
            deploystats query <name> [<value> …] [--param <name>=<value>] [<options>]
            """,
        discussion: """
            Values are given in the declared order, or by name as --param t=2026-09-14T10:31Z or \
            --t 2026-09-14T10:31Z. Every query is a .sql file that also runs in the sqlite3 shell; \
            'query show' prints it. --reports-dir adds your own files.
            """,
        subcommands: [QueryRunCommand.self, QueryListCommand.self, QueryShowCommand.self],
        defaultSubcommand: QueryRunCommand.self)
}

/// Where queries come from.
struct LibraryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A directory of further queries (.sql files); they take precedence.",
            valueName: "directory"), completion: .directory)
    var reportsDir: String?

    func library() throws -> QueryLibrary {
        try Failure.wrap { try QueryLibrary(directory: reportsDir) }
    }
}

extension CompletionKind {
    /// The names of the queries that people ask; looked for only when a shell asks.
    static var queries: CompletionKind {
        .custom { _, _, _ in
            ((try? NamedQuery.all()) ?? []).filter { $0.usedBy == nil }.map(\.name)
        }
    }
}
