import JSON
import Ledger
import Queries

/// An event as far as this version understands its record: what a later version wrote shall be
/// shown, too.
struct RecordedEvent: Sendable {
    /// What it tells, be it unknown to this version; nil when the record does not say.
    let kind: String?
    let at: Instant?
    /// The facts; what the record does not have is nil, and a text that it has to have empty.
    let facts: Event

    /// Reads a record.
    init(_ record: String) {
        let members = CanonicalMembers(Array(record.utf8))
        kind = members?.text("kind")
        at = members?.integer("at_us").map { Instant(microseconds: $0) }
        facts = Event(asFarAsUnderstood: members)
    }
}
