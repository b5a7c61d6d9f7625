import Queries
import Reporting

/// A table whose numbers and commits lead to their pages.
struct PageTable: Sendable {
    let links: Links
    let zone: Zone

    func values(_ table: Table, title: String) -> [String: TemplateValue] {
        TableModel(zone: zone).values(table, title: title, key: "", links: addresses(table))
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
    /// The same without some columns.
    func without(_ keys: Set<String>) -> Table {
        let kept = columns.indices.filter { !keys.contains(columns[$0].key) }
        return Table(
            columns: kept.map { columns[$0] }, rows: rows.map { row in kept.map { row[$0] } })
    }
}
