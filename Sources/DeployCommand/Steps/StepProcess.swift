import DeployLock
import Glibc
import Processes
import SystemCalls

/// One run of a check or a rollback, below a keeper of its own and under the deployment's lock.
///
/// It has a process group of its own: Ctrl-C at a terminal reaches the wrapper alone, which decides
/// what becomes of the step.
struct StepProcess {
    /// How it ended.
    struct End {
        /// Nil when it could not be started.
        let status: ExitStatus?
        let failure: SystemError?
        /// Whether it was ended because its time was up.
        var isOverdue = false
        /// The signal to us because of which it was ended.
        var signal: CInt?
        /// How long it took, in µs.
        let took: Int64
    }

    /// Between looks at whether it should be ended, in µs.
    static let interval: Int64 = 100_000
    private static let grace: Int64 = 1_000_000

    let context: DeploymentContext

    /// Waits for the end of a check: ends it with its process group when its time is up, when we
    /// are told to stop, or when a forced unlock has decided about the deployment.
    ///
    /// - Parameter look: looks at what it prints, from time to time.
    func wait(
        _ command: inout KeptCommand, _ ticket: borrowing Ticket, since began: Int64,
        until deadline: Int64, look: () -> Void
    ) -> End {
        var end: KeptCommand.End?
        while end == nil, command.stops.isEmpty, !ticket.isForced {
            let now = Clock.monotonicMicroseconds()
            if now >= deadline { break }
            end = command.wait(signals: context.signals, until: min(deadline, now + Self.interval))
            look()
        }
        let isEnded = end == nil
        if isEnded { end = endGroup(&command) }
        return result(
            end, since: began, isOverdue: isEnded && command.stops.isEmpty,
            signal: isEnded ? command.stops.first : nil)
    }

    func result(
        _ end: KeptCommand.End?, since began: Int64, isOverdue: Bool = false, signal: CInt? = nil
    ) -> End {
        let took = Clock.monotonicMicroseconds() - began
        switch end {
        case .ended(let status):
            return End(
                status: status, failure: nil, isOverdue: isOverdue, signal: signal, took: took)
        case .notStarted(let error):
            return End(status: nil, failure: error, took: took)
        case nil: return End(status: nil, failure: nil, isOverdue: isOverdue, took: took)
        }
    }

    private func endGroup(_ command: inout KeptCommand) -> KeptCommand.End? {
        guard let pid = command.pid else { return command.wait(signals: context.signals) }
        // Its end is not taken before the keeper is dismissed, so the group is still its own.
        kill(-pid, SIGTERM)
        kill(-pid, SIGCONT)
        let deadline = Clock.monotonicMicroseconds() + Self.grace
        var end: KeptCommand.End?
        while end == nil, Clock.monotonicMicroseconds() < deadline {
            end = command.wait(signals: context.signals, until: deadline)
        }
        kill(-pid, SIGKILL)
        while end == nil { end = command.wait(signals: context.signals, until: nil) }
        return end
    }
}
