import Synchronization

/// One stream that waits for news, and is told that there is some, not what.
final class Listener: Sendable {
    /// Why a stream is over.
    enum End: Sendable {
        /// The server is about to stop.
        case shutdown
        /// The client closed its side.
        case left
        /// What let the client in does so no longer.
        case expired
    }

    /// One element each time it is worth looking; several are one while nobody looks.
    let nudges: AsyncStream<Void>
    private let source: AsyncStream<Void>.Continuation
    private let state = Mutex<End?>(nil)

    init() {
        (nudges, source) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Why the stream is over; nil while it is not.
    var end: End? { state.withLock { $0 } }

    /// Has it look.
    func nudge() { source.yield() }

    /// Has it end; the first reason counts.
    func finish(_ end: End) {
        state.withLock { $0 = $0 ?? end }
        source.yield()
    }
}
