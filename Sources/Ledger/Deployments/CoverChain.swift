internal import SQLite

/// Follows deployments that stepped aside to the one that decides what became of them.
struct CoverChain {
    private let find: Statement

    /// - Parameter find: `deployment-row.sql`.
    init(_ find: Statement) { self.find = find }

    /// The end of a chain.
    struct End {
        /// How it ended; nil while it is in flight, or not in this ledger.
        var outcome: Outcome?
        /// Its success.
        var success: Delivery.Success?
    }

    /// Where the chain that begins with a deployment ends; nil for one that did not step aside.
    ///
    /// Of deployments that stepped aside in a circle, or for none that is named, nobody delivered
    /// anything.
    func end(of row: DeploymentRow) throws(SQLiteError) -> End? {
        guard row.outcome == .superseded else { return nil }
        var seen: Set<EventID> = [row.id]
        var next = row.coveredBy
        while let id = next {
            guard seen.insert(id).inserted else { break }
            guard let cover = try self.row(of: id) else { return End() }
            if cover.outcome != .superseded {
                return End(outcome: cover.outcome, success: cover.success)
            }
            next = cover.coveredBy
        }
        return End(outcome: .superseded)
    }

    /// The success by which a deployment's commit was delivered.
    func success(of row: DeploymentRow) throws(SQLiteError) -> Delivery.Success? {
        if let own = row.success { return own }
        return try end(of: row)?.success
    }

    /// The row of a deployment; nil when the table has none.
    func row(of id: EventID) throws(SQLiteError) -> DeploymentRow? {
        try find.bind([.text(id.description)])
        defer { find.reset() }
        return try find.step() ? DeploymentRow(find) : nil
    }

    /// The rows of the deployments whose ids a statement gives for some values.
    func rows(of statement: Statement, _ values: Value...) throws(SQLiteError) -> [DeploymentRow] {
        var rows: [DeploymentRow] = []
        for id in try statement.rows(binding: values) {
            if let id = id[0].text.flatMap({ EventID($0) }), let row = try row(of: id) {
                rows.append(row)
            }
        }
        return rows
    }

    /// The first of all requests for a commit, and what it carries.
    func first(of rows: [DeploymentRow]) throws(SQLiteError) -> (place: Int64, delivery: Delivery)?
    {
        var requests: [Delivery.Request] = []
        for row in rows where row.commit != nil {
            guard let asked = row.requestedAtUs else { continue }
            requests.append(
                Delivery.Request(place: row.n, atUs: asked, success: try success(of: row)))
        }
        return Delivery.first(of: requests)
    }
}
