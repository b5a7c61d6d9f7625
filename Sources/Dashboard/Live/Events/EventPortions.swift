import Queries

/// Portions of events that were read, for all streams that are at the same place: most of them are.
struct EventPortions: Sendable {
    private struct Place: Hashable {
        let cursor: EventCursor
        /// The words of the filter, byte for byte: texts that merely look alike are not the same.
        let filter: [UInt8]
        /// What was known of the ledger.
        let head: Int64
    }

    /// New places come with each event; which of the old ones goes matters little.
    private let known = SharedReads<Place, EventPortion>(most: 16)

    /// The events behind a place; `read` reads them unless somebody did, or does.
    func portion(
        _ cursor: EventCursor, _ filter: ReportFilter, _ now: Now,
        _ read: @escaping @Sendable () async throws -> EventPortion
    ) async throws -> EventPortion {
        let place = Place(cursor: cursor, filter: Array("\(filter)".utf8), head: now.seq)
        return try await known.value(place, read)
    }
}
