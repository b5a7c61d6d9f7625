import Glibc
import SystemCalls

/// The way from a ticket to the lock.
public struct LockAcquisition: ~Copyable {
    /// What came of it.
    public enum Result: ~Copyable {
        /// The lock is ours.
        case acquired(LockFile, Circumstances)
        /// It is taken, and waiting was not wanted.
        case refused(Obstacle)
        /// The wait ended without it.
        case gaveUp(WaitFailure)
    }

    /// What was seen on the way.
    public struct Circumstances: Sendable {
        /// Whether we had to wait for whatever the last holder left running: it lived until now.
        public let lockWasHeld: Bool
    }

    private let queue: WaitQueue
    private let number: Int64
    private let unlisted: () -> [ProcessIdentity]
    private var lockWasHeld = false

    /// Prepares the way for the holder of ticket `number`.
    ///
    /// - Parameter unlisted: wrappers that are known, from elsewhere than the queue, to have the
    ///   lock: asked when the queue itself may have been removed.
    public init(
        queue: WaitQueue, number: Int64, unlisted: @escaping () -> [ProcessIdentity] = { [] }
    ) {
        self.queue = queue
        self.number = number
        self.unlisted = unlisted
    }

    /// Waits for everybody ahead, then for the lock file, then for commands that outlived their
    /// wrapper.
    ///
    /// `wait: false` refuses instead of waiting.
    public mutating func run(
        wait: Bool, monitor: inout some WaitMonitor
    ) throws(LockError) -> Result {
        do {
            return try attempt(wait: wait, monitor: &monitor)
        } catch let error as LockError {
            throw error
        } catch let error as SystemError {
            throw .unusable(error, directory: queue.paths.directory)
        } catch {
            throw .unusable(SystemError("flock"), directory: queue.paths.directory)
        }
    }

    private mutating func attempt(
        wait: Bool, monitor: inout some WaitMonitor
    ) throws -> Result {
        while true {
            let ahead = try queue.tickets(below: number)
            if let nearest = ahead.last(where: \.isLive) {
                let obstacle = Obstacle.queue(ahead: ahead.filter { $0.number <= nearest.number })
                guard wait else { return .refused(obstacle) }
                monitor.isBlocked(by: obstacle)
                if let failure = try pass(nearest, &monitor) { return .gaveUp(failure) }
                continue
            }
            let file = try LockFile(opening: queue.paths)
            if try !file.descriptor.tryLock(.exclusive) {
                guard wait else { return .refused(.lockFile) }
                lockWasHeld = true
                monitor.isBlocked(by: .lockFile)
                if let failure = try block(on: file.descriptor, file.path, .exclusive, &monitor) {
                    return .gaveUp(failure)
                }
            }
            guard file.isCurrent else { continue }
            // No ticket below is alive, so these are what earlier holders left. One that is
            // abandoned meanwhile leaves a new lock file.
            for ticket in try queue.tickets(below: number) {
                while file.isCurrent, let command = ticket.text().facts?.survivingCommand {
                    let obstacle = Obstacle.survivor(ticket, command)
                    guard wait else { return .refused(obstacle) }
                    if let failure = try outlive(command, obstacle, &monitor) {
                        return .gaveUp(failure)
                    }
                }
            }
            while file.isCurrent, let process = try unlistedHolder() {
                let obstacle = Obstacle.unlisted(process)
                guard wait else { return .refused(obstacle) }
                if let failure = try outlive(process, obstacle, &monitor) {
                    return .gaveUp(failure)
                }
            }
            guard file.isCurrent else { continue }
            return .acquired(file, Circumstances(lockWasHeld: lockWasHeld))
        }
    }

    /// A deployment that goes on although lock file and queue were removed under it: then only the
    /// published facts and the ledger tell of it.
    private func unlistedHolder() throws(SystemError) -> ProcessIdentity? {
        if let facts = HolderInfo(publishedAt: queue.paths.infoFile), facts.acquiredAtUs != nil {
            let isListed = try (queue.tickets() + queue.abandoned()).contains { $0.isOf(facts) }
            if !isListed, let process = facts.process, process != .current, process.isAlive {
                return process
            }
            if !isListed, let command = facts.survivingCommand { return command }
        }
        return unlisted().first { $0 != .current && $0.isAlive && !isAbandoned($0) }
    }

    private mutating func outlive(
        _ process: ProcessIdentity, _ obstacle: Obstacle, _ monitor: inout some WaitMonitor
    ) throws(SystemError) -> WaitFailure? {
        lockWasHeld = true
        monitor.isBlocked(by: obstacle)
        if let failure = try monitor.wait(forEndOf: process, isPointless: { isAbandoned(process) })
        {
            return failure
        }
        // The lock file is replaced right after that.
        return isAbandoned(process) ? try monitor.pause() : nil
    }

    /// Whether a forced unlock has left a process running without the lock.
    private func isAbandoned(_ process: ProcessIdentity) -> Bool {
        queue.abandoned().contains { ticket in
            let facts = ticket.text().facts
            return facts?.process == process || facts?.survivingCommand == process
        }
    }

    /// Waits until the owner of a ticket has let go of it or died.
    private func pass(
        _ ticket: TicketFile, _ monitor: inout some WaitMonitor
    ) throws(SystemError) -> WaitFailure? {
        do {
            let file = try FileDescriptor.openUntrusted(ticket.path)
            return try block(on: file, ticket.path, .shared, &monitor)
        } catch {
            switch error.code {
            case ENOENT, ELOOP, EINVAL, ENXIO: return nil
            // Another user's in a directory that only he may read: look again and again.
            case EACCES: return try monitor.pause()
            default: throw error
            }
        }
    }

    /// Waits for a lock, or until a forced unlock has taken the file out of everybody's way.
    private func block(
        on file: borrowing FileDescriptor, _ path: String, _ mode: FlockMode,
        _ monitor: inout some WaitMonitor
    ) throws(SystemError) -> WaitFailure? {
        let identity = try file.status().identity
        // The name may have changed before the file was open.
        if isAbandoned(identity, path) { return nil }
        return try monitor.wait(forLock: file, mode) { isAbandoned(identity, path) }
    }

    /// Whether a file was taken out of the way on purpose.
    ///
    /// One that a person removed or replaced is still waited for: who has it may be at work.
    private func isAbandoned(_ identity: FileStatus.Identity, _ path: String) -> Bool {
        let named = try? FileSystem.status(path, followingLinks: false)
        if named?.identity == identity { return false }
        if path != queue.paths.lockFile { return true }
        let inode = Int64(truncatingIfNeeded: identity.inode)
        return queue.abandoned().contains { $0.text().forced?.abandonedInode == inode }
    }
}
