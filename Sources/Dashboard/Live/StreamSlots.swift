import Synchronization

/// How many streams may be open at the same time, and how many are.
final class StreamSlots: Sendable {
    /// Room for one stream, until it is let go of.
    final class Slot: Sendable {
        private let slots: StreamSlots

        fileprivate init(_ slots: StreamSlots) { self.slots = slots }

        deinit { slots.counts.withLock { $0.open -= 1 } }
    }

    /// What was counted since the start.
    struct Counts: Sendable {
        var open = 0
        var begun: Int64 = 0
        var refused: Int64 = 0
        /// Ended because their client took nothing for too long.
        var cut: Int64 = 0
    }

    private let most: Int
    private let counts = Mutex(Counts())

    init(most: Int) { self.most = most }

    /// What was counted since the start.
    var count: Counts { counts.withLock { $0 } }

    /// Room for one more stream; nil when there is none.
    func take() -> Slot? {
        let isFree = counts.withLock { counts in
            guard counts.open < most else {
                counts.refused += 1
                return false
            }
            counts.open += 1
            counts.begun += 1
            return true
        }
        return isFree ? Slot(self) : nil
    }

    /// A client took nothing for too long.
    func noteCut() { counts.withLock { $0.cut += 1 } }
}
