import JSON

/// What an open page is told: which of its parts are not what it has any more.
struct PageNews: StreamContent {
    private let live: LiveState
    /// What the page has; empty when it is unknown.
    private var parts: [Part: Int64]

    /// - Parameters:
    ///   - now: the newest state.
    ///   - version: the state that the page says it has.
    init(_ live: LiveState, _ now: Now, has version: String?) {
        self.live = live
        parts = version == now.version ? now.parts : [:]
    }

    /// The same state is told again to whoever comes back: that costs it a few tags.
    var position: String? { nil }

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
