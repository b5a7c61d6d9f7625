import Glibc
import Processes
import SystemCalls

extension TicketFile {
    static let abandonedPrefix = "abandoned-"

    /// What the ticket at a path is called once its deployment has lost its place.
    static func abandonedPath(_ ticketPath: String) -> String {
        let name = Path.name(of: ticketPath)
        let number = name.drop { $0 != "-" }.dropFirst()
        return "\(Path.parent(of: ticketPath))/\(abandonedPrefix)\(number)"
    }

    /// Whether anything of the deployment that was abandoned still runs, as far as its facts tell.
    package var isRunning: Bool {
        if isLive { return true }
        let facts = text().facts
        return facts?.process?.isAlive == true || facts?.commandProcess?.isAlive == true
    }
}

extension WaitQueue {
    /// Those that lost the lock to a forced unlock and were left running; the number is 0 for a
    /// process that is no deployment.
    package func abandoned() -> [TicketFile] {
        let names = (try? FileSystem.entries(of: paths.queueDirectory)) ?? []
        return names.filter { $0.hasPrefix(TicketFile.abandonedPrefix) }.sorted().map { name in
            TicketFile(
                number: Int64(name.dropFirst(TicketFile.abandonedPrefix.count)) ?? 0,
                path: "\(paths.queueDirectory)/\(name)")
        }
    }

    /// Whether a forced unlock has left a process running without the lock.
    func hasAbandoned(_ process: ProcessIdentity) -> Bool {
        abandoned().contains { ticket in
            let facts = ticket.text().facts
            return facts?.process == process || facts?.keeper == process
                || facts?.commandProcess == process
        }
    }

    /// Takes a lock away from those who keep it and leaves them running.
    ///
    /// First their ticket leaves the queue, or, where there is none, a note of the process enters
    /// it; then a new file gets the name of the lock. Whoever waits goes on with the new one, in
    /// order; see `LockAcquisition`. Until the second step all of them wait on.
    package func abandon(_ target: UnlockTarget, _ mark: UnlockNotice) throws(LockError) {
        do throws(SystemError) {
            if let ticket = target.ticket {
                try FileSystem.rename(ticket.path, to: TicketFile.abandonedPath(ticket.path))
            } else {
                for process in target.processes + target.guardians {
                    var facts = target.facts ?? DeploymentFacts()
                    facts.pid = process.pid
                    facts.processStart = process.startTime
                    facts.bootID = process.boot
                    facts.pidNamespace = process.namespace
                    try note(facts, mark)
                }
            }
        } catch {
            throw .unusable(error, directory: paths.directory)
        }
        try paths.replaceLockFile()
    }

    private func note(_ facts: DeploymentFacts, _ mark: UnlockNotice) throws(SystemError) {
        let path = "\(paths.queueDirectory)/\(TicketFile.abandonedPrefix)pid-\(facts.pid ?? 0)"
        try? FileSystem.unlink(path)
        let shared = SharedFiles(directory: try FileSystem.status(paths.queueDirectory))
        let file = try shared.createTicket(path)
        try file.write(TicketText.encode(facts, entries: []) + TicketText.encode(mark))
    }
}

extension LockPaths {
    /// Whether this user may give the lock file's name to another file.
    ///
    /// In a sticky directory only the owner of the file or of the directory may, and root;
    /// inode(7).
    package var mayReplaceLockFile: Bool {
        guard access(directory, W_OK) == 0,
            let parent = try? FileSystem.status(directory),
            let file = try? FileSystem.status(lockFile, followingLinks: false)
        else { return false }
        let user = User.effectiveID
        return parent.mode & S_ISVTX == 0 || user == 0 || user == parent.uid || user == file.uid
    }

    /// Puts a new, free lock file in the place of the one whose lock cannot be had back.
    fileprivate func replaceLockFile() throws(LockError) {
        // Not to be guessed: nobody can take the name first.
        for name in (try? FileSystem.entries(of: directory)) ?? []
        where name.hasPrefix(Path.name(of: lockFile) + ".") && name.hasSuffix(".new") {
            // Left by one that was killed here: only one person at a time does this.
            try? FileSystem.unlink("\(directory)/\(name)")
        }
        let draft = "\(lockFile).\(UInt64.random(in: .min ... .max)).new"
        let shared = try SharedFiles(in: directory)
        do throws(SystemError) {
            _ = try shared.create(draft, O_RDONLY)
            try FileSystem.rename(draft, to: lockFile)
        } catch {
            try? FileSystem.unlink(draft)
            throw .unusable(error, directory: directory)
        }
    }
}
