package import Queries
package import SQLite

/// Events in the order of the ledger, one at a time.
///
/// They are read in portions, and between two of them the ledger is let go: whoever takes them may
/// keep us waiting, as a pager does, and SQLite's write-ahead log grows for as long as anybody is in
/// the middle of reading.
package final class EventList {
    private let connection: Connection
    private var values: [String: Value]
    private var portion: ArraySlice<EventRow> = []
    private var left: Int64
    private var isAtEnd = false

    private static let longestPortion = 1000

    /// Starts reading.
    ///
    /// - Parameters:
    ///   - after: only events behind this place in the ledger.
    ///   - limit: at most this many, the newest; nil for all.
    package init(
        _ connection: Connection, window: PartialWindow, filter: ReportFilter, after: Int64 = 0,
        limit: Int64? = nil
    ) throws(ReportError) {
        self.connection = connection
        values = filter.parameters
        values["since"] = Value(window.since?.microseconds)
        values["until"] = Value(window.until?.microseconds)
        values["after"] = .integer(after)
        values["limit"] = Value(limit)
        left = limit ?? .max
        try read()
    }

    /// The next event; nil when there is none.
    package func next() throws(ReportError) -> EventRow? {
        if portion.isEmpty && !isAtEnd { try read() }
        return portion.popFirst()
    }

    private func read() throws(ReportError) {
        let run = try QueryRun(NamedQuery.named("events"), on: connection, values)
        var rows: [EventRow] = []
        while rows.count < Self.longestPortion, rows.count < left {
            guard let row = try run.next() else {
                isAtEnd = true
                break
            }
            rows.append(EventRow(row))
        }
        left -= Int64(rows.count)
        if left == 0 { isAtEnd = true }
        // What follows is counted from here, however many have been added since.
        if let last = rows.last { values["after"] = .integer(last.seq) }
        values["limit"] = .null
        portion = rows[...]
    }
}
