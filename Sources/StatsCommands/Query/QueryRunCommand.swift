import ArgumentParser
import JSON
import Ledger
import Queries
import Reporting
import SQLite
import SystemCalls

/// `deploystats query NAME`.
struct QueryRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a query (the word 'run' may be omitted).",
        usage: "deploystats query <name> [<value> …] [--param <name>=<value>] [<options>]")

    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp(
            "The query, then values in the declared order.", valueName: "name and values"),
        completion: .queries)
    var words: [String] = []

    @Option(
        help: ArgumentHelp(
            "A value by name; repeat it for a list.", valueName: "name=value"))
    var param: [String] = []

    @OptionGroup(title: "Queries")
    var library: LibraryOptions

    @OptionGroup
    var zone: ZoneOption

    @OptionGroup(title: "Output")
    var rows: RowOptions

    @OptionGroup(title: "Output")
    var output: RowOutputOptions

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func validate() throws {
        guard let name = words.first, !name.hasPrefix("-") else {
            throw ValidationError(
                words.first.map { "unknown option '\($0)'; the query's name comes first" }
                    ?? "no query given; run 'deploystats query list'")
        }
    }

    func run() throws {
        let zone = try zone.zone()
        let library = try library.library()
        let query = try Failure.wrap { try library.entry(named: words[0]).query }
        let given = try Failure.mistakes {
            try QueryValues(words: Array(words.dropFirst()), named: param, for: query)
        }
        let now = Instant(microseconds: Clock.wallMicroseconds())
        let values = try Failure.mistakes { try given.values(now: now, zone: zone) }
        let settings = try ledger.settings()
        let reader = try settings.openOnlyForReading()
        let locks = values["lock"]?.text.map { [$0] } ?? []
        let resolved = try DeploymentChoice.wrap(locks: locks, in: reader, zone) {
            try DeploymentLookup.resolve(values, of: query, on: reader.connection)
        }
        let about: [(String, JSONValue)] = [
            ("query", .string(query.name)), ("values", given.json),
            ("timezone", .string(zone.name)),
        ]
        try rows.print(
            query, resolved, on: reader.connection, about: about, title: query.title, zone, output)
        try Notices.say(Notices.spool(settings), belowTable: output.format.isForPeople)
    }
}
