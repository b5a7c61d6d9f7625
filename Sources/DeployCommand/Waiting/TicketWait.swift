import DeployLock
import Glibc
import Processes
import SystemCalls

/// The wait for a number.
///
/// It takes microseconds unless somebody was stopped in the middle of it.
struct TicketWait: WaitMonitor {
    let deadline: Int64?
    let nextTick: Int64? = nil
    var interruptDescriptor: CInt { signals.descriptor }
    /// The signal that ended the wait.
    private(set) var signal: CInt?
    private let signals: SignalInbox

    /// Without waiting for the lock there is still this long for the gate, in µs.
    private static let shortest: Int64 = 1_000_000

    init(timeout: Int64?, signals: SignalInbox) {
        deadline = Clock.monotonicMicroseconds() + max(timeout ?? 0, Self.shortest)
        self.signals = signals
    }

    mutating func isInterrupted() -> Bool {
        if signal == nil { signal = signals.nextForwarded() }
        return signal != nil
    }

    mutating func tick() -> WaitFailure? { nil }
}
