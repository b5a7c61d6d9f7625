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
    private var lockWasHeld = false

    /// Prepares the way for the holder of ticket `number`.
    public init(queue: WaitQueue, number: Int64) {
        self.queue = queue
        self.number = number
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
            let ahead = try queue.tickets(below: number).filter(\.isLive)
            if let nearest = ahead.last {
                let obstacle = Obstacle.queue(ahead: ahead)
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
                if let failure = try block(file.descriptor, .exclusive, &monitor) {
                    return .gaveUp(failure)
                }
            }
            guard file.isCurrent else { continue }
            // No ticket below is alive, so these are what earlier holders left.
            for ticket in try queue.tickets(below: number) {
                while let command = ticket.text().facts?.survivingCommand {
                    let obstacle = Obstacle.survivor(ticket, command)
                    guard wait else { return .refused(obstacle) }
                    lockWasHeld = true
                    monitor.isBlocked(by: obstacle)
                    if let failure = try outlive(command, &monitor) { return .gaveUp(failure) }
                }
            }
            return .acquired(file, Circumstances(lockWasHeld: lockWasHeld))
        }
    }

    /// Waits until the owner of a ticket has let go of it or died.
    private func pass(
        _ ticket: TicketFile, _ monitor: inout some WaitMonitor
    ) throws(SystemError) -> WaitFailure? {
        let file: FileDescriptor
        do {
            file = try FileDescriptor.open(ticket.path, O_RDONLY | O_NOFOLLOW)
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
        return try block(file, .shared, &monitor)
    }

    private func block(
        _ file: borrowing FileDescriptor, _ mode: FlockMode, _ monitor: inout some WaitMonitor
    ) throws(SystemError) -> WaitFailure? {
        let lock = try BlockingLock.start(file, mode)
        defer { withExtendedLifetime(lock) {} }
        return try hold(lock.descriptor, &monitor)
    }

    /// Waits until a process has ended.
    ///
    /// Source: pidfd_open(2), readable when it terminates.
    private func outlive(
        _ process: ProcessIdentity, _ monitor: inout some WaitMonitor
    ) throws(SystemError) -> WaitFailure? {
        guard let descriptor = try? FileDescriptor.process(process.pid), process.isAlive else {
            return nil
        }
        return try hold(descriptor.rawValue, &monitor)
    }

    private func hold(
        _ descriptor: CInt, _ monitor: inout some WaitMonitor
    ) throws(SystemError) -> WaitFailure? {
        while true {
            let now = Clock.monotonicMicroseconds()
            if let tick = monitor.nextTick, tick <= now { monitor.tick() }
            if let deadline = monitor.deadline, deadline <= now { return .timedOut }
            let until = [monitor.nextTick, monitor.deadline].compactMap(\.self).min()
            let ready = try Poll.readable([descriptor, monitor.interruptDescriptor], until: until)
            if ready.contains(0) { return nil }
            if ready.contains(1), monitor.isInterrupted() { return .interrupted }
        }
    }
}
