import JSON
import Ledger
import Queries
import Reporting

/// The events of a ledger behind a place, each exactly once and in order: read on from there whenever
/// there may be more, so that nothing is kept for a client and nothing is lost.
struct EventNews: StreamContent {
    private let site: Site
    private let filter: ReportFilter
    private var cursor: EventCursor

    /// - Parameter cursor: the last event that the client has.
    init(_ site: Site, _ filter: ReportFilter, after cursor: EventCursor) {
        self.site = site
        self.filter = filter
        self.cursor = cursor
    }

    var position: String? { cursor.description }

    /// How many events are read, and sent, at a time.
    private static let portion = 200

    mutating func next() async throws -> String? {
        let now = site.live.now
        // Somebody else reads it again soon; until then there is nothing to tell.
        guard now.isReadable else { return nil }
        if cursor.ledger == nil { cursor.ledger = now.ledger }
        guard cursor.ledger == now.ledger, cursor.seq <= now.seq else {
            cursor = EventCursor(ledger: now.ledger, seq: 0)
            return reset(now).text
        }
        guard cursor.seq < now.seq else { return nil }
        let start = cursor
        let portion: EventPortion
        do {
            portion = try await site.portions.portion(start, filter, now) { [site, filter] in
                try await site.ledger.read { reader in
                    guard LedgerName.short(reader.id) == start.ledger else { return .none }
                    return try EventPortion(
                        reader, filter, after: start, limit: Self.portion)
                }
            }
        } catch is Problem {
            // Locked, or just being replaced.
            return nil
        }
        guard portion.end > cursor.seq else { return nil }
        cursor.seq = portion.end
        return portion.text
    }

    /// What the client has is of another ledger, or of one that has gone back in time.
    private func reset(_ now: Now) -> ServerSentEvent {
        ServerSentEvent(
            name: "reset", id: cursor.description,
            data: .object([("ledger", .string(now.ledger)), ("seq", .integer(now.seq))]))
    }
}
