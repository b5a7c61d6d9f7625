import Queries
import Synchronization

/// What a server remembers of links that log in.
final class LoginDesk: Sendable {
    /// How long links work, in microseconds.
    private let linkLifetimeUs: Int64
    /// Links made before are of a time that nothing is remembered of.
    private let start: Instant
    /// Links that were used, and until when that matters.
    private let used = Mutex<[String: Instant]>([:])

    init(start: Instant, linkLifetimeUs: Int64) {
        self.start = start
        self.linkLifetimeUs = linkLifetimeUs
    }

    /// Uses a link up; false when it was used before, is too old, or older than this server.
    func consume(_ link: LoginLink, now: Instant) -> Bool {
        let end = link.made.adding(microseconds: linkLifetimeUs)
        // One from the future would work for longer than others.
        guard start <= link.made, link.made <= now, now < end else { return false }
        return used.withLock { used in
            used = used.filter { now < $0.value }
            return used.updateValue(end, forKey: link.nonce) == nil
        }
    }
}
