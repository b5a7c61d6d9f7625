import Queries
import Synchronization

/// What a server remembers of logins.
final class LoginDesk: Sendable {
    private struct Memory {
        /// Links that were used, and until when that matters.
        var used: [String: Instant] = [:]
        /// Sessions that were ended before their time.
        var left: [String: Instant] = [:]
    }

    /// How long links work, in microseconds.
    private let linkLifetimeUs: Int64
    /// Links made before are of a time that nothing is remembered of.
    private let start: Instant
    private let memory = Mutex(Memory())

    init(start: Instant, linkLifetimeUs: Int64) {
        self.start = start
        self.linkLifetimeUs = linkLifetimeUs
    }

    /// Uses a link up; false when it was used before, is too old, or older than this server.
    func consume(_ link: LoginLink, now: Instant) -> Bool {
        let end = link.made.adding(microseconds: linkLifetimeUs)
        // One from the future would work for longer than others.
        guard start <= link.made, link.made <= now, now < end else { return false }
        return memory.withLock { memory in
            memory.used = memory.used.filter { now < $0.value }
            return memory.used.updateValue(end, forKey: link.nonce) == nil
        }
    }

    /// Ends a session before its time.
    func leave(_ session: Session, now: Instant) {
        memory.withLock { memory in
            memory.left = memory.left.filter { now < $0.value }
            memory.left[session.text] = session.ends
        }
    }

    /// Whether a session was ended before its time.
    func hasLeft(_ session: Session) -> Bool {
        memory.withLock { $0.left[session.text] != nil }
    }
}
