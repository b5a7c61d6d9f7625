import Glibc
package import SystemCalls

/// Those who hold or wait for a lock, in strict order of arrival.
package struct WaitQueue: Sendable {
    /// The files of the lock.
    package let paths: LockPaths

    /// Numbers that can be right; the last is the largest that every reader of JSON can hold.
    private static let numbers: Range<Int64> = 1..<1 << 53

    private static let ticketPrefix = "ticket-"
    static let draftPrefix = "new-"

    /// The queue of the lock with these files.
    package init(_ paths: LockPaths) {
        self.paths = paths
    }

    /// All tickets below a number, lowest first, alive or not.
    package func tickets(below limit: Int64 = .max) throws(SystemError) -> [TicketFile] {
        try listing(below: limit).tickets
    }

    /// What stands in the queue's directory at one moment.
    package struct Listing: Hashable, Sendable {
        /// The tickets below a number, lowest first, alive or not.
        package fileprivate(set) var tickets: [TicketFile] = []
        /// The files of freezes, in force or not.
        package fileprivate(set) var freezes: [FreezeFile] = []
    }

    /// Tickets below a number and freezes, at the price of one look.
    package func listing(below limit: Int64 = .max) throws(SystemError) -> Listing {
        let names: [String]
        do {
            names = try FileSystem.entries(of: paths.queueDirectory)
        } catch {
            if error.code == ENOENT { return Listing() }
            throw error
        }
        var listing = Listing()
        for name in names {
            if name.hasPrefix(Self.ticketPrefix) {
                guard let number = Int64(name.dropFirst(Self.ticketPrefix.count)),
                    Self.numbers.contains(number), number < limit
                else { continue }
                let path = "\(paths.queueDirectory)/\(name)"
                listing.tickets.append(TicketFile(number: number, path: path))
            } else if name.hasPrefix(FreezeFile.prefix) {
                listing.freezes.append(FreezeFile(path: "\(paths.queueDirectory)/\(name)"))
            }
        }
        listing.tickets.sort { $0.number < $1.number }
        return listing
    }

    /// What came of asking for a number.
    package enum TicketResult: ~Copyable {
        /// A place in the queue.
        case taken(Ticket)
        /// The wait for those who take a number at the same time ended without one.
        case gaveUp(WaitFailure)
    }

    /// The last number that was given out, as the counter beside the lock has it; nil when it is
    /// lost.
    package var lastNumber: Int64? {
        guard let file = try? FileDescriptor.openUntrusted(paths.gateFile) else { return nil }
        return (try? Counter(file))?.last
    }

    /// Why the last number is not known beside the lock.
    package enum CounterLoss: Hashable, Sendable {
        /// Nothing is there, and nothing of the lock either: it is new, or the directory is a tmpfs
        /// and the machine was restarted.
        case new
        /// The queue was removed while the lock file stayed.
        case removed
        /// The machine was restarted since, and the last numbers may not have reached the disk.
        case restarted
    }

    /// Takes the next number and the ticket that goes with it.
    ///
    /// - Parameters:
    ///   - monitor: ends the wait for the gate, which is usually free.
    ///   - highestKnown: the highest number known elsewhere; asked only when the counter is lost.
    ///   - admits: whether the newcomer with this number may join; asked while nobody else can.
    ///     Otherwise its ticket holds its last words, and nobody waits for it.
    ///   - text: what to write into the ticket before anybody can see it.
    package func takeTicket(
        monitor: inout some WaitMonitor, highestKnown: (CounterLoss) -> Int64,
        admits: (Int64) -> Bool = { _ in true },
        text: (Int64) -> (facts: DeploymentFacts, entries: [String])
    ) throws(LockError) -> TicketResult {
        do {
            // Nothing is made beside something that cannot be a lock.
            try LockFile.requireUsable(paths)
            let shared = try SharedFiles(in: paths.directory)
            try shared.makeDirectory(paths.queueDirectory)
            guard let gate = try openGate(&monitor) else {
                return .gaveUp(monitor.isInterrupted() ? .interrupted : .timedOut)
            }
            let counter = try Counter(gate)
            let wasLost = counter.last == nil
            var number = try counter.last ?? lastKnown(counter, highestKnown)
            repeat { number += 1 } while FileSystem.exists(ticketPath(number))
            try counter.write(number, to: gate)
            // Not to be guessed: nobody can take the name first.
            let mark = UInt64.random(in: .min ... .max)
            let draft = "\(paths.queueDirectory)/\(Self.draftPrefix)\(mark)"
            let file = try shared.createTicket(draft)
            // Locked before it gets its name: whoever sees a ticket sees it locked.
            guard try file.tryLock(.exclusive) else {
                throw SystemError("flock", draft, code: EWOULDBLOCK)
            }
            let isAdmitted = admits(number)
            let (facts, entries) = text(number)
            try file.write(RunLine.reserved + TicketText.encode(facts, entries: entries))
            if !isAdmitted { try file.unlock() }
            let path = ticketPath(number)
            guard try FileSystem.renameWithoutReplacing(draft, to: path) else {
                throw SystemError("rename", path, code: EEXIST)
            }
            return .taken(
                Ticket(number: number, path: path, counterWasLost: wasLost, descriptor: file))
        } catch let error as SystemError {
            throw .unusable(error, directory: paths.directory)
        } catch let error as LockError {
            throw error
        } catch {
            throw .unusable(
                SystemError("open", paths.queueDirectory), directory: paths.directory)
        }
    }

    /// Removes what nobody needs any more: drafts of processes killed while they took a number or
    /// published facts, and what a forced unlock noted of deployments that have ended since.
    package func removeStaleFiles() {
        for gone in abandoned() where !gone.isRunning { try? FileSystem.unlink(gone.path) }
        DeploymentFacts.removeDrafts(of: paths.infoFile)
        let names = (try? FileSystem.entries(of: paths.queueDirectory)) ?? []
        let drafts = names.filter { $0.hasPrefix(Self.draftPrefix) }
        removeEndedFreezes(
            names.filter { $0.hasPrefix(FreezeFile.prefix) }
                .map { FreezeFile(path: "\(paths.queueDirectory)/\($0)") })
        // Whoever has the gate is the only one who makes a draft.
        guard !drafts.isEmpty,
            let gate = try? FileDescriptor.open(
                paths.gateFile, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY),
            (try? gate.tryLock(.exclusive)) == true
        else { return }
        for name in drafts { try? FileSystem.unlink("\(paths.queueDirectory)/\(name)") }
    }

    /// The ticket with a number, whether it is there or not.
    package func ticket(_ number: Int64) -> TicketFile {
        TicketFile(number: number, path: ticketPath(number))
    }

    private func ticketPath(_ number: Int64) -> String {
        "\(paths.queueDirectory)/\(Self.ticketPrefix)\(number)"
    }

    /// Opens and locks the gate, and makes sure it is still the one that has the name; nil when
    /// the monitor ended the wait.
    private func openGate(_ monitor: inout some WaitMonitor) throws -> FileDescriptor? {
        for _ in 0..<100 {
            do {
                let gate: FileDescriptor
                if let status = try LockFile.existing(paths.gateFile) {
                    try LockFile.requireRegular(status, paths.gateFile)
                    gate = try FileDescriptor.open(
                        paths.gateFile, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
                } else {
                    gate = try SharedFiles(in: paths.queueDirectory).create(paths.gateFile, O_RDWR)
                }
                while try !gate.tryLock(.exclusive) {
                    if try monitor.wait(forLock: gate, .exclusive) != nil { return nil }
                }
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
        throw SystemError("open", paths.gateFile, code: EBUSY)
    }

    /// The last number that can have been given out, from wherever it is known.
    private func lastKnown(
        _ counter: Counter, _ highestKnown: (CounterLoss) -> Int64
    ) throws(SystemError) -> Int64 {
        let lockFileExists = (try? LockFile.existing(paths.lockFile)) != nil
        let loss: CounterLoss =
            counter.isOfAnotherBoot ? .restarted : lockFileExists ? .removed : .new
        // The ledger may not have the newest holder yet.
        let published = DeploymentFacts(publishedAt: paths.infoFile)?.number ?? 0
        var last = max(
            try tickets().last?.number ?? 0, highestKnown(loss), counter.lastOfAnotherBoot ?? 0)
        if published < Self.numbers.upperBound - 1 { last = max(last, published) }
        return last
    }

    /// What stands in the gate: the last number and the boot it was given out in.
    private struct Counter {
        /// Nil when it is not there, cannot be right or is of another boot: the gate is never
        /// synchronised, so that numbers given out just before a power loss may not have reached
        /// the disk.
        let last: Int64?
        /// What an earlier boot had at least.
        let lastOfAnotherBoot: Int64?

        var isOfAnotherBoot: Bool { lastOfAnotherBoot != nil }

        init(_ gate: borrowing FileDescriptor) throws(SystemError) {
            let lines = String(decoding: try gate.read(count: 128, at: 0), as: UTF8.self)
                .split(separator: "\n", omittingEmptySubsequences: false)
            let number = lines.first.flatMap { Int64($0) }
                .flatMap { numbers.contains($0) && numbers.contains($0 + 1) ? $0 : nil }
            let isOfThisBoot = lines.count > 1 && lines[1] == Machine.bootID
            last = isOfThisBoot ? number : nil
            lastOfAnotherBoot = isOfThisBoot ? nil : number
        }

        /// Twenty digits and as many bytes as the boot's id has, so that every write replaces all.
        func write(_ number: Int64, to gate: borrowing FileDescriptor) throws(SystemError) {
            let digits = String(number)
            let padded = String(repeating: "0", count: 20 - digits.count) + digits
            try gate.write(Array("\(padded)\n\(Machine.bootID)\n".utf8), at: 0)
        }
    }
}
