import SystemCalls

/// A point of the monotonic clock that work must not go past.
struct Deadline: Sendable {
    let at: Int64

    init(milliseconds: Int) {
        at = Clock.monotonicMicroseconds() + Int64(max(0, milliseconds)) * 1000
    }

    private init(at moment: Int64) { at = moment }

    /// An earlier one that leaves this much of the time in µs, though not more than a quarter of it.
    func leaving(_ rest: Int64) -> Deadline {
        Deadline(at: at - max(0, min(rest, remainingMicroseconds / 4)))
    }

    var remainingMicroseconds: Int64 { at - Clock.monotonicMicroseconds() }

    var remainingMilliseconds: Int { Int(max(0, remainingMicroseconds) / 1000) }
}
