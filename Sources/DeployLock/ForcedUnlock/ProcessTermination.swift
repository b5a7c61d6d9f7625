import Glibc
package import Processes
import SystemCalls

/// Ends the processes that keep a lock and proves that it came free.
///
/// It never takes the lock itself, so that the next one in the queue gets it.
package struct ProcessTermination: Sendable {
    /// What is done, as it happens.
    package enum Step: Hashable, Sendable {
        /// A process was asked to end.
        case asked(ProcessIdentity)
        /// It had its time and was killed.
        case killed(ProcessIdentity)
    }

    /// How it ended.
    package enum Result: Hashable, Sendable {
        /// All were gone before anything was sent.
        case gone
        /// All ended when they were asked to.
        case terminated
        /// Some had to be killed.
        case killed
        /// These are left, although they were killed.
        case failed([ProcessIdentity])
    }

    private let target: UnlockTarget
    private let queue: WaitQueue

    /// Prepares to end what keeps a lock.
    package init(_ target: UnlockTarget, queue: WaitQueue) {
        self.target = target
        self.queue = queue
    }

    /// How long after a kill the kernel may take to let go, in µs.
    private static let killTime: Int64 = 5_000_000
    /// How often it is looked for processes that were started meanwhile, in µs.
    private static let interval: Int64 = 50_000
    /// The least a wrapper gets to record the release, in µs.
    private static let wrapperTime: Int64 = 3_000_000

    /// The processes we may not signal; empty when all can be ended.
    package var forbidden: [ProcessIdentity] {
        targets.filter { process in
            do {
                return try ProcessHandle(process).map { !$0.maySignal } ?? false
            } catch {
                return true
            }
        }
    }

    /// Whether this process or one above it would be ended.
    package var wouldEndCaller: Bool {
        let own = Set(ProcessIdentity.ancestors().map(\.pid) + [getpid()])
        return targets.contains { own.contains($0.pid) }
    }

    private var targets: [ProcessIdentity] {
        target.processes + target.guardians
    }

    /// Lets a deployment that has told its end let go of the lock, even if it was stopped before.
    package func wake() {
        for guardian in target.guardians {
            _ = (try? ProcessHandle(guardian))?.send(SIGCONT)
        }
    }

    /// Asks the processes to end, kills those that have not after `grace` µs, and waits until the
    /// lock is free of them.
    ///
    /// The wrapper is left to notice that its command died and to record it, or its keeper where the
    /// wrapper is lost; they are killed only when they do not let go, the keeper last.
    package func run(grace: Int64, report: (Step) -> Void) -> Result {
        let began = Clock.monotonicMicroseconds()
        var guardians = target.guardians.compactMap { try? ProcessHandle($0) }
        // One that was stopped at a terminal could not see its command end.
        for guardian in guardians { guardian.send(SIGCONT) }
        var spared = Set(target.guardians)
        let patience = max(grace, Self.wrapperTime)
        var handles: [ProcessIdentity: ProcessHandle] = [:]
        var killed: Set<ProcessIdentity> = []
        var commandsGoneAt: Int64?
        var hasAsked = false
        while true {
            // A script must not go on with its next step because the last one was ended.
            let new = remaining(handles.keys).subtracting(spared).filter { handles[$0] == nil }
                .sorted { ($0.startTime, $0.pid) < ($1.startTime, $1.pid) }
            for process in new {
                guard let handle = try? ProcessHandle(process) else { continue }
                handles[process] = handle
                if handle.send(SIGTERM) {
                    hasAsked = true
                    report(.asked(process))
                    handle.send(SIGCONT)
                }
            }
            // Until its command starts, the ticket does not say who the keeper is.
            if let keeper = target.ticket?.text().facts?.keeper,
                let handle = handles.removeValue(forKey: keeper)
            {
                guardians.append(handle)
                spared.insert(keeper)
            }
            let now = Clock.monotonicMicroseconds()
            var left = handles.values.filter { !$0.hasEnded }
            guardians.removeAll { !keepsLock($0) }
            if left.isEmpty, let guardian = guardians.first {
                let since = commandsGoneAt ?? now
                commandsGoneAt = since
                if now >= since + patience {
                    handles[guardian.identity] = guardian
                    guardians.removeFirst()
                    commandsGoneAt = nil
                }
                left = [guardian]
            } else if left.isEmpty, isFree {
                return killed.isEmpty ? hasAsked ? .terminated : .gone : .killed
            }
            if now >= began + grace {
                for (process, handle) in handles where !handle.hasEnded {
                    if killed.insert(process).inserted, handle.send(SIGKILL) {
                        report(.killed(process))
                    }
                }
            }
            if now >= began + grace + 2 * patience + Self.killTime {
                return .failed(left.map(\.identity).sorted { $0.pid < $1.pid })
            }
            _ = ProcessHandle.waitForEnd(of: Array(left), until: now + Self.interval)
            if left.isEmpty { usleep(UInt32(Self.interval)) }
        }
    }

    /// What has to end: what was known, what these started and what has their lock; the wrapper not.
    private func remaining(
        _ known: some Sequence<ProcessIdentity>
    ) -> Set<ProcessIdentity> {
        let others = Set(target.waiting.compactMap { $0.text().facts?.process })
        let holding = HoldingProcesses(of: target.file, takenBy: target.lockers).processes
        let roots = Set(target.processes).union(known).union(holding)
            .filter { !target.guardians.contains($0) }
        return roots.union(ProcessIdentity.descendants(of: roots)).subtracting(others)
            .filter(\.isAlive)
    }

    private func keepsLock(_ guardian: ProcessHandle) -> Bool {
        guard !guardian.hasEnded, let file = target.file else { return false }
        return (try? HoldingProcesses.locker(of: file, heldBy: guardian.identity.pid)) != nil
    }

    /// Whether the kernel knows of no lock that was taken by those we ended.
    private var isFree: Bool {
        KernelLocks.locker(of: queue.paths.lockFile).map { !target.lockers.contains($0) } ?? true
    }
}
