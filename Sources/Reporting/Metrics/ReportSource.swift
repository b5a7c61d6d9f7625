public import SQLite

/// Where metrics get their rows from, and about what.
public struct ReportSource {
    let connection: Connection
    let window: Window
    let filter: ReportFilter
    /// Waiters whose process is known to be gone.
    let deadWaiters: [String]

    /// The end of the time that can be known: of the window, but not later than now.
    let knownUntil: Instant

    /// Describes what is measured.
    public init(
        _ connection: Connection, window: Window, filter: ReportFilter, now: Instant,
        deadWaiters: [String]
    ) {
        self.connection = connection
        self.window = window
        self.filter = filter
        self.deadWaiters = deadWaiters
        knownUntil = min(window.until, now)
    }

    /// The rows of a query about the window and the filter.
    func rows(
        _ name: String, _ extra: [String: Value] = [:]
    ) throws(ReportError) -> [QueryRow] {
        var values = filter.parameters
        values["since"] = .integer(window.since.microseconds)
        values["until"] = .integer(window.until.microseconds)
        values.merge(extra) { $1 }
        return try QueryRun(NamedQuery.named(name), on: connection, values).rest()
    }

    /// The only row of such a query.
    func row(_ name: String) throws(ReportError) -> QueryRow {
        guard let row = try rows(name).first else {
            throw .headerDisagrees(query: name, problem: "it must give one row")
        }
        return row
    }
}
