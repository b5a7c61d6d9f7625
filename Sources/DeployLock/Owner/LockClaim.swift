package import Glibc
package import Processes
package import SystemCalls

/// A deployment's own word that it asked for a lock or has it, and what is known of its processes.
package struct LockClaim: Hashable, Sendable {
    /// Where it stands.
    package enum Source: Hashable, Sendable {
        /// In the deployment's ticket.
        case ticket(TicketFile)
        /// In the facts published beside the lock file.
        case published
        /// In the environment the deployment gave to a process that holds the lock.
        case environment
        /// In the ledger.
        case ledger
    }

    /// Where it stands.
    package let source: Source
    /// What it says; nil when it cannot be read.
    package var facts: DeploymentFacts?
    /// Whose word it is; nil when unknown.
    package var author: uid_t?
    /// Whether its ticket is locked, by its wrapper or its keeper: the kernel's word.
    package var isLive = false
    /// Whether it says how the deployment ended.
    package var hasEnded = false
    /// Whether its ticket holds the event that ends the deployment.
    package var isConcluded = false
    /// Why the ticket cannot be read.
    package var error: SystemError?
    /// The process that took the ticket's lock, as far as the kernel's list shows it.
    package var taker: pid_t?
    /// What is known of the wrapper; nil where it is not named, or not asked.
    package var wrapper: ProcessIdentity.Liveness?
    /// What is known of the keeper, likewise.
    package var keeper: ProcessIdentity.Liveness?
    /// What is known of the command, likewise.
    package var command: ProcessIdentity.Liveness?
    /// Whether the wrapper is gone beyond doubt, also where its start time is not known.
    package var isProvablyDead = false

    /// A claim of which no more is known than its words.
    package init(_ source: Source, facts: DeploymentFacts? = nil) {
        self.source = source
        self.facts = facts
    }

    /// Reads a ticket.
    ///
    /// - Parameter isConcluded: whether the entries of a ticket tell how its deployment ended.
    init(_ file: TicketFile, isConcluded: ([String]) -> Bool) {
        self.init(.ticket(file))
        let (isLive, text, author, error) = file.look()
        facts = text.facts
        self.author = author
        self.isLive = isLive
        self.error = error
        hasEnded = text.hasEnded || text.rawEnd != nil
        // Of one that waits, the lock on its ticket says everything.
        if isLive && !hasAcquired { return }
        self.isConcluded = text.hasEnded || isConcluded(text.entries)
        judgeProcesses()
    }

    /// Reads what was published, if it is the word of somebody who may speak for the processes.
    static func published(at path: String) -> LockClaim? {
        guard let info = DeploymentFacts(crediblyPublishedAt: path) else { return nil }
        var claim = LockClaim(.published, facts: info)
        claim.author = try? FileSystem.status(path, followingLinks: false).uid
        claim.isProvablyDead = info.isProvablyDead
        claim.judgeProcesses()
        return claim
    }

    /// The deployment that started a process, by the environment it was given.
    static func starter(of pid: pid_t, lock: String) -> LockClaim? {
        guard ProcessIdentity.variable("DEPLOY_LOCK_FILE", of: pid) == lock,
            let deployment = ProcessIdentity.variable("DEPLOY_ID", of: pid)
        else { return nil }
        var facts = DeploymentFacts()
        facts.deployment = deployment
        facts.number = ProcessIdentity.variable("DEPLOY_NUMBER", of: pid).flatMap { Int64($0) }
        var claim = LockClaim(.environment, facts: facts)
        claim.author = try? FileSystem.status("/proc/\(pid)").uid
        return claim
    }

    mutating func judgeProcesses() {
        wrapper = facts?.process?.liveness
        keeper = facts?.keeper?.liveness
        command = facts?.commandProcess?.liveness
    }
}

extension LockClaim {
    /// The ticket it stands in.
    package var ticket: TicketFile? {
        guard case .ticket(let file) = source else { return nil }
        return file
    }

    /// Whether it says that its deployment got the lock.
    package var hasAcquired: Bool { facts?.acquiredAtUs != nil }

    /// The command of a deployment whose wrapper and keeper died, if it may still run.
    ///
    /// One that cannot be seen may run: waiting too long is safe, overlapping is not.
    package var survivingCommand: ProcessIdentity? {
        guard hasAcquired, !hasEnded, wrapper != .alive, keeper != .alive,
            command == .alive || command == .unknown
        else { return nil }
        return facts?.commandProcess
    }

    /// The process that keeps the lock's place although no ticket says so.
    var processInTheWay: ProcessIdentity? {
        if wrapper == .alive { return facts?.process }
        if keeper == .alive { return facts?.keeper }
        return survivingCommand
    }

    /// Whether it had the lock, died with it and did not say how it ended.
    ///
    /// One that has let go of its ticket and still lives is finishing its last step.
    var isAbandonedHold: Bool {
        !isLive && hasAcquired && !hasEnded && wrapper != .alive && keeper != .alive
    }

    /// Whether its deployment died, waiting or with the lock, and nobody knows how it ended.
    var hasDiedUntold: Bool {
        !isLive && facts != nil && wrapper != .alive && keeper != .alive && !isConcluded
    }

    /// The process, if its owner or somebody above them vouches for it: anybody may have named it,
    /// and nobody shall have another user's processes ended by that.
    func vouched(_ process: ProcessIdentity?) -> ProcessIdentity? {
        guard let process, process.isAlive, Credibility.isTrue(of: author, about: process) else {
            return nil
        }
        return process
    }
}

extension DeploymentFacts {
    /// The command of a deployment whose wrapper and keeper died, if it may still run.
    var survivingCommand: ProcessIdentity? {
        var claim = LockClaim(.published, facts: self)
        claim.judgeProcesses()
        return claim.survivingCommand
    }
}

extension TicketFile {
    /// Whether its process lives, then what stands in it: until its end a process may add to that.
    ///
    /// In doubt a ticket is alive; see `isLive`.
    fileprivate func look() -> (isLive: Bool, text: TicketText, author: uid_t?, SystemError?) {
        let nothing = TicketText(parsing: [])
        do {
            let file = try FileDescriptor.openUntrusted(path)
            let isLive = try !file.tryLock(.shared)
            let text = TicketText(parsing: try file.readToEnd(limit: TicketText.longest))
            return (isLive, text, try file.status().uid, nil)
        } catch {
            switch error.code {
            // Gone, or something that never was a ticket.
            case ENOENT, ELOOP, EINVAL, ENXIO: return (false, nothing, nil, nil)
            default: return (isLive, nothing, nil, error)
            }
        }
    }
}
