import Crypto
import Logging
import Queries
import Synchronization
import SystemCalls

/// The tokens that are valid now: the file is read again whenever it changed.
final class TokenStore: Sendable {
    private struct Known {
        var version: FileStatus?
        var tokens: [AccessToken] = []
    }

    private let file: TokenFile
    private let logger: Logger
    private let known: Mutex<Known>

    /// Begins with no tokens; the first question reads the file.
    init(_ file: TokenFile, logger: Logger) {
        self.file = file
        self.logger = logger
        known = Mutex(Known())
    }

    /// The token with that secret; nil when there is none or it expired.
    func token(secret: String, now: Instant) -> AccessToken? {
        // Each is compared, in constant time: how long it takes tells nothing.
        let digest = SHA256.hash(data: Array(secret.utf8))
        return tokens().filter { digest == $0.hash && $0.isValid(at: now) }.first
    }

    /// The token of that name; nil when there is none or it expired.
    func token(named name: String, now: Instant) -> AccessToken? {
        tokens().first { $0.name == name && $0.isValid(at: now) }
    }

    /// Those of the file as it is now; none at all when it cannot be used.
    private func tokens() -> [AccessToken] {
        known.withLock { known in
            let version = file.version
            if version != known.version || version == nil {
                // What is read next may be newer than what was looked at, never older.
                known = Known(version: version, tokens: read(isNew: version != known.version))
            }
            return known.tokens
        }
    }

    private func read(isNew: Bool) -> [AccessToken] {
        do {
            return try file.read()
        } catch {
            if isNew { logger.error("nobody is let in: \(error)") }
            return []
        }
    }
}
