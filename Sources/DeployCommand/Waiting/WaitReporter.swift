import CommandSupport
import DeployLock
import Glibc
import Ledger
import Processes
import Secrets
import SystemCalls
import Wording

/// The wrapper's side of a wait: it tells people what goes on and notices signals.
struct WaitReporter: LockMonitor {
    let deadline: Int64?
    var interruptDescriptor: CInt { signals.descriptor }
    /// When to speak, to record the request or to look for freezes, whichever is next.
    var nextTick: Int64? { [nextLine, recordAt, nextLook].compactMap(\.self).min() }
    /// The signal that ended the wait.
    private(set) var signal: CInt?

    /// Whether the request has been recorded, or is about to be.
    private(set) var hasRecorded = false
    /// What it makes of freezes.
    private(set) var freezes: FreezeWatch

    private let plan: DeploymentPlan
    private let number: Int64
    private let queue: WaitQueue
    private let signals: SignalInbox
    /// Records the request, when the wait has become longer than a moment.
    private let record: @Sendable (_ urgently: Bool) -> Bool
    private let began = Clock.monotonicMicroseconds()
    private let redraws: Bool
    /// What it is blocked by, freezes aside.
    private var obstacle: WaitReason?
    private var hasWaited = false
    /// The freezes that were said.
    private var saidFreezes = Freezes.none
    private var nextLine: Int64?
    private var recordAt: Int64?
    private var nextLook: Int64?

