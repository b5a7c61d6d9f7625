import CommandSupport
import DeployLock
import Ledger
import Processes
import SystemCalls
import Wording

/// The wait for a command that may not run for ever.
struct LimitedWait {
    /// What ended it.
    struct Overrun: Sendable {
        /// `max-duration` or `max-silence`.
        let limit: String
        /// In µs.
        let length: Int64
    }

    private let context: DeploymentContext
    private let number: Int64
    private let began: Int64
    /// When the command last printed something, monotonic clock in µs.
    private let lastOutput: () -> Int64
    private var warnAt: Int64?
    private var limits: LimitPlan { context.plan.limit }

    /// Between looks at the output, in µs.
    private static let lookTime: Int64 = 500_000

    init(
        _ context: DeploymentContext, number: Int64, began: Int64,
        lastOutput: @escaping () -> Int64
    ) {
        self.context = context
        self.number = number
        self.began = began
        self.lastOutput = lastOutput
        warnAt = context.plan.limit.warning.map { began + $0 }
    }

    /// Waits for the end of the command; what it exceeded instead, as soon as it does.
    mutating func wait(
        _ command: inout KeptCommand
    ) -> (end: KeptCommand.End?, overrun: Overrun?) {
        let last = limits.duration.map { began + $0 }
        while true {
            let now = Clock.monotonicMicroseconds()
            if let last, let length = limits.duration, now >= last {
                return (nil, Overrun(limit: "max-duration", length: length))
            }
            if let length = limits.silence, now >= lastOutput() + length {
                return (nil, Overrun(limit: "max-silence", length: length))
            }
            if let at = warnAt, now >= at { warn(now) }
            let look = limits.silence.map { min(now + Self.lookTime, lastOutput() + $0) }
            let next = [last, warnAt, look].compactMap(\.self).min()
            if let end = command.wait(signals: context.signals, until: next) {
                return (end, nil)
            }
        }
    }

    private mutating func warn(_ now: Int64) {
        warnAt = nil
        let length = DurationText.text(microseconds: now - began)
        let limit =
            limits.duration.map { ", and is ended after \(DurationText.text(microseconds: $0))" }
            ?? ""
        context.say("#\(number) has been running for \(length)\(limit)")
        context.notifier?.tell(.warned(context.journal.events(number: number), after: now - began))
    }
}
