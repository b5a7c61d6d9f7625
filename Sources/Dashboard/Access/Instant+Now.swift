package import Queries
import SystemCalls

extension Instant {
    /// What the clock shows.
    package static var now: Instant { Instant(microseconds: Clock.wallMicroseconds()) }

    /// Later than any other.
    static let distant = Instant(microseconds: .max)
}
