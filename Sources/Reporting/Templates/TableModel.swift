package import Queries
import Wording

/// A table as templates see it.
package struct TableModel: Sendable {
    private let zone: Zone

    /// Tables whose times are shown in a zone.
    package init(zone: Zone) { self.zone = zone }

    /// The keys of a table.
    ///
    /// - Parameter links: what each cell leads to.
    package func values(
        _ table: Table, title: String, key: String, links: [[String?]]? = nil
    ) -> [String: TemplateValue] {
        let numeric = table.columns.enumerated().map { index, column in
            // Also where no row has a value.
            column.key.hasSuffix("_seconds") || table.rows.contains { $0[index].isNumber }
        }
        let columns = zip(table.columns, numeric).map { column, isNumber -> TemplateValue in
            ["title": .text(column.title), "is_number": .flag(isNumber)]
        }
        let rows = table.rows.enumerated().map { place, row -> TemplateValue in
            let cells = row.indices.map { cell(row[$0], numeric[$0], link: links?[place][$0]) }
            let (name, facts) = words(table.columns, row)
            var values: [String: TemplateValue] = [
                "cells": .list(cells), "name": .text(name), "facts": .text(facts),
                "sentence": .text(name.isEmpty ? facts : "\(name) \(facts)"),
            ]
            let number = table.columns.firstIndex { $0.key == "number" }
            if let number, let link = links?[place][number] { values["href"] = .text(link) }
            return .object(values)
        }
        return [
            "title": .text(title), "key": .text(key), "columns": .list(columns),
            "has_rows": .flag(!table.rows.isEmpty), "rows": .list(rows),
            "markdown": .text(MarkdownRenderer(zone: zone).render(table, links: links)),
        ]
    }

    /// A row in a line, for where there is no room for columns: what it is called, and the rest.
    private func words(_ columns: [Table.Column], _ row: [Cell]) -> (name: String, facts: String) {
        var name = ""
        var facts: [String] = []
        for (column, cell) in zip(columns, row) {
            if case .none = cell { continue }
            let text = cell.text(in: zone).escapedForTerminal.shortened(toColumns: 120)
            if column.key == "number" {
                name = "#\(text)"
            } else {
                let title = column.key == "sha" ? "commit" : column.title.lowercased()
                facts.append("\(title) \(text)")
            }
        }
        return (name, facts.joined(separator: ", "))
    }

    private static let longestUnbroken = 20

    /// The keys of a cell.
    func cell(
        _ cell: Cell, _ isNumber: Bool, link: String? = nil
    ) -> TemplateValue {
        let text = cell.text(in: zone).escapedForTerminal
        var isShort = text.utf8.count <= Self.longestUnbroken
        if case .time = cell { isShort = true }
        var values: [String: TemplateValue] = [
            "text": .text(text), "is_number": .flag(isNumber),
            "is_short": .flag(!isNumber && isShort),
            "kind": isNumber ? "number" : isShort ? "short" : "long",
        ]
        // Else the one of the row would be meant.
        values["href"] = .optional(link)
        return .object(values)
    }
}
