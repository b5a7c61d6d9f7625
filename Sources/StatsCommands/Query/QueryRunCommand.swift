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
        for parameter in query.parameters where parameter.type == .number {
            guard case .integer(let number)? = values[parameter.name] else { continue }
            try expect(number, lock: values["lock"], in: reader)
        }
        let about: [(String, JSONValue)] = [
            ("query", .string(query.name)), ("values", given.json),
            ("timezone", .string(zone.name)),
        ]
        try rows.print(
            query, values, on: reader.connection, about: about, title: query.title, zone, output)
        try Notices.say(Notices.spool(settings), belowTable: output.format.isForPeople)
    }

    /// No rows would look like an answer about a deployment that is not there.
    private func expect(_ number: Int64, lock: Value?, in reader: LedgerReader) throws {
        var locks: [String] = []
        if case .text(let path)? = lock { locks = [path] }
        let lookup = try Failure.wrap {
            try DeploymentLookup(number: number, locks: locks, on: reader.connection)
        }
        if lookup.matches.isEmpty {
            throw ShowCommand.unknown(String(number), locks: locks, in: reader)
        }
    }
}
