internal import SQLite

/// Folds events again and compares what comes out with the table of deployments.
///
/// Only deployments that go on are kept in memory: each is compared, and forgotten, at the event that
/// its row names as its newest one.
struct DeploymentsCheck {
    /// A deployment with events that its row takes into account later.
    private final class Open {
        /// As the events have it.
        var folded: DeploymentRow
        /// As the table has it; nil when it has no such row.
        let found: DeploymentRow?

        init(_ folded: DeploymentRow, _ found: DeploymentRow?) {
            self.folded = folded
            self.found = found
        }
    }

    private var rows: any DeploymentRows
    private var open: [EventID: Open] = [:]

    /// Looks at all rows.
    ///
    /// - Parameter connection: the ledger, within a transaction.
    init(_ connection: Connection) throws(SQLiteError) {
        rows = try AllDeploymentRows(connection)
    }

    /// Looks at the rows of the deployments that events behind a place in the chain are about.
    init(_ connection: Connection, after seq: Int64) throws(SQLiteError) {
        rows = try NewerDeploymentRows(connection, after: seq)
    }

    /// The places of the rows that were looked at; nil for all.
    var places: Set<Int64>? { rows.places }

    /// Takes the next event of the chain into account.
    mutating func apply(
        _ event: Event, seq: Int64, _ report: inout VerificationReport
    ) throws(SQLiteError) {
        guard let id = DeploymentRow.subject(of: event) else { return }
        let entry: Open
        if let known = open[id] {
            entry = known
        } else {
            let (folded, found) = try rows.begin(id, event, &report)
            entry = Open(folded, found)
            open[id] = entry
        }
        entry.folded.apply(event, seq: seq)
        if let found = entry.found, found.lastSeq == seq {
            Self.compare(entry.folded, found, &report)
            open[id] = nil
        }
    }

    /// Compares what is left; call it behind the last event.
    mutating func finish(_ report: inout VerificationReport) throws(SQLiteError) {
        for entry in open.values.sorted(by: { $0.folded.n < $1.folded.n }) {
            guard let found = entry.found else { continue }
            Self.compare(entry.folded, found, &report)
        }
        if let strange = try rows.finish() {
            report.add(
                "the table of deployments has other rows than the events give, first at row "
                    + "\(strange)")
        }
    }

    private static func compare(
        _ folded: DeploymentRow, _ found: DeploymentRow, _ report: inout VerificationReport
    ) {
        var folded = folded
        // What depends on other deployments, too, is for `DeliveriesCheck`.
        folded.delivery = found.delivery
        if folded == found { return }
        report.add(
            VerificationReport.words(
                ofRow: folded.n, columns: folded.differences(from: found)))
    }
}

/// The rows of deployments, asked for in the order of their first events.
protocol DeploymentRows {
    /// The row that follows from what came before the first event that is looked at, and the one that
    /// the table has; nil when it has none.
    mutating func begin(
        _ id: EventID, _ event: Event, _ report: inout VerificationReport
    ) throws(SQLiteError) -> (DeploymentRow, DeploymentRow?)
    /// The first row that other events must have made; nil when there is none.
    mutating func finish() throws(SQLiteError) -> Int64?
    /// The places of the rows that were looked at; nil for all.
    var places: Set<Int64>? { get }
}

/// All rows, one after the other.
private struct AllDeploymentRows: DeploymentRows {
    private let rows: Statement
    /// Rows that were begun.
    private var count: Int64 = 0
    private var strange: Int64?

    let places: Set<Int64>? = nil

    init(_ connection: Connection) throws(SQLiteError) {
        rows = try connection.prepare(EmbeddedStatements.deploymentRows)
    }

    mutating func begin(
        _ id: EventID, _ event: Event, _ report: inout VerificationReport
    ) throws(SQLiteError) -> (DeploymentRow, DeploymentRow?) {
        count += 1
        var folded = DeploymentRow(id, firstEvent: event)
        folded.n = count
        if strange != nil { return (folded, nil) }
        guard try rows.step() else {
            strange = count
            return (folded, nil)
        }
        let found = DeploymentRow(rows)
        if found.n != count {
            strange = count
            return (folded, nil)
        }
        return (folded, found)
    }

    mutating func finish() throws(SQLiteError) -> Int64? {
        if strange == nil, try rows.step() { strange = DeploymentRow(rows).n }
        rows.reset()
        return strange
    }
}
