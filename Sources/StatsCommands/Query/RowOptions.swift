import ArgumentParser
import JSON
import Queries
import Reporting
import SQLite
import SystemCalls
import Wording

/// How many rows of an answer are printed, and how long it may take.
struct RowOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Show at most this many rows and say when there are more; 0 for all.",
            valueName: "count"))
    var limit = 1000

    @Option(
        help: ArgumentHelp(
            "Stop queries that take longer: 30, 90s, 5m; 0 for no limit.", valueName: "duration"))
    var timeLimit = "30s"

    func validate() throws {
        if limit < 0 { throw ValidationError("--limit must not be negative; 0 shows all") }
        _ = try longest()
    }

    private func longest() throws -> Int64 {
        guard let length = DurationText.parse(option: timeLimit) else {
            throw ValidationError(
                "--time-limit requires a duration such as 30, 90s or 5m, not '\(timeLimit)'")
        }
        return length
    }

    /// Asks a query and prints its rows as they come.
    ///
    /// - Parameters:
    ///   - about: what stands before the rows in a JSON document.
    ///   - title: what a table is called when there are no rows.
    func print(
        _ query: NamedQuery, _ values: [String: Value], on connection: Connection,
        about: [(String, JSONValue)], title: String, _ zone: Zone, _ output: RowOutputOptions
    ) throws {
        var limits = AnswerLimit(microseconds: try longest())
        limits.watch(connection)
        // One more than the query's own limit tells whether there are more.
        let own = query.limit(in: values)
        let values = own.map { values.merging(["limit": .integer($0 + 1)]) { $1 } } ?? values
        let run = try Failure.wrap { try QueryRun(query, on: connection, values) }
        let stream = RowStream(of: run.query, about: about, zone, output)
        try stream.begin()
        var isCut = false
        while let row = try Failure.wrap({ try run.next() }) {
            if limit > 0 && stream.count == limit || own == Int64(stream.count) {
                isCut = true
                break
            }
            try Failure.wrap { try limits.admit(row, isKept: output.format.isForPeople) }
            try stream.write(row)
        }
        let rows = PluralText.text(stream.count, "row")
        let isOwn = own == Int64(stream.count) && limit != stream.count
        let notice =
            "only the first \(rows), there are more; "
            + (isOwn ? "--param limit=-1 shows all" : "--limit 0 shows all")
        try stream.end(
            isCut: isCut,
            stream.count == 0
                ? "\(title.escapedForTerminal): none."
                : "\(isCut ? notice : rows); times in \(zone.name)")
        if isCut { try Notices.say([notice], belowTable: output.format.isForPeople) }
    }
}
