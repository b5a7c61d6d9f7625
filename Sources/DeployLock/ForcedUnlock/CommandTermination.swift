package import Glibc
package import Processes
package import SystemCalls

/// Ends a command that may not go on, with all it started and whoever has its lock.
///
/// It runs below a keeper, which adopts what its parents left behind, so everything below the keeper
/// belongs to it. A process that set itself apart and closed the lock is not found.
package struct CommandTermination: ~Copyable {
    private let root: ProcessIdentity?
    private let spared: Set<pid_t>
    private let file: FileStatus.Identity?
    private var asked: Set<ProcessIdentity> = []

    /// - Parameters:
    ///   - keeper: the parent of the command.
    ///   - lock: the locked file.
    package init(below keeper: pid_t, lock: borrowing FileDescriptor) {
        root = ProcessIdentity(running: keeper)
        spared = [getpid(), keeper]
        file = try? lock.status().identity
    }

    /// The processes that have to end before the lock may be released.
    package var remaining: [ProcessIdentity] {
        let holding = HoldingProcesses(of: file, takenBy: nil).processes
        let below = root.map { ProcessIdentity.descendants(of: [$0]) } ?? []
        return Set(holding + below).filter { !spared.contains($0.pid) && $0.isAlive }
            .sorted { ($0.startTime, $0.pid) < ($1.startTime, $1.pid) }
    }

    /// Asks those to end that have not been asked yet.
    ///
    /// A script must not go on with its next step because the last one was ended: children first, so
    /// that nobody begins another one.
    package mutating func ask() {
        for process in remaining.reversed() where asked.insert(process).inserted {
            guard let handle = try? ProcessHandle(process) else { continue }
            handle.send(SIGTERM)
            handle.send(SIGCONT)
        }
    }

    /// Kills what is left.
    ///
    /// A process that is stopped starts no other one: all are stopped before any is killed, so that
    /// those that multiply faster than they are found end, too.
    package func kill() {
        var handles: [ProcessIdentity: ProcessHandle] = [:]
        for _ in 0..<Self.mostRounds {
            let new = remaining.filter { handles[$0] == nil }
            if new.isEmpty { break }
            for process in new {
                guard let handle = try? ProcessHandle(process) else { continue }
                handle.send(SIGSTOP)
                handles[process] = handle
            }
        }
        for handle in handles.values { handle.send(SIGKILL) }
    }

    private static let mostRounds = 50
}
