package import JSON
import Ledger
package import SQLite

extension QueryRow {
    /// The row as cells of a table, each with the meaning its column declares.
    package var cells: [Cell] {
        zip(query.columns, values).map { column, value in Self.cell(value, column.type) }
    }

    /// The values under the names of their columns, NULL left out.
    package var json: JSONValue {
        .object(
            zip(query.columns, cells).flatMap { column, cell in cell.members(column.key) })
    }

    package static func cell(_ value: Value, _ type: NamedQuery.ValueType) -> Cell {
        switch (value, type) {
        case (.null, _): .none
        case (.integer(let number), .time): .time(Instant(microseconds: number))
        case (.integer(let number), .duration): .duration(number)
        case (.integer(let number), _): .integer(number)
        case (.real(let number), .ratio): .ratio(number)
        case (.real(let number), _): .real(number)
        case (.text(let text), .words): JSONText.strings(in: text).map { .words($0) } ?? .text(text)
        case (.text(let text), _): .text(text)
        case (.blob(let bytes), _): .text(Hexadecimal.encode(bytes))
        }
    }
}

extension NamedQuery.Column {
    /// The key in JSON and CSV.
    ///
    /// Values are given in base units, so the names of lengths of time say seconds, and times say
    /// nothing.
    package var key: String {
        guard name.hasSuffix("_us"), type == .duration || type == .time else { return name }
        let stem = name.dropLast(3)
        return type == .duration ? "\(stem)_seconds" : String(stem)
    }

    /// The column for a table of people and programs.
    package var tableColumn: Table.Column {
        let words = type == .duration || type == .time ? name.dropping(suffix: "_us") : name
        // A command may be long without saying more; a sentence is there to be read.
        let widest = type == .words ? 60 : 120
        return Table.Column(key, title: words.uppercased().spaced, widest: widest)
    }
}

extension String {
    /// Without an ending, if it has it.
    fileprivate func dropping(suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }

    /// With blanks for underscores.
    fileprivate var spaced: String { String(map { $0 == "_" ? " " : $0 }) }
}
