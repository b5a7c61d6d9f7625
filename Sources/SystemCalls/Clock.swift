import Glibc

/// The two clocks of the project, both in microseconds.
package enum Clock {
    /// Wall clock in UTC since 1970: answers "when".
    package static func wallMicroseconds() -> Int64 { read(CLOCK_REALTIME) }

    /// Monotonic clock since boot: answers "how long"; never jumps.
    package static func monotonicMicroseconds() -> Int64 { read(CLOCK_MONOTONIC) }

    /// Time since boot, suspended time included: what start times of processes count from.
    package static func bootMicroseconds() -> Int64 { read(CLOCK_BOOTTIME) }

    /// Clock ticks, the unit of `/proc/[pid]/stat`, in microseconds.
    ///
    /// The C function is `sysconf`.
    package static func microseconds(ticks: UInt64) -> Int64 {
        let perSecond = Int64(max(1, sysconf(CInt(_SC_CLK_TCK))))
        return Int64(clamping: ticks) / perSecond * 1_000_000
            + Int64(clamping: ticks) % perSecond * 1_000_000 / perSecond
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var now = timespec()
        clock_gettime(clock, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
    }
}
