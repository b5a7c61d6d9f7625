internal import JSON

/// What a text that ought to be an event holds.
package enum ParsedEvent: Sendable {
    /// An event.
    case line(EventEnvelope)
    /// An event that a later version of the program wrote, about this deployment: it is to be kept
    /// until that version comes by.
    case newer(deployment: EventID?)
    /// No event, today or ever.
    case unreadable

    /// Reads a text as `EventEnvelope.text` writes it.
    package init(_ text: String) {
        if let (record, attachment) = EventEnvelope.parts(of: text) {
            self.init(record: record, attachment: attachment)
        } else {
            self = .unreadable
        }
    }

    /// Reads the lines of such a text without their ends; most events have only the first.
    package init(record: [UInt8], attachment: [UInt8]?) {
        if let line = EventEnvelope(record: record, attachment: attachment) {
            self = .line(line)
        } else if let members = Self.membersOfNewer(record) {
            self = .newer(deployment: members.text("deployment").flatMap { EventID($0) })
        } else {
            self = .unreadable
        }
    }

    /// The record's members when it has an id and is of a later form, kind or outcome.
    private static func membersOfNewer(_ record: [UInt8]) -> CanonicalMembers? {
        guard let members = CanonicalMembers(record),
            let version = members.integer("v"), version >= Event.knownVersion,
            members.text("id").flatMap({ EventID($0) }) != nil
        else { return nil }
        if version > Event.knownVersion { return members }
        guard let kind = members.text("kind") else { return nil }
        let isKnown =
            EventKind(rawValue: kind) != nil
            && (!members.contains("outcome")
                || members.text("outcome").flatMap(Outcome.init) != nil)
        return isKnown ? nil : members
    }
}
