internal import CLinux
internal import Glibc

/// Interrupts the system call that this thread is in, from a time on and until it goes away.
///
/// Again and again, because once could be just before the call blocks.
/// Source: timer_create(2), `SIGEV_THREAD_ID`; signal(7) on what a handler interrupts.
struct Alarm: ~Copyable {
    /// What the kernel counts from zero on is a pointer to the C library, so that nil is the first.
    private let timer: timer_t?

    /// Between two interruptions, in ns.
    private static let interval = 5_000_000

    /// Sets an alarm for a moment of the monotonic clock, in µs.
    init(at moment: Int64) throws(SystemError) {
        timer = try Self.create(at: moment)
    }

    deinit { timer_delete(timer) }

    private static func create(at moment: Int64) throws(SystemError) -> timer_t? {
        let number = Self.signal
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, number)
        // Whoever started us may have blocked it.
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        var event = sigevent()
        event.sigev_notify = CInt(SIGEV_THREAD_ID)
        event.sigev_signo = number
        event._sigev_un._tid = deploy_ledger_gettid()
        var created: timer_t?
        try checked("timer_create") { timer_create(CLOCK_MONOTONIC, &event, &created) }
        // Zero would stop it.
        let moment = Int(max(1, moment))
        var times = itimerspec(
            it_interval: timespec(tv_sec: 0, tv_nsec: Self.interval),
            it_value: timespec(tv_sec: moment / 1_000_000, tv_nsec: moment % 1_000_000 * 1000))
        try checked("timer_settime") { timer_settime(created, CInt(TIMER_ABSTIME), &times, nil) }
        return created
    }

    /// A signal of its own that does nothing but interrupt; a program that is started gets it with
    /// its default back, see execve(2).
    private static let signal: CInt = {
        let number = __libc_current_sigrtmin()
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in }
        sigaction(number, &action, nil)
        return number
    }()
}

extension FileDescriptor {
    /// Takes the lock, waiting in the kernel until a moment of the monotonic clock in µs; false
    /// when that has come.
    package func lock(_ mode: FlockMode, until deadline: Int64) throws(SystemError) -> Bool {
        if try tryLock(mode) { return true }
        // The system has few alarms per user; without one we ask now and then.
        guard let alarm = try? Alarm(at: deadline) else {
            while Clock.monotonicMicroseconds() < deadline {
                usleep(1000)
                if try tryLock(mode) { return true }
            }
            return false
        }
        defer { withExtendedLifetime(alarm) {} }
        while true {
            if flock(rawValue, mode.operation) == 0 { return true }
            if errno != EINTR { throw SystemError("flock") }
            if Clock.monotonicMicroseconds() >= deadline { return false }
        }
    }
}
