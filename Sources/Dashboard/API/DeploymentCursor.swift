import Ledger
import Queries
import Reporting

/// Where a list of deployments goes on: behind one of them.
struct DeploymentCursor: Sendable {
    fileprivate let deployment: EventID

    /// The id as it stands in addresses.
    var text: String { deployment.description }

    /// Nil for the beginning of the list.
    ///
    /// - Throws: 400 for what is not an id.
    init?(_ text: String?) throws(Problem) {
        guard let text else { return nil }
        guard let deployment = EventID(text) else { throw Self.unknown }
        self.deployment = deployment
    }

    /// The ledger has no such deployment: it may be another one by now.
    fileprivate static let unknown = Problem.badRequest(
        "the cursor is not a deployment of this ledger; begin without one")
}

extension DeploymentList {
    /// Lists the deployments behind a place.
    ///
    /// - Throws: 400 where the ledger does not have that place.
    init(
        _ reader: LedgerReader, window: PartialWindow, filter: ReportFilter, limit: Int64,
        behind cursor: DeploymentCursor?
    ) throws {
        try self.init(
            reader.connection, window: window, filter: filter, limit: limit, before: cursor?.text)
        if let cursor, table.rows.isEmpty, try !reader.outcome(of: cursor.deployment).isKnown {
            throw DeploymentCursor.unknown
        }
    }
}
