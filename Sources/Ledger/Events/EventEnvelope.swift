internal import JSON

/// An event as it is hashed, stored, spooled and exported: the record and, beside it, its detail.
package struct EventEnvelope: Hashable, Sendable {
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
    /// only a later version of the program understands, see `ParsedEvent`.
    ///
    /// The record is kept as it is, byte for byte, keys of a later version included.
    package init?(text: String) {
        guard let (record, attachment) = Self.parts(of: text) else { return nil }
        self.init(record: record, attachment: attachment)
    }

    /// What is in front of and behind the end of the first line of a text, both without their own
    /// ends; nil when the text ends in the middle of a line.
    static func parts(of text: String) -> (record: [UInt8], attachment: [UInt8]?)? {
        let bytes = Array(text.utf8)
        let newline = UInt8(ascii: "\n")
        guard bytes.last == newline, let end = bytes.firstIndex(of: newline) else { return nil }
        let rest = end + 1 < bytes.count ? Array(bytes[(end + 1)..<(bytes.count - 1)]) : nil
        return (Array(bytes[..<end]), rest)
    }

    /// Reads the two lines of `text` without their ends; most events have only the first.
    init?(record: [UInt8], attachment: [UInt8]?) {
        guard let event = Event(record: record), event.v <= Event.knownVersion else { return nil }
        self.event = event
        self.record = String(decoding: record, as: UTF8.self)
        guard let attachment else {
            detail = nil
            salt = nil
            return
        }
        guard let attachment = Attachment(attachment),
            let salt = Hexadecimal.decode(attachment.salt.utf8), salt.count == 16,
            event.detailHash == Chain.detailHash(salt: salt, detail: attachment.detail.utf8)
        else { return nil }
        detail = attachment.detail
        self.salt = salt
    }

    /// Whether one of these texts is an event that gives its deployment an outcome.
    package static func containsOutcome(_ texts: [String]) -> Bool {
        texts.contains { EventEnvelope(text: $0)?.kind.endsDeployment == true }
    }

    /// No line of an event is longer, in bytes.
    package static let longest = 4 << 20

    /// One line or, with a detail, two lines, each with its end.
    package var text: String { Self.text(record: record, detail: detail, salt: salt) }

    static func text(record: String, detail: String?, salt: [UInt8]?) -> String {
        guard let detail, let salt else { return record + "\n" }
        let attachment = Attachment(detail: detail, salt: Hexadecimal.encode(salt))
        return "\(record)\n\(attachment.json)\n"
    }

    /// The event's id.
    package var id: EventID { event.id }
    /// What it tells.
    package var kind: EventKind { event.kind }
    /// The deployment it is about.
    package var deployment: EventID? { event.deployment }

    private static func newSalt() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).flatMap { _ in
            withUnsafeBytes(of: generator.next() as UInt64) { Array($0) }
        }
    }
}

/// The line behind a record that has a detail.
private struct Attachment: RecordFields {
    var detail: String
    /// In hexadecimal.
    var salt: String

    init(detail: String, salt: String) {
        self.detail = detail
        self.salt = salt
    }

    init?(_ bytes: [UInt8]) {
        guard let members = CanonicalMembers(bytes) else { return nil }
        self.init(detail: "", salt: "")
        do { try read(members) } catch { return nil }
    }

    mutating func visit<Visitor: MemberVisitor>(_ visitor: inout Visitor) {
        visitor.require("detail", &detail)
        visitor.require("salt", &salt)
    }
}
