package import Queries

extension Quantity {
    /// The quantity as a cell of a table.
    package var cell: Cell {
        switch self {
        case .duration(let microseconds): .duration(microseconds)
        case .count(let count): .integer(count)
        case .ratio(let ratio): .real(ratio)
        }
    }
}

extension Quantity? {
    /// For a table.
    package var cell: Cell {
        switch self {
        case .duration(let microseconds): .duration(microseconds)
        case .count(let count): .integer(count)
        case .ratio(let ratio): .real(ratio)
        case nil: .none
        }
    }
}
