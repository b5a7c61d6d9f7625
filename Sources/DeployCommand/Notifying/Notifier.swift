import CommandSupport
import Glibc
import Ledger
import Processes
import Synchronization
import SystemCalls

/// Tells a command what becomes of a deployment, one thing after the other on a thread of its own:
/// no deployment waits for it while it has the lock, and nothing that goes wrong here changes one.
final class Notifier: Sendable {
    private struct State {
        var news: [DeploymentNews] = []
        var isRunning = false
        /// What is true of the deployment beside the way it ends.
        var noted: Set<NotifyCondition> = []
        /// When nobody waits any more, monotonic clock in µs.
        var limit: Int64?
    }

    private let plan: NotifyPlan
    private let journal: Journal
    private let recovery: Recovery
    private let state = Mutex(State())
    private let idle: FileDescriptor
    private let abandoned: FileDescriptor

    /// - Parameters:
    ///   - ledger: the path of the ledger.
    ///   - lock: the path of the lock.
    init(
        _ plan: NotifyPlan, _ journal: Journal, ledger: String, lock: String
    ) throws(SystemError) {
        self.plan = plan
        self.journal = journal
        recovery = Recovery(ledger: ledger, lock: lock, deployment: journal.deployment)
        idle = try .event()
        abandoned = try .event()
    }

    /// Notes something that is told with the end of the deployment.
    func note(_ condition: NotifyCondition) {
        state.withLock { _ = $0.noted.insert(condition) }
    }

    /// Tells something where the command is to be told; returns at once.
    func tell(_ news: DeploymentNews) {
        var news = news
        if news.event.outcome != nil { news.add(state.withLock { $0.noted }) }
        let isPerhapsRecovery =
            news.conditions.contains(.succeeded) && plan.conditions.contains(.recovered)
        guard isPerhapsRecovery || !plan.conditions.isDisjoint(with: news.conditions) else {
            return
        }
        let mustStart = state.withLock { [news] state in
            state.news.append(news)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard mustStart else { return }
        do {
            try startThread { self.work() }
        } catch {
            work()
        }
    }

    /// Waits until everything is told, or for as long as there is time, or until we are told to
    /// stop.
    func finish(signals: SignalInbox) {
        let limit = Clock.monotonicMicroseconds() + NotifyPlan.totalTime
        state.withLock { $0.limit = limit }
        while state.withLock({ $0.isRunning }) {
            let ready = try? Poll.readable(
                [idle.rawValue, signals.descriptor], until: limit + Self.endTime)
            guard let ready, !ready.isEmpty else { return }
            // It may tell of something earlier.
            if ready.contains(0) { idle.takeAll() }
            if ready.contains(1), signals.nextForwarded() != nil { abandoned.add() }
        }
    }

    /// What ending a command may take beyond its time, in µs.
    private static let endTime: Int64 = 2_000_000

    private func work() {
        while let (news, limit) = next() { tell(news, until: limit) }
        idle.add()
    }

    private func next() -> (DeploymentNews, limit: Int64?)? {
        state.withLock { state in
            if state.news.isEmpty {
                state.isRunning = false
                return nil
            }
            return (state.news.removeFirst(), state.limit)
        }
    }

    private func tell(_ news: DeploymentNews, until limit: Int64?) {
        var news = news
        if news.conditions.contains(.succeeded), let failed = recovery.failedBefore() {
            news.recover(from: failed)
        }
        guard !plan.conditions.isDisjoint(with: news.conditions) else { return }
        let now = Clock.monotonicMicroseconds()
        let timeout = min(plan.timeout, limit.map { $0 - now } ?? plan.timeout)
        let document = NewsDocument(news, journal, ledger: recovery.ledger)
        let problem: String?
        if timeout > 0 {
            let helper = HelperCommand(
                plan.line, timeoutMicroseconds: timeout, environment: SharedEnvironment.entries)
            problem = helper.tell(
                document.line(plan.format), timeout: timeout, abandoned: abandoned.rawValue)
        } else {
            problem = "was not run: there was no time left"
        }
        if let problem {
            Terminal.complain("deploy-with-lock: the command of --notify \(problem)")
        }
    }
}
