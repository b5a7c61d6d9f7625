internal import SQLite

/// The rows of the deployments that events behind a place in the chain are about.
///
/// What came before is taken from the events up to there as they are, whatever they are now.
struct NewerDeploymentRows: DeploymentRows {
    private let connection: Connection
    private let start: Int64
    private let row: Statement
    private let earlier: Statement
    /// The rows of deployments that began behind the place: they are the last ones.
    private var begun: ClosedRange<Int64>?
    private var strange: Int64?
    private var looked: Set<Int64> = []

    var places: Set<Int64>? { looked }

    init(_ connection: Connection, after seq: Int64) throws(SQLiteError) {
        self.connection = connection
        start = seq
        row = try connection.prepare(EmbeddedStatements.deploymentRow)
        earlier = try connection.prepare(EmbeddedStatements.earlierEvents)
    }

    mutating func begin(
        _ id: EventID, _ event: Event, _ report: inout VerificationReport
    ) throws(SQLiteError) -> (DeploymentRow, DeploymentRow?) {
        try row.bind([.text(id.description)])
        let found = try row.step() ? DeploymentRow(row) : nil
        row.reset()
        var folded: DeploymentRow?
        var isComparable = true
        try earlier.bind([.text(id.description), .integer(start)])
        while try earlier.step() {
            guard let seq = earlier.integer(at: 0),
                let event = Event(record: earlier.bytes(at: 1))
            else {
                report.add(
                    "its record cannot be understood, so the row of its deployment could not be "
                        + "compared", seq: earlier.integer(at: 0))
                isComparable = false
                continue
            }
            if DeploymentRow.subject(of: event) == nil { continue }
            if folded == nil { folded = DeploymentRow(id, firstEvent: event) }
            folded?.apply(event, seq: seq)
        }
        earlier.reset()
        if let found {
            looked.insert(found.n)
            if folded == nil { note(found.n) }
        } else {
            report.add("the table of deployments has no row for the deployment \(id)")
        }
        var result = folded ?? DeploymentRow(id, firstEvent: event)
        result.n = found?.n ?? 0
        return (result, isComparable ? found : nil)
    }

    /// Takes note of the row of a deployment that is new.
    private mutating func note(_ n: Int64) {
        guard let known = begun else {
            begun = n...n
            return
        }
        if n == known.upperBound + 1 {
            begun = known.lowerBound...n
        } else if strange == nil {
            strange = min(n, known.upperBound + 1)
        }
    }

    mutating func finish() throws(SQLiteError) -> Int64? {
        if let strange { return strange }
        let below = try connection.prepare(EmbeddedStatements.deploymentBelow)
        // Behind the rows that are new there is none, and the one before them is of an earlier event.
        if let last = begun?.upperBound,
            let newest = try below.rows(.integer(.max), .integer(start)).first?[0].integer,
            newest != last
        {
            return last + 1
        }
        let row = try below.rows(.integer(begun?.lowerBound ?? .max), .integer(start)).first
        if let row, row[1] != 1 { return row[0].integer }
        if let begun, begun.lowerBound != (row?[0].integer ?? 0) + 1 { return begun.lowerBound }
        return nil
    }
}
