import CommandSupport
package import DeployLock
package import Ledger
import Processes
package import Queries
import Reporting
import SystemCalls

/// One lock as it was seen, without the ledger: who has it, who waits, what is frozen.
///
/// Looking disturbs nobody and changes nothing.
package struct LockLook: Sendable {
    /// The files of the lock.
    package let paths: LockPaths
    /// When it was seen.
    package let at: Instant
    /// Who has it and who waits; nil when that is unknown.
    package let state: LockState?
    /// The freezes in force, those among them that cannot be read.
    package let freezes: Freezes
    /// Why it is unknown who has it: what failed and what to do.
    package let problem: String?

    /// Looks at a lock.
    ///
    /// - Parameter ledger: asked for the freezes where the files beside the lock were lost.
    package init(of paths: LockPaths, ledger: LedgerSettings) {
        self.paths = paths
        do throws(LockError) {
            let seen = try LockState(of: paths, isConcluded: EventEnvelope.containsOutcome)
            freezes = try WaitQueue(paths).freezes(or: ledger)
            state = seen
            at = Instant(microseconds: seen.lookedAtUs)
            problem = nil
        } catch {
            at = Instant(microseconds: Clock.wallMicroseconds())
            state = nil
            freezes = .none
            problem = error.description
        }
    }

    /// Who has it; nil when that is unknown.
    package var condition: LockOwner.Condition? { state?.owner.condition }

    /// The same in one word for programs.
    package var word: String { condition?.rawValue ?? "unknown" }
}

extension LockLook {
    /// What of it looks different to whoever looks again: everything but the time.
    package struct Fingerprint: Hashable, Sendable {
        private let owner: LockOwner?
        private let processes: [LockLook.Process]
        private let waiting: [LockLook.Waiter]
        private let died: [DeploymentFacts]
        private let freezes: Freezes
        private let problem: String?

        init(_ look: LockLook) {
            owner = look.state?.owner
            let state = look.state
            processes =
                ([state?.wrapper, state?.keeper].compactMap(\.self) + (state?.processes ?? []))
                .map { LockLook.Process(pid: $0.identity.pid, isStopped: $0.isStopped) }
            // Without when a process started: that is computed from two clocks each time.
            waiting = (state?.waiting ?? []).map {
                LockLook.Waiter(
                    number: $0.number, facts: $0.facts,
                    isStopped: $0.process?.isStopped ?? false)
            }
            died = state?.died ?? []
            freezes = look.freezes
            problem = look.problem
        }
    }

    /// What of one who waits shows.
    fileprivate struct Waiter: Hashable, Sendable {
        let number: Int64
        let facts: DeploymentFacts?
        let isStopped: Bool
    }

    /// What of a process shows.
    fileprivate struct Process: Hashable, Sendable {
        let pid: Int32
        let isStopped: Bool
    }

    /// What tells this look from another one of the same lock.
    package var fingerprint: Fingerprint { Fingerprint(self) }
}
