package import JSON

/// What a script that tells people is given, whatever it is about: one object on one line.
///
/// Described in `docs/notifications.md`; `examples/notify/` reads it.
package struct Notification: Sendable {
    /// What it is about.
    package enum Kind: String, Sendable {
        /// A condition that needs attention, or its end.
        case alert
        /// A period.
        case report
        /// What has become of a deployment.
        case deployment
    }

    /// Something to open.
    package struct Link: Sendable {
        let title: String
        let address: String

        /// Describes a page.
        package init(title: String, address: String) {
            self.title = title
            self.address = address
        }
    }

    let kind: Kind
    let status: String
    let summary: String
    let text: String
    let links: [Link]
    let at: String
    let host: String
    let ledger: String
    private let more: [(key: String, value: JSONValue)]

    /// Describes what is to be told.
    ///
    /// - Parameters:
    ///   - status: how bad it is or that it is over, in a word.
    ///   - summary: one line.
    ///   - text: lines of plain text.
    ///   - at: when it was found out, RFC 3339.
    ///   - more: what belongs to this kind alone.
    package init(
        kind: Kind, status: String, summary: String, text: String, links: [Link], at: String,
        host: String, ledger: String, more: [(key: String, value: JSONValue)] = []
    ) {
        self.kind = kind
        self.status = status
        self.summary = summary
        self.text = text
        self.links = links
        self.at = at
        self.host = host
        self.ledger = ledger
        self.more = more
    }

    /// The object.
    package var json: JSONValue {
        .object(
            [
                JSONValue.formatMember, ("kind", .string(kind.rawValue)),
                ("status", .string(status)), ("at", .string(at)), ("host", .string(host)),
                ("ledger", .string(ledger)), ("summary", .string(summary)),
                ("text", .string(text)),
                (
                    "links",
                    .array(
                        links.map {
                            .object([("title", .string($0.title)), ("url", .string($0.address))])
                        })
                ),
            ] + more)
    }
}
