import JSON
import Queries

/// What an open page is told: which of its parts are not what it has any more.
struct PageNews: StreamContent {
    private let live: LiveState
    /// What the page has; empty when it is unknown.
    private var parts: [Part: Int64]

    /// - Parameter version: the state that the page says it has.
    init(_ live: LiveState, version: String?) {
        self.live = live
        let now = live.now
        parts = version == now.version ? now.parts : [:]
    }

    mutating func next() async throws -> String? {
        let now = live.now
        let changed = now.changes(since: parts)
        if changed.isEmpty { return nil }
        parts = now.parts
        return ServerSentEvent(
            name: "change", id: now.version,
            data: .object([
                ("seq", .integer(now.seq)), ("now", .string(EventStream.now)),
                ("parts", .array(changed.map { .string($0.rawValue) })),
            ])
        ).text
    }
}
