internal import SQLite

/// Folds all events again and compares what comes out with the table of deployments.
///
/// Only deployments that go on are kept in memory: each is compared, and forgotten, at the event that
/// its row names as its newest one.
struct DeploymentsCheck {
    private struct Open {
        /// As the events have it.
        var folded: DeploymentRow
        /// As the table has it; nil when it has no such row.
        let found: DeploymentRow?
    }

    private let rows: Statement
    private var open: [UUIDv7: Open] = [:]
    /// Rows that were begun.
    private var count: Int64 = 0
    /// The first row that other events must have made.
    private var strange: Int64?

    /// - Parameter connection: the ledger, within a transaction.
    init(_ connection: Connection) throws(SQLiteError) {
        rows = try connection.prepare(EmbeddedStatements.deploymentRows)
    }

    /// Takes the next event of the chain into account.
    mutating func apply(
        _ event: Event, seq: Int64, _ report: inout VerificationReport
    ) throws(SQLiteError) {
        guard let id = DeploymentRow.subject(of: event) else { return }
        var entry: Open
        if let known = open[id] { entry = known } else { entry = try begin(id, event) }
        entry.folded.apply(event, seq: seq)
        if let found = entry.found, found.lastSeq == seq {
            Self.compare(entry.folded, found, &report)
            open[id] = nil
        } else {
            open[id] = entry
        }
    }

    /// Compares what is left; call it behind the last event.
    mutating func finish(_ report: inout VerificationReport) throws(SQLiteError) {
        for entry in open.values.sorted(by: { $0.folded.n < $1.folded.n }) {
            guard let found = entry.found else { continue }
            Self.compare(entry.folded, found, &report)
        }
        if strange == nil, try rows.step() { strange = DeploymentRow(rows).n }
        if let strange {
            report.add(
                "the table of deployments has other rows than the events give, first at row "
                    + "\(strange)")
        }
        rows.reset()
    }

    /// Begins with a deployment of which this is the first event: rows come in the order of these.
    private mutating func begin(_ id: UUIDv7, _ event: Event) throws(SQLiteError) -> Open {
        count += 1
        var folded = DeploymentRow(id, firstEvent: event)
        folded.n = count
        if strange != nil { return Open(folded: folded, found: nil) }
        guard try rows.step() else {
            strange = count
            return Open(folded: folded, found: nil)
        }
        let found = DeploymentRow(rows)
        if found.n != count {
            strange = count
            return Open(folded: folded, found: nil)
        }
        return Open(folded: folded, found: found)
    }

    private static func compare(
        _ folded: DeploymentRow, _ found: DeploymentRow, _ report: inout VerificationReport
    ) {
        if folded == found { return }
        report.add(
            "row \(folded.n) of the table of deployments was changed: "
                + folded.differences(from: found).joined(separator: ", "))
    }
}