    /// How often a waiter looks for freezes, in µs.
    private static let lookInterval: Int64 = 1_000_000
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
        _ plan: DeploymentPlan, number: Int64, queue: WaitQueue, signals: SignalInbox,
        record: @escaping @Sendable (_ urgently: Bool) -> Bool
    ) {
        self.plan = plan
        self.number = number
        self.queue = queue
        self.signals = signals
        self.record = record
        deadline = plan.timeout.map { Clock.monotonicMicroseconds() + $0 }
        freezes = FreezeWatch(
            overrides: plan.freeze.overrideReason != nil,
            deadline: deadline ?? Clock.monotonicMicroseconds())
        redraws = Terminal.canRedraw && plan.verbosity > .quiet
    }

    mutating func isInterrupted() -> Bool {
        if let received = signals.nextForwarded() { signal = received }
        return signal != nil
    }

    mutating func isBlocked(by obstacle: WaitReason) {
        self.obstacle = obstacle
        if begin() {
            if plan.verbosity > .quiet {
                say("#\(number) waiting for the lock, \(details(withEstimate: true))")
            }
        } else if plan.verbosity == .verbose {
            say("#\(number) now waiting, \(details())")
        }
    }

    /// Judges the freezes that the first in line finds: nothing else is in its way.
    mutating func judge(_ files: [FreezeFile]) -> FreezeWatch.Verdict {
        if files.isEmpty, freezes.freezes.isEmpty { return .open }
        obstacle = nil
        return judge(files, isOnlyReason: { true })
    }

    private mutating func judge(
        _ files: [FreezeFile], isOnlyReason: () -> Bool
    ) -> FreezeWatch.Verdict {
        let verdict = freezes.judge(files, isOnlyReason: isOnlyReason)
        nextLook = Clock.monotonicMicroseconds() + Self.lookInterval
        guard freezes.freezes != saidFreezes else { return verdict }
        let isOver = freezes.freezes.isEmpty
        saidFreezes = freezes.freezes
        if verdict == .held { _ = begin() }
        guard plan.verbosity > .quiet, !freezes.overrides, verdict != .tooLong else {
            return verdict
        }
        close()
        say(
            isOver
                ? "#\(number): deployments are no longer frozen"
                : "#\(number) is waiting: deployments are \(Words.frozen(freezes.freezes))"
                    + (left.map { "; \($0)" } ?? ""))
        return verdict
    }

    /// Whether nobody runs, as far as one can tell who waits for somebody else.
    private var isOnlyFrozen: Bool {
        guard let obstacle else { return true }
        guard case .queue(let ahead) = obstacle else { return false }
        // What holds up the first in line holds up everybody behind it.
        return ahead.first(where: \.isLive).map { $0.text().facts?.acquiredAtUs == nil } ?? true
    }

    /// Takes note that the wait has begun; false when it had before.
    private mutating func begin() -> Bool {
        if hasWaited { return false }
        hasWaited = true
        let now = Clock.monotonicMicroseconds()
        if plan.verbosity > .quiet {
            nextLine = now + (redraws ? Self.redrawInterval : Self.lineInterval)
        }
        recordAt = began + Self.moment
        nextLook = now + Self.lookInterval
        return true
    }

    mutating func tick() -> WaitFailure? {
        let now = Clock.monotonicMicroseconds()
        if let nextLook, nextLook <= now {
            self.nextLook = now + Self.lookInterval
            // One who cannot look now can do so later; at the latest when the turn has come.
            if let files = try? queue.freezeFiles(), !files.isEmpty || !freezes.freezes.isEmpty,
                judge(files, isOnlyReason: { [self] in isOnlyFrozen }) == .tooLong
            {
                return .frozen
            }
        }
        if let recordAt, recordAt <= now {
            hasRecorded = record(now >= began + Self.patience)
            // At odd intervals, so that many do not ask in step.
            self.recordAt = hasRecorded ? nil : now + .random(in: Self.moment / 2...Self.moment)
        }
        if let nextLine, nextLine <= now { speak() }
        return nil
    }

    private mutating func speak() {
        let waited = "#\(number) waited \(sinceBegin)"
        if redraws {
            let text = "\(waited), \(details(isShort: true))".escapedForTerminal
            Terminal.showProgress(text.shortened(toColumns: Terminal.columns() - 1))
            nextLine = Clock.monotonicMicroseconds() + Self.redrawInterval
        } else {
            say("\(waited), \(details())")
            nextLine = Clock.monotonicMicroseconds() + Self.lineInterval
        }
    }

    /// Says that the wait is over and what runs now.
    ///
    /// Only after a wait, unless everything is asked for: then a log that says "waiting" also says
    /// until when, and one without a wait stays as short as it was.
    func sayAcquired() {
        close()
        guard hasWaited ? plan.verbosity > .quiet : plan.verbosity == .verbose else { return }
        let after = hasWaited ? "after \(sinceBegin)" : "without waiting"
        let command = ShellText.quoted(Masking.mask(arguments: plan.command.words))
        say("#\(number) acquired \(after), running: \(command.shortened(toColumns: 200))")
    }

    /// Who is in the way at the end of a wait that was in vain.
    var inTheWay: String {
        isFrozen
            ? "deployments are \(Words.frozen(freezes.freezes))"
            : obstacle.map { Situation($0, queue: queue).words() } ?? "the lock did not become free"
    }

    /// Whether it waits for the end of freezes, whatever else it waits for.
    private var isFrozen: Bool { !freezes.overrides && !freezes.freezes.isEmpty }

    private var left: String? {
        deadline.map {
            let left = max(0, $0 - Clock.monotonicMicroseconds())
            return "giving up in \(DurationText.text(microseconds: left))"
        }
    }

    /// Takes the live line away, so that what follows begins on a line of its own.
    func close() { Terminal.clearProgress() }

    /// What people ask first comes first, for the end may be cut off; the lock's path is known to
    /// most and comes last.
    private func details(withEstimate: Bool = false, isShort: Bool = false) -> String {
        var parts: [String] = []
        if let left { parts.append(left) }
        if isFrozen { parts.append(Words.frozen(freezes.freezes)) }
        guard let obstacle else { return parts.joined(separator: ", ") }
        let situation = Situation(obstacle, queue: queue)
        parts.append("position \(situation.position)")
        parts.append(situation.words(isShort: isShort))
        var text = parts.joined(separator: ", ")
        let lock = plan.paths.lockFile
        if withEstimate, let estimate = situation.estimate(ledger: plan.ledger.path, lock: lock) {
            text += "; \(estimate)"
        }
        return "\(text); \(lock)"
    }

    private var sinceBegin: String {
        DurationText.text(microseconds: Clock.monotonicMicroseconds() - began)
    }

    private func say(_ text: String) {
        Terminal.complain("deploy-with-lock: \(text)")
    }
}
