import Glibc
import Hummingbird
import NIOCore

/// Writes to one client, and gives it up when it takes nothing for too long.
///
/// The server's own idle timeout does not apply while an answer is being written.
struct StreamWriter {
    private var writer: any ResponseBodyWriter
    private let channel: any Channel
    private let slots: StreamSlots
    private let longestWriteUs: Int64

    init(
        _ writer: any ResponseBodyWriter, _ channel: any Channel, _ slots: StreamSlots,
        longestWriteUs: Int64
    ) {
        self.writer = writer
        self.channel = channel
        self.slots = slots
        self.longestWriteUs = longestWriteUs
    }

    /// Writes, waiting while the client has not taken what was written before.
    ///
    /// - Throws: when the client is gone or was given up.
    @concurrent
    mutating func write(_ text: String) async throws {
        if text.isEmpty { return }
        let cut = channel.eventLoop.scheduleTask(in: .microseconds(longestWriteUs)) {
            [channel, slots] in
            slots.noteCut()
            channel.close(promise: nil)
        }
        defer { cut.cancel() }
        try await writer.write(ByteBuffer(string: text))
    }

    /// Ends the answer.
    @concurrent
    consuming func finish() async throws { try await writer.finish(nil) }

    /// How much the kernel may keep for a client: who stops reading is noticed after that.
    private static let sendBuffer: SocketOptionValue = 65_536

    /// Has the kernel notice a client that takes nothing, or has vanished.
    ///
    /// - Parameter longest: for how many µs it tries a client that acknowledges nothing.
    static func limit(_ channel: any Channel, goneAfter longest: Int64) async {
        // A unix socket knows nothing of TCP.
        _ = try? await channel.setOption(.socketOption(.so_sndbuf), value: sendBuffer).get()
        let timeout = NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT)
        _ = try? await channel.setOption(
            .tcpOption(timeout), value: SocketOptionValue(longest / 1000)
        )
        .get()
    }
}
