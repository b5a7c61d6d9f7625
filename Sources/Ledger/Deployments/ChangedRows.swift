/// Rows of deployments that wait to be written, in the order of their first event.
struct ChangedRows {
    /// One of them.
    struct Change {
        /// As the table has it; nil when it has none.
        var written: DeploymentRow?
        var row: DeploymentRow
    }

    private var list: [(id: EventID, change: Change)] = []
    /// Where each is; empty while there are few of them.
    ///
    /// For its first dictionary of a kind a program searches all its conformances: a twentieth of what
    /// a deployment costs, which has one row.
    private var places: [EventID: Int] = [:]

    private static let few = 16

    var count: Int { list.count }
    var ids: [EventID] { list.map(\.id) }

    /// The change of a deployment; nil without one.
    subscript(id: EventID) -> Change? { place(of: id).map { list[$0].change } }

    /// Changes it in its place; one that is not there is left alone.
    mutating func update(_ id: EventID, _ body: (inout Change) -> Void) {
        if let place = place(of: id) { body(&list[place].change) }
    }

    /// Adds a row that has no change yet.
    mutating func append(written: DeploymentRow?, row: DeploymentRow) {
        list.append((row.id, Change(written: written, row: row)))
        if list.count == Self.few + 1 {
            for (place, entry) in list.enumerated() { places[entry.id] = place }
        } else if list.count > Self.few {
            places[row.id] = list.count - 1
        }
    }

    mutating func removeAll() {
        list.removeAll(keepingCapacity: true)
        if !places.isEmpty { places.removeAll(keepingCapacity: true) }
    }

    private func place(of id: EventID) -> Int? {
        list.count > Self.few ? places[id] : list.firstIndex { $0.id == id }
    }
}
