package import SystemCalls

extension DeploymentFacts {
    /// What it shares with others: the batch, or else the branch or tag.
    package var batchOrRef: String? { batchKey ?? ref.map { "ref \($0)" } }

    /// Whether a deployment with these facts, which waits behind the other one, covers it: then
    /// the other one need not run.
    func covers(_ other: DeploymentFacts) -> Bool {
        guard let batchKey, other.batchKey == batchKey, acquiredAtUs == nil, deployment != nil,
            let number, let otherNumber = other.number
        else { return false }
        return number > otherNumber
    }
}

extension WaitQueue {
    /// The newest live deployment that waits behind the one with these facts and covers it.
    package func covering(_ facts: DeploymentFacts) -> CoveringDeployment? {
        guard let number = facts.number, let files = try? tickets() else { return nil }
        for file in files.reversed() where file.number > number {
            if let found = CoveringDeployment(file, mustLive: true), found.facts.covers(facts) {
                return found
            }
        }
        return nil
    }

    /// The deployment with this number and id, alive or not, while its ticket is there.
    package func deployment(_ number: Int64, id: String) -> CoveringDeployment? {
        guard let file = (try? tickets())?.first(where: { $0.number == number }),
            let found = CoveringDeployment(file, mustLive: false), found.facts.deployment == id
        else { return nil }
        return found
    }
}

/// A deployment in whose favour another one steps aside, and how that one learns its end.
///
/// Its ticket is kept open: its owner writes how it ended before it lets go of it, and the text can
/// be read after the name is gone.
package struct CoveringDeployment: ~Copyable, Sendable {
    /// What its ticket says of it.
    package let facts: DeploymentFacts
    private let file: FileDescriptor

    /// Nil when it cannot be read or, for `mustLive`, when its owner is dead or has let go of it.
    init?(_ ticket: TicketFile, mustLive: Bool) {
        guard let file = try? FileDescriptor.openUntrusted(ticket.path),
            !mustLive || (try? file.tryLock(.shared)) == false,
            let facts = Self.text(of: file).facts, facts.number == ticket.number
        else { return nil }
        self.facts = facts
        self.file = file
    }

    /// What stands in its ticket now, its last entries once it has ended.
    package var text: TicketText { Self.text(of: file) }

    /// Waits in the kernel until its owner has let go of the ticket or died.
    package func waitForEnd(
        monitor: inout some WaitMonitor
    ) throws(SystemError) -> WaitFailure? {
        try monitor.wait(forLock: file, .shared)
    }

    private static func text(of file: borrowing FileDescriptor) -> TicketText {
        TicketText(parsing: (try? file.read(count: TicketText.longest, at: 0)) ?? [])
    }
}
