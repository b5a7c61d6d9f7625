import CommandSupport
import DeployLock
import Ledger
import Processes
import SystemCalls
import Wording

/// What --wait-covered does: it waits until the deployment that covers this one has ended, and
/// takes its exit code.
///
/// One that steps aside in its turn leads on to the next.
struct CoveredWait: Sendable {
    private let context: DeploymentContext
    private var plan: DeploymentPlan { context.plan }
    private let number: Int64
    private let deadline: Int64?

    init(_ context: DeploymentContext, number: Int64) {
        self.context = context
        self.number = number
        deadline = context.plan.timeout.map { Clock.monotonicMicroseconds() + $0 }
    }

    /// Waits; the result is the exit code of this process.
    func run(
        _ deployment: consuming CoveringDeployment, _ covering: Cover
    ) -> CInt {
        var current = deployment
        var (id, name) = (covering.id, covering.number)
        while true {
            var monitor = CoveringWait(
                "#\(number) waits for #\(name), which covers it", context, until: deadline)
            do {
                switch try current.waitForEnd(monitor: &monitor) {
                case .timedOut, .frozen:
                    context.say(
                        "#\(number) no longer waits for #\(name): it did not end in time; \(look)")
                    return plan.busyExitCode
                case .interrupted:
                    let signal = monitor.signal ?? 0
                    context.say(
                        "#\(number) no longer waits for #\(name) "
                            + "(signal \(SignalName.of(signal))), which is still running")
                    return 128 + signal
                case nil: break
                }
            } catch {
                context.say("#\(number) cannot wait for #\(name): \(error); \(look)")
                return plan.busyExitCode
            }
            var end = CoveredEnd(current.text, of: id)
            // Through all who stepped aside and are gone from the queue already.
            while case .steppedAside(let next, let nextNumber) = end {
                context.say("#\(name), which covers #\(number), stepped aside for #\(nextNumber)")
                (id, name) = (next, nextNumber)
                if let found = context.queue.deployment(nextNumber, id: next.description) {
                    current = found
                    break
                }
                end = CoveredEnd(inLedger: plan.ledger.path, next)
            }
            if case .steppedAside = end { continue }
            return conclude(end, name)
        }
    }

    private func conclude(_ end: CoveredEnd, _ name: Int64) -> CInt {
        switch end {
        case .ran(let conclusion):
            guard conclusion.outcome == .succeeded else {
                context.say(
                    "#\(number) NOT DELIVERED: #\(name), which covers it, \(conclusion.words)")
                return conclusion.code == 0 ? plan.busyExitCode : conclusion.code
            }
            context.say("#\(number) delivered by #\(name), which covers it and succeeded")
            return 0
        case .forced(let code):
            context.say(
                "#\(number) NOT DELIVERED: #\(name), which covers it, was unlocked by force")
            return code == 0 ? plan.busyExitCode : code
        case .notRun(let words):
            context.say(
                "#\(number) NOT DELIVERED: #\(name), which covers it, \(words); nobody deployed it")
            return plan.busyExitCode
        case .unknown, .steppedAside:
            context.say(
                "unknown whether #\(number) was delivered: nothing says how #\(name), "
                    + "which covers it, ended; \(look)")
            return plan.busyExitCode
        }
    }

    private var look: String { "see 'deploystats show \(number)'" }
}

/// Says now and then what is waited for, and notices signals.
struct CoveringWait: WaitMonitor {
    let deadline: Int64?
    private(set) var nextTick: Int64?
    var interruptDescriptor: CInt { context.signals.descriptor }
    /// The signal that ended the wait.
    private(set) var signal: CInt?
    private let words: String
    private let context: DeploymentContext

    private static let interval: Int64 = 30_000_000

    init(_ words: String, _ context: DeploymentContext, until deadline: Int64?) {
        self.words = words
        self.context = context
        self.deadline = deadline
        if context.plan.verbosity > .quiet {
            context.say(words)
            nextTick = Clock.monotonicMicroseconds() + Self.interval
        }
    }

    mutating func isInterrupted() -> Bool {
        if signal == nil { signal = context.signals.nextForwarded() }
        return signal != nil
    }

    mutating func tick() -> WaitFailure? {
        context.say(words)
        nextTick = Clock.monotonicMicroseconds() + Self.interval
        return nil
    }
}
