import ArgumentParser
import Ledger
import Queries
import Reporting
import SystemCalls
import Wording

/// `deploystats events`.
struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "List events; with --follow, print new ones as they arrive.",
        discussion: """
            Events are in the order of the ledger. A table shows the newest 50 (with --follow 10) \
            unless --limit or --since says otherwise; the other formats print all.
            """)

    @Flag(name: .shortAndLong, help: "Keep printing new events as they arrive; Ctrl-C ends it.")
    var follow = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Only this many of the newest; 0 for all.", valueName: "count"))
    var limit: Int64?

    @OptionGroup(title: "Window")
    var window: WindowOptions

    @OptionGroup(title: "Filters")
    var filters: FilterOptions

    @OptionGroup(title: "Output")
    var output: OutputOptions

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func validate() throws {
        if let limit, limit < 0 {
            throw ValidationError("--limit must not be negative; 0 shows all")
        }
        if follow && output.format == .json {
            throw ValidationError(
                "--follow cannot print a single JSON document; use --format ndjson")
        }
        if follow && window.until != nil {
            throw ValidationError("--follow and --until exclude each other")
        }
    }

    func run() throws {
        let now = Instant(microseconds: Clock.wallMicroseconds())
        let window = try window.windowIfGiven(now: now)
        let stream = try RowStream(ofEvents: output.format, window, filters.filter)
        let settings = try ledger.settings()
        if follow {
            try EventFollower(
                path: settings.path, window: window, filter: filters.filter, stream: stream
            ).run(limit: effectiveLimit)
            return
        }
        let reader = try settings.open()
        try stream.begin()
        try Failure.wrap {
            let events = try EventList(
                reader.connection, window: window, filter: filters.filter, limit: effectiveLimit)
            while let event = try events.next() { try stream.write(event) }
        }
        let about = window.text(filters.filter)
        let newest = effectiveLimit == Int64(stream.count) ? "the newest " : ""
        try stream.end(
            stream.count == 0
                ? "No events (\(about))."
                : "\(newest)\(PluralText.text(stream.count, "event")) (\(about))")
        try Notices.say(Notices.spool(settings), belowTable: output.format == .table)
        try Notices.say(Notices.filter(filters.filter, reader), belowTable: false)
    }

    /// Nil for all.
    private var effectiveLimit: Int64? {
        if let limit { return limit == 0 ? nil : limit }
        if window.since != nil || (output.format != .table && !follow) { return nil }
        return follow ? 10 : 50
    }
}
