import Glibc
package import Processes
import SystemCalls

/// The way from a ticket to the lock.
package struct LockAcquisition: ~Copyable {
    /// What came of it.
    package enum Result: ~Copyable {
        /// The lock is ours.
        case acquired(LockFile, Circumstances)
        /// It is taken, and waiting was not wanted.
        case refused(WaitReason)
        /// The wait ended without it.
        case gaveUp(WaitFailure)
    }

    /// What was seen on the way.
    package struct Circumstances: Sendable {
        /// Whether we had to wait for whatever the last holder left running: it lived until now.
        package let lockWasHeld: Bool
        /// How long only freezes held us up, in µs.
        package let frozenUs: Int64
        /// The freezes in spite of which the lock was taken.
        package let overridden: Freezes
    }

    private let queue: WaitQueue
    private let number: Int64
    private let unlisted: () -> [ProcessIdentity]
    private var lockWasHeld = false
    private var failures = 0

    /// Prepares the way for the holder of ticket `number`.
    ///
    /// - Parameter unlisted: wrappers that are known, from elsewhere than the queue, to have the
    ///   lock: asked when the queue itself may have been removed.
    package init(
        queue: WaitQueue, number: Int64, unlisted: @escaping () -> [ProcessIdentity] = { [] }
    ) {
        self.queue = queue
        self.number = number
        self.unlisted = unlisted
    }

    /// Waits for everybody ahead, then for the end of freezes, then for the lock file, then for
    /// commands that outlived their wrapper.
    ///
    /// A freeze that begins meanwhile is found when the lock is there: then it is given back, and
    /// it starts over, with its place in the queue.
    ///
    /// `wait: false` refuses instead of waiting.
    package mutating func run(
        wait: Bool, monitor: inout some LockMonitor
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
        wait: Bool, monitor: inout some LockMonitor
    ) throws -> Result {
        while true {
            let listing = try queue.listing(below: number)
            let ahead = listing.tickets
            if let nearest = ahead.last(where: \.isLive) {
                let obstacle = WaitReason.queue(ahead: ahead.filter { $0.number <= nearest.number })
                guard wait else { return .refused(obstacle) }
                monitor.isBlocked(by: obstacle)
                if let failure = try pass(nearest, &monitor) { return .gaveUp(failure) }
                continue
            }
            switch monitor.judge(listing.freezes) {
            case .open: break
            case .held:
                let length = monitor.freezes.pause(atMost: Self.freezePause)
                if let failure = try monitor.pause(length) { return .gaveUp(failure) }
                continue
            case .tooLong: return .gaveUp(.frozen)
            }
            let file: LockFile
            switch try lockFile(wait: wait, monitor: &monitor) {
            case .ours(let ours): file = ours
            case .gone: continue
            case .ended(let result): return result
            }
            // No ticket below is alive, so these are what earlier holders left. One that is
            // abandoned meanwhile leaves a new lock file.
            let left = try queue.listing(below: number)
            var freezes = left.freezes
            var hasWaited = false
            for ticket in left.tickets {
                while file.isCurrent, let obstacle = WaitReason(left: ticket) {
                    guard wait else { return .refused(obstacle) }
                    if let failure = try outlive(obstacle, &monitor) { return .gaveUp(failure) }
                    hasWaited = true
                }
            }
            while file.isCurrent, let process = try unlistedHolder() {
                let obstacle = WaitReason.unlisted(process)
                guard wait else { return .refused(obstacle) }
                if let failure = try outlive(obstacle, &monitor) { return .gaveUp(failure) }
                hasWaited = true
            }
            guard file.isCurrent else { continue }
            if hasWaited { freezes = try queue.freezeFiles() }
            if monitor.judge(freezes) != .open {
                try? file.descriptor.unlock()
                continue
            }
            return .acquired(
                file,
                Circumstances(
                    lockWasHeld: lockWasHeld, frozenUs: monitor.freezes.frozenUs,
                    overridden: monitor.freezes.freezes))
        }
    }

    private enum Locking: ~Copyable {
        /// The lock file is locked by us.
        case ours(LockFile)
        /// Another file has its name by now.
        case gone
        /// Without it.
        case ended(Result)
    }

    /// Opens the lock file and locks it.
    private mutating func lockFile(
        wait: Bool, monitor: inout some LockMonitor
    ) throws -> Locking {
        var file = try LockFile(opening: queue.paths)
        var looks = 0
        // After every wait the lock is asked for again: what is not seen to be ours is not.
        while try !file.tryLock() {
            guard file.isCurrent else { return .gone }
            guard wait else {
                // Somebody may just look at it, see `LockFile.isHeldUnseen`.
                if looks < Self.mostLooks, KernelLocks().isHeldShared(file.path) {
                    looks += 1
                    usleep(20_000)
                    continue
                }
                return .ended(.refused(.lockFile))
            }
            lockWasHeld = true
            monitor.isBlocked(by: .lockFile)
            if let failure = try block(on: file.descriptor, file.path, .exclusive, &monitor) {
                return .ended(.gaveUp(failure))
            }
        }
        return file.isCurrent ? .ours(file) : .gone
    }

    /// A deployment that goes on although lock file and queue were removed under it: then only the
    /// published facts and the ledger tell of it.
    private func unlistedHolder() throws(SystemError) -> ProcessIdentity? {
        if let process = try LockReading.unlisted(in: queue)?.processInTheWay, process != .current {
            return process
        }
        return unlisted().first { $0 != .current && $0.isAlive && !queue.hasAbandoned($0) }
    }

    private mutating func outlive(
        _ obstacle: WaitReason, _ monitor: inout some LockMonitor
    ) throws(SystemError) -> WaitFailure? {
        lockWasHeld = true
        monitor.isBlocked(by: obstacle)
        let process: ProcessIdentity
        switch obstacle {
        case .survivor(let ticket, let command):
            // A person may have found out what we cannot, and have cleared it away.
            let isOver = { [queue] in
                queue.hasAbandoned(command) || !FileSystem.exists(ticket.path)
            }
            if let failure = try monitor.wait(forEndOf: command, isPointless: isOver) {
                return failure
            }
            process = command
        case .unlisted(let holder):
            if let failure = try monitor.wait(
                forEndOf: holder, isPointless: { [queue] in queue.hasAbandoned(holder) })
            {
                return failure
            }
            process = holder
        case .queue, .lockFile, .unreadable: return try monitor.pause()
        }
        // The lock file is replaced right after that.
        return queue.hasAbandoned(process) ? try monitor.pause() : nil
    }

    /// Waits until the owner of a ticket has let go of it or died.
    private mutating func pass(
        _ ticket: TicketFile, _ monitor: inout some LockMonitor
    ) throws(SystemError) -> WaitFailure? {
        do {
            let file = try FileDescriptor.openUntrusted(ticket.path)
            return try block(on: file, ticket.path, .shared, &monitor)
        } catch {
            switch error.code {
            case ENOENT, ELOOP, EINVAL, ENXIO: return nil
            // Another user's, in a directory that only they may read: look again and again.
            case EACCES: return try monitor.pause()
            default: throw error
            }
        }
    }

    /// Waits for a lock, or until a forced unlock has taken the file out of everybody's way.
    private mutating func block(
        on file: borrowing FileDescriptor, _ path: String, _ mode: FlockMode,
        _ monitor: inout some LockMonitor
    ) throws(SystemError) -> WaitFailure? {
        let identity = try file.status().identity
        // The name may have changed before the file was open.
        if isAbandoned(identity, path) { return nil }
        do {
            return try monitor.wait(forLock: file, mode) { isAbandoned(identity, path) }
        } catch {
            // A wait that fails once, for want of locks, may not fail the next time.
            failures += 1
            if failures > Self.mostFailures { throw error }
            return try monitor.pause()
        }
    }

    /// How often the first in line looks whether deployments are still frozen, in µs.
    private static let freezePause: Int64 = 250_000
    private static let mostFailures = 5
    private static let mostLooks = 5

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
