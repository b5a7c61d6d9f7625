internal import JSON

/// An event as it is hashed, stored, spooled and exported: the record and, beside it, its detail.
package struct EventLine: Hashable, Sendable {
    /// What the record says.
    package let event: Event
    /// The JSON record, one line without its end.
    package let record: String
    /// The JSON text of the detail, secrets masked.
    package let detail: String?
    /// What makes guessing the detail from its hash useless.
    package let salt: [UInt8]?

    /// Encodes an event; secrets that can be recognised in the detail are masked first.
    package init(_ event: Event, detail: EventDetail? = nil) {
        var event = event
        let salt = detail.map { _ in Self.newSalt() }
        let text = detail.map { $0.masked.json }
        if let text, let salt {
            event.detailHash = Chain.detailHash(salt: salt, detail: text.utf8)
        }
        self.event = event
        record = event.json
        self.detail = text
        self.salt = salt
    }

    /// Reads what `text` gives, checking that detail and record belong together; nil for what
    /// only a later version of the program understands, see `EventText`.
    ///
    /// The record is kept as it is, byte for byte, keys of a later version included.
    package init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 2 || lines.count == 3, lines.last?.isEmpty == true,
            let event = Event(record: String(lines[0])),
            event.v <= Event.knownVersion
        else { return nil }
        self.event = event
        record = String(lines[0])
        guard lines.count == 3 else {
            detail = nil
            salt = nil
            return
        }
        guard let attachment = CanonicalMembers(Array(lines[1].utf8)),
            let detail = attachment.text("detail"), let salt = attachment.text("salt"),
            let bytes = Hexadecimal.decode(salt.utf8), bytes.count == 16,
            event.detailHash == Chain.detailHash(salt: bytes, detail: detail.utf8)
        else { return nil }
        self.detail = detail
        self.salt = bytes
    }

    /// Whether one of these texts is an event that gives its deployment an outcome.
    package static func tellOfAnEnd(_ texts: [String]) -> Bool {
        texts.contains { EventLine(text: $0)?.kind.endsDeployment == true }
    }

    /// No line of an event is longer, in bytes.
    package static let longest = 4 << 20

    /// One line or, with a detail, two lines, each with its end.
    package var text: String { Self.text(record: record, detail: detail, salt: salt) }

    static func text(record: String, detail: String?, salt: [UInt8]?) -> String {
        guard let detail, let salt else { return record + "\n" }
        var attachment = JSONObject()
        attachment.set("detail", detail)
        attachment.set("salt", Hexadecimal.encode(salt))
        return "\(record)\n\(attachment.text)\n"
    }

    /// The event's id.
    package var id: UUIDv7 { event.id }
    /// What it tells.
    package var kind: EventKind { event.kind }
    /// The deployment it is about.
    package var deployment: UUIDv7? { event.deployment }

    private static func newSalt() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).flatMap { _ in
            withUnsafeBytes(of: generator.next() as UInt64) { Array($0) }
        }
    }
}
