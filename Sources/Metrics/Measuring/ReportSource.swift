package import Ledger
package import Queries
package import SQLite

/// Where metrics get their rows from, and about what.
package struct ReportSource {
    package let connection: Connection
    package let window: Window
    package let filter: ReportFilter
    /// Waiters whose process is known to be gone.
    package let deadWaiters: [String]

    /// The end of the time that can be known: of the window, but not later than now.
    package let knownUntil: Instant

    /// The blocks of deployments.
    package let blocks: DeploymentBlocks

    /// The rows of the queries as blocks of deployments give them, which takes a fraction of the
    /// time; nil when the queries have to be asked themselves.
    private let figures: BlockFigures?

    /// Describes what is measured.
    ///
    /// - Parameters:
    ///   - inFlight: read in the same transaction, unless figures are to come from the queries
    ///     alone.
    ///   - blocks: those of the same transaction, if others ask them, too.
    package init(
        _ connection: Connection, window: Window, filter: ReportFilter, now: Instant,
        deadWaiters: [String], inFlight: InFlight? = nil, blocks: DeploymentBlocks? = nil
    ) throws(ReportError) {
        self.connection = connection
        self.window = window
        self.filter = filter
        self.deadWaiters = deadWaiters
        knownUntil = min(window.until, now)
        self.blocks = blocks ?? DeploymentBlocks(connection)
        if let inFlight, filter.isEmpty {
            figures = try BlockFigures(
                self.blocks, window: window, knownUntil: knownUntil, waiting: inFlight.liveWaiters)
        } else {
            figures = nil
        }
    }

    /// Whether blocks are read instead of asking the queries.
    package var readsBlocks: Bool { figures != nil }

    /// The rows of a query about the window and the filter.
    package func rows(
        _ name: String, _ extra: [String: Value] = [:]
    ) throws(ReportError) -> [QueryRow] {
        let query = try NamedQuery.named(name)
        if let rows = figures?.rows(query) { return rows }
        var values = filter.parameters
        values["since"] = .integer(window.since.microseconds)
        values["until"] = .integer(window.until.microseconds)
        values.merge(extra) { $1 }
        return try QueryRun(query, on: connection, values).rest()
    }

    /// The only row of such a query.
    package func row(_ name: String) throws(ReportError) -> QueryRow {
        guard let row = try rows(name).first else {
            throw .headerDisagrees(query: name, problem: "it must give one row")
        }
        return row
    }
}
