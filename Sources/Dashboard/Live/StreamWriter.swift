import Hummingbird
import NIOCore

/// Writes to one client, and gives it up when it takes nothing for too long.
///
/// The server's own idle timeout does not apply while an answer is being written.
struct StreamWriter {
    private var writer: any ResponseBodyWriter
    private let channel: any Channel
    private let slots: StreamSlots
    private let longestWrite: Duration

    init(
        _ writer: any ResponseBodyWriter, _ channel: any Channel, _ slots: StreamSlots,
        longestWrite: Duration
    ) {
        self.writer = writer
        self.channel = channel
        self.slots = slots
        self.longestWrite = longestWrite
    }

    /// Writes, waiting while the client has not taken what was written before.
    ///
    /// - Throws: when the client is gone or was given up.
    @concurrent
    mutating func write(_ text: String) async throws {
        let cut = channel.eventLoop.scheduleTask(in: TimeAmount(longestWrite)) {
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
}
