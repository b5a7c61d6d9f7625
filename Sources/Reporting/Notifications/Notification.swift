package import JSON

/// What a script that tells people is given, whatever it is about: one object on one line.
///
/// Described in `docs/notifications.md`; `examples/notify/` reads it.
package struct Notification: Sendable {
    /// What it is about.
    package enum Kind: String, Sendable {
        case alert, report, deployment
    }

    /// Something to open.
    package struct Link: Sendable {
        let title: String
        let address: String
    }

    let kind: Kind
    /// How bad it is or that it is over, in a word.
    let status: String
    let summary: String
    let text: String
    let links: [Link]
    /// When it was found out, RFC 3339.
    let at: String
    let host: String
    let ledger: String
    /// What belongs to this kind alone.
    var more: [(key: String, value: JSONValue)] = []

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
