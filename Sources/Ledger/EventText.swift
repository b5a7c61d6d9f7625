internal import JSONLine

/// What a text that ought to be an event holds.
public enum EventText: Sendable {
    /// An event.
    case line(EventLine)
    /// An event that a later version of the program wrote, about this deployment: it is to be kept
    /// until that version comes by.
    case newer(deployment: UUIDv7?)
    /// No event, today or ever.
    case unreadable

    /// Reads a text as `EventLine.text` writes it.
    public init(_ text: String) {
        if let line = EventLine(text: text) {
            self = .line(line)
        } else if let members = Self.membersOfNewer(text) {
            let deployment = members["deployment"].flatMap { CanonicalJSON.text($0) }
            self = .newer(deployment: deployment.flatMap { UUIDv7($0) })
        } else {
            self = .unreadable
        }
    }

    /// The record's members when it has an id and is of a later form, kind or outcome.
    private static func membersOfNewer(_ text: String) -> [String: String]? {
        guard text.hasSuffix("\n"), let record = text.split(separator: "\n").first,
            let members = CanonicalJSON.members(of: Array(record.utf8)),
            let version = members["v"].flatMap({ Int64($0) }), version >= Event.knownVersion,
            members["id"].flatMap({ CanonicalJSON.text($0) }).flatMap({ UUIDv7($0) }) != nil
        else { return nil }
        if version > Event.knownVersion { return members }
        guard let kind = members["kind"].flatMap({ CanonicalJSON.text($0) }) else { return nil }
        let outcome = members["outcome"].map { CanonicalJSON.text($0).flatMap(Outcome.init) }
        let isKnown = EventKind(rawValue: kind) != nil && outcome.map { $0 != nil } ?? true
        return isKnown ? nil : members
    }
}
