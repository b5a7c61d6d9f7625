import Glibc
public import SystemCalls

/// A ticket seen by somebody who does not own it.
public struct TicketFile: Hashable, Sendable {
    /// The deployment's number.
    public let number: Int64
    /// Where the file is.
    public let path: String

    /// What stands in it; empty when it cannot be read.
    public func text() -> TicketText {
        TicketText(parsing: (try? FileSystem.read(path)) ?? [])
    }

    /// Whether its process lives.
    ///
    /// A ticket that cannot be looked at counts as alive, unless it is gone: waiting too long is
    /// safe, overtaking is not.
    public var isLive: Bool {
        do {
            // Shared, so that two who look at the same time do not see each other.
            return try !FileDescriptor.open(path, O_RDONLY | O_NOFOLLOW).tryLock(.shared)
        } catch {
            return error.code != ENOENT
        }
    }
}

/// Those who hold or want a lock, in strict order of arrival.
public struct WaitQueue: Sendable {
    /// The files of the lock.
    public let paths: LockPaths

    private static let ticketPrefix = "ticket-"
    private static let draftPrefix = "new-"

    /// The queue of the lock with these files.
    public init(_ paths: LockPaths) {
        self.paths = paths
    }

    /// All tickets below a number, lowest first, alive or not.
    public func tickets(below limit: Int64 = .max) throws(SystemError) -> [TicketFile] {
        let names: [String]
        do {
            names = try FileSystem.entries(of: paths.queueDirectory)
        } catch {
            if error.code == ENOENT { return [] }
            throw error
        }
        return names.compactMap { name in
            guard name.hasPrefix(Self.ticketPrefix),
                let number = Int64(name.dropFirst(Self.ticketPrefix.count)), number < limit
            else { return nil }
            return TicketFile(number: number, path: "\(paths.queueDirectory)/\(name)")
        }
        .sorted { $0.number < $1.number }
    }

    /// Takes the next number and the ticket that goes with it.
    ///
    /// - Parameters:
    ///   - highestKnown: the highest number known elsewhere; asked only when the counter is lost,
    ///     which a reboot does where the directory is a tmpfs.
    ///   - text: what to write into the ticket before anybody can see it.
    public func takeTicket(
        highestKnown: () -> Int64, text: (Int64) -> (facts: HolderInfo, entries: [String])
    ) throws(LockError) -> Ticket {
        do {
            try SharedFiles(in: paths.directory).makeDirectory(paths.queueDirectory)
            let gate = try openGate()
            let number = try nextNumber(gate, highestKnown: highestKnown)
            let draft = "\(paths.queueDirectory)/\(Self.draftPrefix)\(getpid())"
            let file = try createDraft(draft)
            // Locked before it gets its name: whoever sees a ticket sees it locked.
            guard try file.tryLock(.exclusive) else {
                throw SystemError("flock", draft, code: EWOULDBLOCK)
            }
            let (facts, entries) = text(number)
            try file.write(TicketText.encode(facts, entries: entries))
            let path = "\(paths.queueDirectory)/\(Self.ticketPrefix)\(number)"
            try FileSystem.rename(draft, to: path)
            return Ticket(number: number, path: path, descriptor: file)
        } catch let error as SystemError {
            throw .unusable(error, directory: paths.directory)
        } catch let error as LockError {
            throw error
        } catch {
            throw .unusable(
                SystemError("open", paths.queueDirectory), directory: paths.directory)
        }
    }

    /// Removes drafts that were left by processes killed while they took a number.
    public func removeAbandonedDrafts() {
        for name in (try? FileSystem.entries(of: paths.queueDirectory)) ?? []
        where name.hasPrefix(Self.draftPrefix) {
            let draft = TicketFile(number: 0, path: "\(paths.queueDirectory)/\(name)")
            guard let pid = pid_t(name.dropFirst(Self.draftPrefix.count)),
                ProcessIdentity(running: pid) == nil, !draft.isLive
            else { continue }
            try? FileSystem.unlink(draft.path)
        }
    }

    private func createDraft(_ path: String) throws(SystemError) -> FileDescriptor {
        // Left by a process that had our pid and was killed here; we hold the gate.
        try? FileSystem.unlink(path)
        let file = try FileDescriptor.open(
            path, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
        let directory = try FileSystem.status(paths.queueDirectory)
        try file.setPermissions(directory.mode & 0o644 | 0o600)
        return file
    }

    /// Opens and locks the gate, and makes sure it is still the one that has the name.
    private func openGate() throws -> FileDescriptor {
        while true {
            do {
                let gate: FileDescriptor
                if FileSystem.exists(paths.gateFile) {
                    gate = try FileDescriptor.open(paths.gateFile, O_RDWR | O_NOFOLLOW)
                } else {
                    gate = try SharedFiles(in: paths.queueDirectory).create(paths.gateFile, O_RDWR)
                }
                try gate.lock(.exclusive)
                let mine = try gate.status().identity
                let named = try? FileSystem.status(paths.gateFile, followingLinks: false)
                if mine == named?.identity { return gate }
            } catch let error as SystemError where error.code == EEXIST || error.code == ENOENT {
                // Created or removed by somebody between two of our calls: look again.
                try SharedFiles(in: paths.directory).makeDirectory(paths.queueDirectory)
            } catch LockError.directoryMissing {
                try SharedFiles(in: paths.directory).makeDirectory(paths.queueDirectory)
            }
        }
    }

    /// The counter is twenty digits and a line feed, so that every write replaces all of it.
    private func nextNumber(
        _ gate: borrowing FileDescriptor, highestKnown: () -> Int64
    ) throws(SystemError) -> Int64 {
        let text = String(decoding: try gate.read(count: 32, at: 0), as: UTF8.self)
        let last: Int64
        if let counter = Int64(text.prefix(20)), counter > 0 {
            last = counter
        } else {
            last = max(try tickets().last?.number ?? 0, highestKnown())
        }
        let digits = String(last + 1)
        let padded = String(repeating: "0", count: 20 - digits.count) + digits + "\n"
        try gate.write(Array(padded.utf8), at: 0)
        return last + 1
    }
}
