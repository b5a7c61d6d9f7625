import Queries
import Synchronization

/// How often somebody may fail to log in.
final class LoginLimit: Sendable {
    private let perVisitor: Int
    private let inAll: Int
    private let failures = Mutex<[(visitor: String, at: Instant)]>([])

    /// - Parameters:
    ///   - perVisitor: failures a minute from one address.
    ///   - inAll: failures a minute from everywhere.
    init(perVisitor: Int = 5, inAll: Int = 50) {
        self.perVisitor = perVisitor
        self.inAll = inAll
    }

    /// Refuses a try after too many failures.
    ///
    /// - Throws: 429, with the seconds until another try.
    func check(_ visitor: String, now: Instant) throws(Problem) {
        let wait = failures.withLock { failures -> Int64? in
            Self.forget(&failures, now)
            let own = failures.filter { $0.visitor == visitor }
            let oldest =
                failures.count >= inAll
                ? failures.first : own.count >= perVisitor ? own.first : nil
            return oldest.map { $0.at.microseconds + Self.minute - now.microseconds }
        }
        guard let wait else { return }
        throw .tooMany(
            "too many failed logins: try again in a minute",
            retryAfter: Int((wait + 999_999) / 1_000_000))
    }

    /// Counts one.
    func fail(_ visitor: String, now: Instant) {
        failures.withLock { failures in
            Self.forget(&failures, now)
            // `check` lets no more through; those that came at once need no place either.
            if failures.count < inAll { failures.append((visitor, now)) }
        }
    }

    private static func forget(_ failures: inout [(visitor: String, at: Instant)], _ now: Instant) {
        // A clock that was set back must not keep anybody out.
        failures.removeAll { !(0..<minute).contains(now.microseconds - $0.at.microseconds) }
    }

    private static let minute: Int64 = 60_000_000
}
