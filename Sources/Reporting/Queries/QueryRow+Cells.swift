import Ledger
import SQLite

extension QueryRow {
    /// The row as cells of a table, each with the meaning its column declares.
    public var cells: [Cell] {
        zip(query.columns, values).map { column, value in Self.cell(value, column.type) }
    }

    static func cell(_ value: Value, _ type: NamedQuery.ValueType) -> Cell {
        switch (value, type) {
        case (.null, _): .none
        case (.integer(let number), .time): .time(Instant(microseconds: number))
        case (.integer(let number), .duration): .duration(number)
        case (.integer(let number), _): .integer(number)
        case (.real(let number), _): .real(number)
        case (.text(let text), .words): JSONText.strings(in: text).map { .words($0) } ?? .text(text)
        case (.text(let text), _): .text(text)
        case (.blob(let bytes), _): .text(Hexadecimal.encode(bytes))
        }
    }
}
