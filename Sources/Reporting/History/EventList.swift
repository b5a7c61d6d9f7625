public import SQLite

/// Events in the order of the ledger, one at a time.
public final class EventList {
    private let run: QueryRun

    /// Starts reading.
    ///
    /// - Parameters:
    ///   - after: only events behind this place in the ledger.
    ///   - limit: only so many of the newest; nil for all.
    public init(
        _ connection: Connection, window: PartialWindow, filter: ReportFilter, after: Int64 = 0,
        limit: Int64? = nil
    ) throws(ReportError) {
        var values = filter.parameters
        values["since"] = Value(window.since?.microseconds)
        values["until"] = Value(window.until?.microseconds)
        values["after"] = .integer(after)
        values["limit"] = Value(limit)
        run = try QueryRun(NamedQuery.named("events"), on: connection, values)
    }

    /// The next event; nil when there is none.
    public func next() throws(ReportError) -> EventRow? {
        try run.next().map(EventRow.init)
    }
}
