import CommandSupport
import DeployLock
import Glibc
import Ledger
import ProcessRunner
import SystemCalls
import Wording

/// The wrapper's side of a wait: it tells people what goes on and notices signals.
struct Narrator: WaitMonitor {
    let deadline: Int64?
    var interruptDescriptor: CInt { signals.descriptor }
    /// When to speak or to record the request, whichever is next.
    var nextTick: Int64? { [nextLine, recordAt].compactMap(\.self).min() }
    /// The signal that ended the wait.
    private(set) var signal: CInt?

    /// Whether the request has been recorded, or is about to be.
    private(set) var hasRecorded = false

    private let plan: DeploymentPlan
    private let queue: WaitQueue
    private let signals: SignalInbox
    /// Records the request, when the wait has become longer than a moment.
    private let record: @Sendable (_ urgently: Bool) -> Bool
    private let began = Clock.monotonicMicroseconds()
    private let redraws: Bool
    private var obstacle: Obstacle?
    private var lineIsOpen = false
    private var nextLine: Int64?
    private var recordAt: Int64?

    private static let lineInterval: Int64 = 30_000_000
    private static let redrawInterval: Int64 = 1_000_000
    /// How long the request stays in the ticket alone, in µs.
    ///
    /// There the next deployment finds it should this one be killed. A wait that ends within the
    /// first time needs no commit of its own; within the second those who have or had the lock
    /// write to the ledger first.
    private static let moment: Int64 = 500_000
    private static let patience: Int64 = 5_000_000

    init(
        _ plan: DeploymentPlan, queue: WaitQueue, signals: SignalInbox,
        record: @escaping @Sendable (_ urgently: Bool) -> Bool
    ) {
        self.plan = plan
        self.queue = queue
        self.signals = signals
        self.record = record
        deadline = plan.timeout.map { Clock.monotonicMicroseconds() + $0 }
        redraws = Terminal.canRedraw && plan.verbosity > .quiet
    }

    mutating func isInterrupted() -> Bool {
        if let received = signals.nextForwarded() { signal = received }
        return signal != nil
    }

    mutating func isBlocked(by obstacle: Obstacle) {
        let isFirst = self.obstacle == nil
        self.obstacle = obstacle
        if isFirst {
            if plan.verbosity > .quiet {
                Terminal.complain("deploy-with-lock: waiting for \(situation(withEstimate: true))")
                let interval = redraws ? Self.redrawInterval : Self.lineInterval
                nextLine = Clock.monotonicMicroseconds() + interval
            }
            recordAt = began + Self.moment
        } else if plan.verbosity == .verbose {
            close()
            Terminal.complain("deploy-with-lock: now waiting for \(situation())")
        }
    }

    mutating func tick() {
        let now = Clock.monotonicMicroseconds()
        if let recordAt, recordAt <= now {
            hasRecorded = record(now >= began + Self.patience)
            // At odd intervals, so that many do not ask in step.
            self.recordAt = hasRecorded ? nil : now + .random(in: Self.moment / 2...Self.moment)
        }
        if let nextLine, nextLine <= now { speak() }
    }

    private mutating func speak() {
        let waited = LengthOfTime.text(microseconds: Clock.monotonicMicroseconds() - began)
        let text = "deploy-with-lock: waited \(waited) for \(situation())"
        if redraws {
            Terminal.write("\r\(text.shortened(toColumns: Self.columns - 1))\u{1b}[K")
            lineIsOpen = true
            nextLine = Clock.monotonicMicroseconds() + Self.redrawInterval
        } else {
            Terminal.complain(text)
            nextLine = Clock.monotonicMicroseconds() + Self.lineInterval
        }
    }

    /// Ends a live line, so that what follows begins on a line of its own.
    mutating func close() {
        if lineIsOpen { Terminal.write("\r\u{1b}[K") }
        lineIsOpen = false
    }

    private func situation(withEstimate: Bool = false) -> String {
        guard let obstacle else { return plan.paths.lockFile }
        var ahead = 1
        if case .queue(let tickets) = obstacle { ahead = tickets.count(where: \.isLive) }
        let holder = LockHolder.behind(obstacle, queue: queue)
        var text = "\(plan.paths.lockFile), position \(ahead), \(Words.holder(holder))"
        if withEstimate, let estimate = estimate(holder) { text += "; \(estimate)" }
        if let deadline {
            let left = max(0, deadline - Clock.monotonicMicroseconds())
            text += "; giving up in \(LengthOfTime.text(microseconds: left))"
        }
        return text
    }

    /// What deployments like the holder's usually take, once the ledger has some.
    private func estimate(_ holder: LockHolder) -> String? {
        guard case .deployment(let info) = holder,
            let reader = try? LedgerReader(path: plan.ledger.path, busyTimeoutMilliseconds: 200),
            let usual = try? reader.usualDuration(lock: plan.paths.lockFile, tier: info.tier)
        else { return nil }
        let time = LengthOfTime.text(microseconds: usual.p50Us)
        return usual.n == 1
            ? "the last one like it took \(time)" : "usually \(time) (median of \(usual.n))"
    }

    private static var columns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else {
            return 80
        }
        return Int(size.ws_col)
    }
}
