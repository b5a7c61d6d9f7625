import Ledger
import Queries
import Reporting
import SystemCalls

/// What alerts follow from, kept for a while: to find it out costs much more than all else that is
/// read of a ledger, and where one deployment follows the other it is not worth that each time.
struct RecordedFacts: Sendable {
    let facts: AlertFacts.Recorded
    /// The newest event that it can know of.
    let head: Head
    /// When it was begun and how long it took, on the monotonic clock in µs.
    private let begun: Int64
    private let took: Int64

    /// The part of the time that is spent on it at most.
    private static let share: Int64 = 20
    /// The longest it is kept, in µs.
    private static let longest: Int64 = 10_000_000

    /// Asks a ledger whose newest event is known.
    init(_ source: AlertSource, _ reader: LedgerReader, head: Head, now: Instant) throws {
        begun = Clock.monotonicMicroseconds()
        self.head = head
        facts = try source.recorded(reader, now: now)
        took = Clock.monotonicMicroseconds() - begun
    }

    /// Whether it is too early to ask again.
    var isFresh: Bool {
        Clock.monotonicMicroseconds() - begun < min(Self.share * took, Self.longest)
    }

    /// Whether it is due to be asked again, for events that it does not know.
    func isBehind(_ newest: Head?) -> Bool { newest != head && !isFresh }
}
