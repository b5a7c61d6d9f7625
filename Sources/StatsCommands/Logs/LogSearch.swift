import ArgumentParser
import CommandSupport
import DeployLock
import Ledger
import Queries
import Reporting
import SystemCalls

/// Finds the kept output of a deployment.
struct LogSearch {
    /// What was found of it.
    enum Found {
        /// The file, with the ticket of a deployment that may still write to it.
        case file(KeptLog, TicketFile?)
        /// It waits for the lock.
        case waiting(TicketFile)
        /// It runs, or ended, without keeping it.
        case neverKept
        /// It was kept here, on this machine or on another one, and is there no more.
        case removed(path: String, host: String?)
        /// It has ended, and how is not in the ledger yet.
        case unrecorded
        /// Nobody knows the deployment; where it was looked for.
        case unknown([String])
    }

    let name: String
    let zone: Zone
    /// The lock that an option names.
    let lockFile: String?
    let configuration: Configuration

    /// Looks in one directory.
    func find(in directory: String) throws -> Found {
        let logs = try Failure.wrap { try LogFolder(directory).logs(named: name) }
        guard let first = logs.first else { return .unknown([directory]) }
        guard logs.count == 1 else {
            throw Failure.because(
                "'\(name)' can mean several deployments in \(directory); give the whole id of one",
                further: logs.prefix(Self.mostShown).map { "#\($0.number), \($0.deployment)" })
        }
        let ticket = lockFile.map { WaitQueue(LockPaths(lockFile: $0)).ticket(first.number) }
        return .file(KeptLog(path: "\(directory)/\(first.text)"), ticket)
    }

    private static let mostShown = 20

    /// Looks in the ledger, then at the lock, then in the configured directory.
    func find(_ settings: LedgerSettings) throws -> Found {
        let recorded = try recorded(settings)
        switch recorded {
        case nil, .unrecorded: break
        case let found?: return found
        }
        if let found = live(lock) { return found }
        if let directory = configuration.value("DEPLOY_LOG_DIR"), FileSystem.exists(directory) {
            let found = try find(in: Path.resolved(directory))
            if case .file = found { return found }
            return recorded ?? .unknown([settings.path, directory])
        }
        return recorded ?? .unknown([settings.path])
    }

    private var lock: LockPaths { LockPaths(lockFile: lockFile, infoFile: nil, configuration) }

    /// What the ledger says; nil when it cannot say.
    private func recorded(_ settings: LedgerSettings) throws -> Found? {
        let reader: LedgerReader
        do {
            reader = try LedgerReader(path: settings.path)
        } catch LedgerError.missing, LedgerError.empty {
            return nil
        } catch {
            Terminal.complain("deploystats: \(error); looking without it")
            return nil
        }
        let locks = LockPaths.recorded(lockFile.map { [$0] } ?? [])
        let lookup = try Failure.wrap {
            try DeploymentLookup(name, locks: locks, on: reader.connection)
        }
        guard let match = lookup.matches.first else { return nil }
        guard lookup.matches.count == 1 else {
            throw DeploymentChoice.ambiguous(name, lookup.matches, zone)
        }
        if let number = match.number, let path = match.lock {
            let ticket = WaitQueue(LockPaths(lockFile: path)).ticket(number)
            if let found = live(ticket, deployment: match.id) { return found }
        }
        let story = try Failure.wrap { try DeploymentStory(match, on: reader.connection) }
        guard let release = story.release else {
            // Its end may be in the spool.
            return ["waiting", "running"].contains(match.state) ? .unrecorded : .neverKept
        }
        guard let path = release.logFile else { return .neverKept }
        return KeptLog(recorded: path).map { .file($0, nil) }
            ?? .removed(path: path, host: release.host == Machine.hostName ? nil : release.host)
    }

    /// What the lock says of a deployment that waits or runs.
    private func live(_ paths: LockPaths) -> Found? {
        let queue = WaitQueue(paths)
        if let number = Int64(name.hasPrefix("#") ? name.dropFirst() : name[...]) {
            return live(queue.ticket(number), deployment: nil)
        }
        guard let state = try? LockState(of: paths, isConcluded: EventEnvelope.containsOutcome)
        else { return nil }
        let facts = [state.owner.facts].compactMap(\.self) + state.waiting.compactMap(\.facts)
        let match = facts.first { $0.deployment?.hasPrefix(name.lowercased()) ?? false }
        return match?.number.flatMap { live(queue.ticket($0), deployment: match?.deployment) }
    }

    private func live(_ ticket: TicketFile, deployment: String?) -> Found? {
        guard ticket.isOwned, let facts = ticket.text().facts,
            deployment == nil || facts.deployment == deployment
        else { return nil }
        if facts.acquiredAtUs == nil { return .waiting(ticket) }
        guard let path = facts.logFile else { return .neverKept }
        return KeptLog(recorded: path).map { .file($0, ticket) } ?? .removed(path: path, host: nil)
    }

    /// Says why there is nothing to print; throw the result.
    func missing(_ found: Found) -> ExitCode {
        switch found {
        case .file, .neverKept:
            Failure.because(
                "the output of \(name) was not kept; --log-dir or DEPLOY_LOG_DIR keeps it")
        case .waiting:
            Failure.because("\(name) is waiting for the lock and has printed nothing yet")
        case .removed(let path, let host?):
            Failure.because("the output of \(name) was kept on \(host) in \(path)")
        case .removed(let path, nil):
            Failure.because(
                "the output of \(name) is no longer in \(path): it was removed, because it was old, "
                    + "there was too much, or by hand")
        case .unrecorded:
            Failure.because(
                "how \(name) ended is not in the ledger yet; name the directory with --log-dir")
        case .unknown(let places):
            Failure.because(
                "no deployment '\(name)' in \(places.joined(separator: " or ")); "
                    + "'deploystats deployments' lists them")
        }
    }
}
