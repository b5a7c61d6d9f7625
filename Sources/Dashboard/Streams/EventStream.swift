import Glibc
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Queries
import ServiceLifecycle
import SystemCalls

/// What a stream tells: asked for when there may be something new, never told.
protocol StreamContent: Sendable {
    /// What a client that comes back shall name as the last it has seen; nil for what it saw already.
    var position: String? { get }
    /// The next events as they go over the wire; nil when there is nothing new.
    mutating func next() async throws -> String?
}

/// An answer that goes on until its client leaves, takes nothing any more, or is let in no longer,
/// or until the server stops.
struct EventStream: Sendable {
    private let site: Site
    private let request: Request
    private let context: DashboardContext

    init(_ site: Site, _ request: Request, _ context: DashboardContext) {
        self.site = site
        self.request = request
        self.context = context
    }

    /// After how long it is asked again whether the client is let in; in µs.
    private static let admission: Int64 = 1_000_000

    /// Answers with a stream.
    ///
    /// - Throws: 503 when there are too many already.
    func response(_ content: some StreamContent) throws(Problem) -> Response {
        guard let slot = site.slots.take() else {
            // Not all at once, and never in the place of one that is open: who is thrown out comes
            // back and throws out the next.
            throw .unavailable(
                "too many streams are open; pages work without one",
                retryAfter: .random(in: 5...30))
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8",
                .cacheControl: "no-cache, no-transform", .accelBuffering: "no",
            ],
            body: ResponseBody { writer in
                defer { withExtendedLifetime(slot) {} }
                let stream = StreamWriter(
                    writer, context.channel, site.slots,
                    longestWriteUs: site.options.limits.streamWriteUs)
                try await run(content, stream)
            })
    }

    @concurrent
    private func run(
        _ content: some StreamContent, _ writer: consuming StreamWriter
    ) async throws {
        await StreamWriter.limit(
            context.channel, goneAfter: site.options.limits.streamGoneUs)
        let listener = Listener()
        site.live.listen(listener)
        defer { site.live.leave(listener) }
        // Behind a request that it sent besides, nobody sees that the client leaves.
        context.channel.closeFuture.whenComplete { _ in listener.finish(.left) }
        var writer = writer
        try await withGracefulShutdownHandler {
            // Who leaves would otherwise be noticed by the next write alone.
            try await request.body.consumeWithInboundCloseHandler { _ in
                try await tell(content, to: &writer, while: listener)
            } onInboundClosed: {
                listener.finish(.left)
            }
        } onGracefulShutdown: {
            listener.finish(.shutdown)
        }
        try await writer.finish()
    }

    @concurrent
    private func tell(
        _ content: some StreamContent, to writer: inout StreamWriter, while listener: Listener
    ) async throws {
        var content = content
        // Not all at once, when the server comes back.
        let start = ServerSentEvent(retryMilliseconds: .random(in: 3000...8000))
        try await writer.write(start.text + Self.tick(content).text)
        var toldAt = Clock.monotonicMicroseconds()
        var admittedAt = toldAt
        listener.nudge()
        for await _ in listener.nudges {
            while listener.end == nil, let text = try await content.next() {
                try await writer.write(text)
                endUnlessAdmitted(listener, &admittedAt)
            }
            endUnlessAdmitted(listener, &admittedAt)
            if let end = listener.end {
                if end != .left { try await writer.write(Self.bye(end).text) }
                return
            }
            if Clock.monotonicMicroseconds() - toldAt >= site.options.limits.tickUs {
                try await writer.write(Self.tick(content).text)
                toldAt = Clock.monotonicMicroseconds()
            }
        }
    }

    /// A login ends, a token is removed; what it let in ends with it.
    private func endUnlessAdmitted(_ listener: Listener, _ admittedAt: inout Int64) {
        let now = Clock.monotonicMicroseconds()
        guard let admission = context.admission, now - admittedAt >= Self.admission else { return }
        admittedAt = now
        if !site.gate.stillAdmits(admission, now: .now) { listener.finish(.expired) }
    }

    /// The server's time, which tells that the connection is alive.
    private static func tick(_ content: some StreamContent) -> ServerSentEvent {
        ServerSentEvent(
            name: "tick", id: content.position, data: .object([("now", .string(now))]))
    }

    /// The last words; a server that stops will be away for a while.
    private static func bye(_ end: Listener.End) -> ServerSentEvent {
        ServerSentEvent(
            name: "bye", retryMilliseconds: .random(in: 5000...15000),
            data: .object([
                ("now", .string(now)), ("reason", .string(end == .expired ? "expired" : "stop")),
            ]))
    }

    /// The time here, as clients are told it.
    static var now: String { Instant.now.rfc3339 }
}

extension EventStream {
    /// What a client says it has: in the field that browsers send when they come back, else in the
    /// address, whose query has no other name.
    static func lastEventID(
        _ request: Request, parameter: String
    ) throws(Problem) -> String? {
        let query = try AddressQuery(request, known: [parameter])
        let sent = request.headers[.lastEventID]
        if let sent { return sent }
        return try query.one(parameter)
    }
}
