import Glibc

/// The two clocks of the project, both in microseconds.
public enum Clock {
    /// Wall clock in UTC since 1970: answers "when".
    public static func wallMicroseconds() -> Int64 { read(CLOCK_REALTIME) }

    /// Monotonic clock since boot: answers "how long"; never jumps.
    public static func monotonicMicroseconds() -> Int64 { read(CLOCK_MONOTONIC) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var now = timespec()
        clock_gettime(clock, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
    }
}
