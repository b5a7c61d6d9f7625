import Queries
import Synchronization

/// Portions of events that were read, for all streams that are at the same place: most of them are.
final class EventPortions: Sendable {
    private struct Place: Hashable {
        let cursor: EventCursor
        /// The words of the filter, byte for byte: texts that merely look alike are not the same.
        let filter: [UInt8]
        /// What was known of the ledger.
        let head: Int64
    }

    private let known = Mutex<[Place: Task<EventPortion, any Error>]>([:])
    private static let most = 16

    /// The events behind a place; `read` reads them unless somebody did, or does.
    func portion(
        _ cursor: EventCursor, _ filter: ReportFilter, _ now: Now,
        _ read: @escaping @Sendable () async throws -> EventPortion
    ) async throws -> EventPortion {
        let place = Place(
            cursor: cursor, filter: Array("\(filter)".utf8), head: now.seq)
        let task = known.withLock { known in
            if let task = known[place] { return task }
            // New places come with each event; which of the old ones goes matters little.
            if known.count >= Self.most { known.removeAll() }
            let task = Task { try await read() }
            known[place] = task
            return task
        }
        do { return try await task.value } catch {
            known.withLock { $0[place] = nil }
            throw error
        }
    }
}
