import CommandSupport
import Crypto
import HTTPTypes
import Hummingbird
import Ledger
import NIOCore
import Synchronization
import SystemCalls

/// What was rendered, once for all clients: as long as nothing changed it is sent again, or not even
/// that when a client has it.
final class RenderCache: Sendable {
    private struct Entry {
        let version: String
        let rendering: Task<Rendering, any Error>
        var bytes = 0
        /// Rises with each use.
        var used: Int64
    }

    /// A key, byte for byte: texts that merely look alike are not the same.
    private typealias Key = SHA256Digest

    private struct State {
        var entries: [Key: Entry] = [:]
        var uses: Int64 = 0
        var counts = Counts()

        /// Forgets what was not used for longest.
        mutating func shrink(toEntries most: Int, bytes: Int) {
            var sum = entries.values.reduce(0) { $0 + $1.bytes }
            guard entries.count > most || sum > bytes else { return }
            for (key, entry) in entries.sorted(by: { $0.value.used < $1.value.used }) {
                guard entries.count > most || sum > bytes else { return }
                entries[key] = nil
                sum -= entry.bytes
            }
        }
    }

    /// What was counted since the start.
    struct Counts: Sendable {
        var rendered: Int64 = 0
        /// How long that took, in µs.
        var took: Int64 = 0
        /// Sent again.
        var reused: Int64 = 0
        /// Not even sent.
        var unchanged: Int64 = 0
    }

    private let state = Mutex(State())

    /// How much is kept: addresses are made by clients, who may ask for any number of them.
    private static let mostEntries = 400
    private static let mostBytes = 16 << 20

    /// What was counted since the start.
    var count: Counts { state.withLock { $0.counts } }

    /// Answers with what `render` makes, unless the client has it.
    ///
    /// - Parameters:
    ///   - key: names everything that the rendering depends on besides the version: the path, the
    ///     values given, the zone, the format. Not who asks.
    ///   - version: names the state that it is made of, or an earlier one.
    func response(
        _ key: String, version: String, _ request: Request,
        _ render: @escaping @Sendable () async throws -> Rendering
    ) async throws -> Response {
        // Tells the representations of one address apart, and what other versions of the program made.
        let key = SHA256.hash(data: Array("\(Tool.version) \(key)".utf8))
        let tag = EntityTag(opaque: "\(version)-\(Hexadecimal.encode(key.prefix(4)))")
        var headers: HTTPFields = [
            .eTag: tag.text, .cacheControl: "private, no-cache",
            .vary: "Accept, Cookie, Authorization",
        ]
        if tag.matches(request.headers[values: .ifNoneMatch]) {
            state.withLock { $0.counts.unchanged += 1 }
            return Response(status: .notModified, headers: headers)
        }
        let rendering = try await rendering(key, version, render).value
        if rendering.isPassing {
            forget(key, version)
            headers[.eTag] = nil
        }
        headers[.contentType] = rendering.contentType
        for field in rendering.headers { headers.append(field) }
        return Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: rendering.bytes))
    }

    /// The rendering, under way or done; a client that leaves does not end it for the others.
    private func rendering(
        _ key: Key, _ version: String,
        _ render: @escaping @Sendable () async throws -> Rendering
    ) -> Task<Rendering, any Error> {
        state.withLock { state in
            state.uses += 1
            if let entry = state.entries[key], entry.version == version {
                state.entries[key]?.used = state.uses
                state.counts.reused += 1
                return entry.rendering
            }
            let task = Task {
                let start = Clock.monotonicMicroseconds()
                do {
                    let rendering = try await render()
                    note(key, version, rendering, took: Clock.monotonicMicroseconds() - start)
                    return rendering
                } catch {
                    // The next one tries again.
                    forget(key, version)
                    throw error
                }
            }
            state.entries[key] = Entry(version: version, rendering: task, used: state.uses)
            return task
        }
    }

    private func note(_ key: Key, _ version: String, _ rendering: Rendering, took: Int64) {
        state.withLock { state in
            state.counts.rendered += 1
            state.counts.took += took
            if state.entries[key]?.version == version {
                state.entries[key]?.bytes = rendering.bytes.readableBytes
            }
            state.shrink(toEntries: Self.mostEntries, bytes: Self.mostBytes)
        }
    }

    private func forget(_ key: Key, _ version: String) {
        state.withLock { state in
            if state.entries[key]?.version == version { state.entries[key] = nil }
        }
    }
}
