internal import JSON

/// What a text that ought to be an event holds.
package enum EventText: Sendable {
    /// An event.
    case line(EventLine)
    /// An event that a later version of the program wrote, about this deployment: it is to be kept
    /// until that version comes by.
    case newer(deployment: UUIDv7?)
    /// No event, today or ever.
    case unreadable

    /// Reads a text as `EventLine.text` writes it.
    package init(_ text: String) {
        if let line = EventLine(text: text) {
            self = .line(line)
        } else if let members = Self.membersOfNewer(text) {
            self = .newer(deployment: members.text("deployment").flatMap { UUIDv7($0) })
        } else {
            self = .unreadable
        }
    }

    /// The record's members when it has an id and is of a later form, kind or outcome.
    private static func membersOfNewer(_ text: String) -> CanonicalMembers? {
        guard text.hasSuffix("\n"), let record = text.split(separator: "\n").first,
            let members = CanonicalMembers(Array(record.utf8)),
            let version = members.integer("v"), version >= Event.knownVersion,
            members.text("id").flatMap({ UUIDv7($0) }) != nil
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
