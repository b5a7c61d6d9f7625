import CommandSupport
package import DeployLock
package import DeploymentMetrics
import Processes
package import Queries
import Secrets
import SystemCalls
import Wording

/// One who has a lock or waits for it, with what the ledger adds.
package struct QueueRow: Sendable {
    /// What somebody does in a queue.
    package enum State: String, Hashable, Sendable {
        /// It is a deployment and has the lock.
        case running
        /// It is what a deployment left running whose wrapper was lost.
        case runningOrphan = "running_orphan"
        /// It is no deployment and has the lock.
        case stranger
        /// It waits.
        case waiting

        /// The same for people.
        package var words: String { rawValue.replacing("_", with: " ") }
    }

    /// The path of the lock.
    package let lock: String
    /// 0 for who has the lock; otherwise the place in the queue, from 1.
    package let position: Int64
    /// What it does.
    package let state: State
    /// What it says of itself; of an unrecorded process, what is seen of it.
    package let facts: DeploymentFacts
    /// What the ledger knows of it; nil when it knows nothing.
    package let known: InFlightDeployment?
    /// Since when it has the lock, or waits.
    package let since: Instant?
    /// For how long, in µs.
    package let length: Int64?
    /// The number of the one it comes after.
    package let waitsFor: Int64?
    /// The number of the one that it will step aside for if nothing changes.
    package let covering: Int64?
    /// Whether its process is stopped and keeps everybody behind it waiting.
    package let isStopped: Bool

    /// Its number.
    package var number: Int64? { facts.number }
    /// Its id.
    package var deployment: String? { facts.deployment ?? known?.id }
    /// The person who asked, such as `ann via deploy`.
    package var person: String? { known?.actor ?? facts.person }
    /// Where it came from.
    package var source: String? { facts.source ?? known?.source }
    /// The kind of deployment.
    package var tier: String? { facts.tier ?? known?.tier }
    /// The commit.
    package var sha: String? { facts.sha ?? known?.sha }
    /// The branch or tag.
    package var ref: String? { facts.ref ?? known?.ref }
    /// The address of the CI run, whatever it may be.
    package var runURL: String? { known?.runURL ?? facts.runURL }
    /// The command line; what looks like a secret is masked again.
    package var command: String? { facts.maskedCommand }
}

extension QueueRow {
    /// Who has a lock first, then those who wait, in their order; empty when that is unknown.
    ///
    /// - Parameter known: what the ledger has in flight on this machine.
    package static func rows(of look: LockLook, known: [InFlightDeployment]) -> [QueueRow] {
        guard let state = look.state else { return [] }
        let queue = Queue(look: look, state: state, known: known)
        var rows = [queue.holder].compactMap(\.self)
        var ahead = rows.first?.number
        for (index, waiter) in state.waiting.enumerated() {
            rows.append(queue.row(of: waiter, at: Int64(index + 1), behind: ahead))
            ahead = waiter.number
        }
        return rows
    }

    /// A queue whose rows are made.
    private struct Queue {
        let look: LockLook
        let state: LockState
        let known: [InFlightDeployment]

        var holder: QueueRow? {
            let facts = state.owner.facts ?? DeploymentFacts()
            switch state.owner.condition {
            case .free, .deadOrphan, nil: return nil
            case .held: return row(0, .running, facts)
            case .runningOrphan: return row(0, .runningOrphan, facts)
            case .stranger: return row(0, .stranger, stranger)
            }
        }

        private var stranger: DeploymentFacts {
            var facts = DeploymentFacts()
            let process = state.processes.first
            facts.pid = process?.identity.pid
            facts.user = process?.uid.map(User.name(of:))
            facts.command = process.map {
                ShellText.quoted(Masking.mask(arguments: $0.arguments))
            }
            facts.acquiredAtUs = state.heldSinceUs
            return facts
        }

        func row(
            of waiter: LockState.Waiter, at position: Int64, behind ahead: Int64?
        ) -> QueueRow {
            var facts = waiter.facts ?? DeploymentFacts()
            facts.number = waiter.number
            return row(
                position, .waiting, facts, waitsFor: ahead, supersededBy: state.covering(waiter),
                isStopped: waiter.process?.isStopped ?? false)
        }

        private func row(
            _ position: Int64, _ word: State, _ facts: DeploymentFacts,
            waitsFor ahead: Int64? = nil, supersededBy covering: Int64? = nil,
            isStopped: Bool? = nil
        ) -> QueueRow {
            let lock = look.paths.lockFile
            // By number: the ticket of another user may be unreadable, but its name is not.
            let known = known.first {
                $0.number == facts.number && $0.lock == lock && facts.number != nil
            }
            let told = position == 0 ? facts.heldSinceUs : facts.waitingSinceUs
            let since = told.map { Instant(microseconds: $0) } ?? known?.since
            return QueueRow(
                lock: lock, position: position, state: word, facts: facts, known: known,
                since: since,
                length: since.map { max(0, state.lookedAtUs - $0.microseconds) }, waitsFor: ahead,
                covering: covering,
                isStopped: isStopped ?? state.wrapper?.isStopped
                    ?? state.processes.contains(where: \.isStopped))
        }
    }
}
