import JSON

/// One event of a stream as it goes over the wire.
///
/// Source: <https://html.spec.whatwg.org/multipage/server-sent-events.html>
struct ServerSentEvent: Sendable {
    /// What kind of event it is; nil for that of scripts that listen for none in particular.
    var name: String?
    /// What a client says it has seen last when it comes back.
    var id: String?
    /// When to come back after the connection was lost, in milliseconds.
    var retryMilliseconds: Int?
    /// One line: JSON.
    var data: JSONValue?

    /// Its lines, and the empty one that ends it.
    var text: String {
        var text = ""
        if let retryMilliseconds { text += "retry: \(retryMilliseconds)\n" }
        if let id { text += "id: \(id)\n" }
        if let name { text += "event: \(name)\n" }
        if let data { text += "data: \(data.line)\n" }
        return text + "\n"
    }
}
