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
    /// The next events as they go over the wire; nil when there are none for now.
    mutating func next() async throws -> String?
}

/// An answer that goes on until its client leaves, takes nothing any more, or is let in no longer,
/// or until the server stops.
struct EventStream: Sendable {
    let site: Site

    /// After how long a client is told that it is still connected; in µs.
    ///
    /// Proxies give up after a minute without a byte, and scripts see no comments.
    private static let tick: Int64 = 15_000_000
    /// How much the kernel may keep for a client: who stops reading is noticed after that.
    private static let sendBuffer: SocketOptionValue = 65_536
    /// How long the kernel keeps trying a client that answers nothing, in milliseconds.
    private static let userTimeout: SocketOptionValue = 30_000

    /// Answers with a stream; 503 when there are too many already.
    func response(
        _ request: Request, _ context: DashboardContext, _ content: some StreamContent
    ) throws -> Response {
        guard let slot = site.slots.take() else {
            // Not all at once, and never in the place of one that is open: who is thrown out comes
            // back and throws out the next.
            throw Problem.unavailable(
                "too many streams are open; the pages work without, too",
                retryAfter: .random(in: 5...30))
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8",
                .cacheControl: "no-cache, no-transform", Self.accelBuffering: "no",
            ],
            body: ResponseBody { writer in
                defer { withExtendedLifetime(slot) {} }
                let stream = StreamWriter(
                    writer, context.channel, site.slots, longestWrite: site.options.longestWrite)
                try await run(request, context, content, stream)
            })
    }

    /// For nginx: hands each piece on at once.
    private static let accelBuffering = HTTPField.Name("X-Accel-Buffering") ?? .cacheControl

    @concurrent
    private func run(
        _ request: Request, _ context: DashboardContext, _ content: some StreamContent,
        _ writer: consuming StreamWriter
    ) async throws {
        await limit(context.channel)
        let listener = Listener()
        site.live.listen(listener)
        defer { site.live.leave(listener) }
        var writer = writer
        try await withGracefulShutdownHandler {
            // Who leaves would otherwise be noticed by the next write alone.
            try await request.body.consumeWithInboundCloseHandler { _ in
                try await Self.tell(content, to: &writer, while: listener)
            } onInboundClosed: {
                listener.finish(.left)
            }
        } onGracefulShutdown: {
            listener.finish(.shutdown)
        }
        try await writer.finish()
    }

    @concurrent
    private static func tell(
        _ content: some StreamContent, to writer: inout StreamWriter, while listener: Listener
    ) async throws {
        var content = content
        // Not all at once, when the server comes back.
        let start = ServerSentEvent(retryMilliseconds: .random(in: 3000...8000))
        try await writer.write(start.text + tickEvent.text)
        var toldAt = Clock.monotonicMicroseconds()
        listener.nudge()
        for await _ in listener.nudges {
            while listener.end == nil, let text = try await content.next() {
                try await writer.write(text)
            }
            if let end = listener.end {
                if end != .left { try await writer.write(bye(end).text) }
                return
            }
            if Clock.monotonicMicroseconds() - toldAt >= tick {
                try await writer.write(tickEvent.text)
                toldAt = Clock.monotonicMicroseconds()
            }
        }
    }

    /// The server's time, which tells that the connection is alive.
    private static var tickEvent: ServerSentEvent {
        ServerSentEvent(name: "tick", data: .object([("now", .string(now))]))
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
    static var now: String { Instant(microseconds: Clock.wallMicroseconds()).rfc3339 }

    /// Has the kernel notice a client that takes nothing, or is gone without a word.
    private func limit(_ channel: any Channel) async {
        // A unix socket knows nothing of TCP.
        _ = try? await channel.setOption(
            .socketOption(.so_sndbuf), value: Self.sendBuffer
        ).get()
        _ = try? await channel.setOption(
            .tcpOption(NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT)), value: Self.userTimeout
        ).get()
    }
}
