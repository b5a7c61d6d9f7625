import Queries
import Reporting

/// A table whose numbers and commits lead to their pages.
struct PageTable: Sendable {
    let links: Links
    let zone: Zone

    /// - Parameter hidden: columns that say where a row leads and are not shown themselves.
    func values(
        _ table: Table, title: String, hiding hidden: Set<String> = []
    ) -> [String: TemplateValue] {
        let kept = table.columns.indices.filter { !hidden.contains(table.columns[$0].key) }
        return TableModel(zone: zone).values(
            table.with(kept), title: title, key: "",
            links: addresses(table).map { row in kept.map { row[$0] } })
    }

    private func addresses(_ table: Table) -> [[String?]] {
        let ids = table.columns.firstIndex { ["id", "deployment"].contains($0.key) }
        let locks = table.columns.firstIndex { $0.key == "lock" }
        return table.rows.map { row in
            zip(table.columns, row).map { column, cell in
                switch (column.key, cell) {
                case ("number", .integer(let number)):
                    if let ids, case .text(let id) = row[ids] { return links.deployment(id) }
                    var lock: String?
                    if let locks, case .text(let path) = row[locks] { lock = path }
                    return links.deployment(String(number), lock: lock)
                case ("id", .text(let id)), ("deployment", .text(let id)):
                    return links.deployment(id)
                case (let key, .text(let sha)) where key == "sha" || key.hasSuffix("_sha"):
                    return links.commit(sha)
                case ("actor", .text(let name)), ("person", .text(let name)):
                    return links.person(name)
                case ("run_url", .text(let address)):
                    return WebAddress.isSafe(address) ? address : nil
                default: return nil
                }
            }
        }
    }
}

extension Table {
    /// The same with these columns alone.
    fileprivate func with(_ kept: [Int]) -> Table {
        Table(columns: kept.map { columns[$0] }, rows: rows.map { row in kept.map { row[$0] } })
    }
}
