import Glibc
package import Processes
import SystemCalls

/// A lock and its queue as they are at one moment, found out by looking alone.
///
/// The lock file itself is never locked for that: a deployment that asks for it in the same moment
/// must not be refused because somebody looked.
package struct LockState: Hashable, Sendable {
    /// Who has the lock.
    package enum Condition: Hashable, Sendable {
        /// Nobody, and nothing is left of an earlier holder.
        case free
        /// A deployment whose wrapper lives, or a process that published the facts of itself.
        case held(HolderInfo)
        /// A deployment whose wrapper died while its command goes on, below its keeper or without.
        case runningOrphan(HolderInfo)
        /// Nobody; a deployment died with the lock and nothing of it runs any more.
        case deadOrphan(HolderInfo)
        /// A process that took the lock without a word, such as flock(1).
        case stranger
    }

    /// One who waits for the lock.
    package struct Waiter: Hashable, Sendable {
        /// Its number.
        package let number: Int64
        /// Who it is; nil when its ticket cannot be read.
        package let facts: HolderInfo?
        /// Its process; nil when it cannot be seen.
        package let process: RunningProcess?
    }

    /// The files of the lock.
    package let paths: LockPaths
    /// When this was seen, wall clock in µs.
    package let lookedAtUs: Int64
    /// Who has it.
    package let condition: Condition
    /// The process that the facts name as the holder's, when it runs.
    package let wrapper: RunningProcess?
    /// The process between the holder's wrapper and its command, when it runs.
    package let keeper: RunningProcess?
    /// The processes that keep others out, in the order of their pids: they have the lock's
    /// descriptor, or are the command of a running orphan that closed it.
    package let processes: [RunningProcess]
    /// Whether some process could not be looked into, so that there may be more.
    package let isIncomplete: Bool
    /// Those who wait, next in line first.
    package let waiting: [Waiter]
    /// Deployments that died while they waited or while they had the lock, as their tickets tell.
    package let died: [HolderInfo]
    /// Facts beside a free lock that name a process which runs, or cannot be judged, without
    /// having the lock.
    package let unprovenFacts: HolderInfo?

    /// Looks at a lock.
    ///
    /// - Parameter isConcluded: whether the entries of a ticket tell how its deployment ended.
    /// - Throws: when it is unknown who holds the lock.
    package init(
        of paths: LockPaths, isConcluded: ([String]) -> Bool
    ) throws(LockError) {
        var look = try LockLook(paths, isConcluded: isConcluded)
        // Between two steps of a look the lock may change hands. What would be a sign of trouble
        // counts only when it stays.
        for _ in 0..<Self.mostLooks where look.isSuspicious {
            usleep(Self.pauseMicroseconds)
            let next = try LockLook(paths, isConcluded: isConcluded)
            let isSettled = next.confirms(look)
            look = next
            if isSettled { break }
        }
        self.paths = paths
        lookedAtUs = Clock.wallMicroseconds()
        condition = look.condition
        processes = look.processes
        isIncomplete = look.holding.isIncomplete
        waiting = look.waiting
        died = look.died
        unprovenFacts = look.unprovenFacts
        switch condition {
        case .held(let facts):
            wrapper =
                facts.process.map { RunningProcess($0) }
                ?? facts.pid.flatMap { RunningProcess($0) }
            keeper = facts.keeper.flatMap { RunningProcess($0) }
        case .runningOrphan(let facts):
            wrapper = nil
            keeper = facts.keeper.flatMap { RunningProcess($0) }
        case .free, .deadOrphan, .stranger: (wrapper, keeper) = (nil, nil)
        }
    }

    /// Who has the lock, in one word for programs.
    package var word: String {
        switch condition {
        case .free: "free"
        case .held: "held"
        case .runningOrphan: "running_orphan"
        case .deadOrphan: "dead_orphan"
        case .stranger: "stranger"
        }
    }

    private static let mostLooks = 10
    private static let pauseMicroseconds: UInt32 = 20_000
}
