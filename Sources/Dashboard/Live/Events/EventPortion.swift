import JSON
import Ledger
import Queries
import Reporting

/// Some events in a row as they go over the wire.
struct EventPortion: Sendable {
    /// The events; nothing where a filter lets none through.
    let text: String
    /// The place up to which was read.
    let end: Int64

    /// Nothing was read.
    static let none = EventPortion(text: "", end: 0)

    private init(text: String, end: Int64) {
        self.text = text
        self.end = end
    }

    /// Reads at most `limit` events.
    init(
        _ reader: LedgerReader, _ filter: ReportFilter, after cursor: EventCursor, limit: Int
    ) throws {
        // Before the events: what comes in between is read the next time.
        let head = try reader.head().seq
        let list = try EventList(
            reader.connection,
            window: PartialWindow(since: nil, until: nil, zone: .utc, now: .now), filter: filter,
            after: cursor.seq)
        var text = ""
        var last = cursor.seq
        var count = 0
        while count < limit, let event = try list.next() {
            let id = EventCursor(ledger: cursor.ledger, seq: event.seq)
            text += ServerSentEvent(id: id.description, data: event.json).text
            last = event.seq
            count += 1
        }
        self.text = text
        end = count < limit ? max(head, last) : last
    }
}
