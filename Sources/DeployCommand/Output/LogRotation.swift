import CommandSupport
import Glibc
import Ledger
import SystemCalls

/// Removes kept output that is too old, and the oldest where there is too much.
struct LogRotation: Sendable {
    /// What is older is removed, in µs; nil: nothing is.
    let maxAge: Int64?
    /// The oldest are removed while all together are larger, in bytes; nil: they are not.
    let maxSize: Int?
    /// Deployments whose output stays.
    let kept: Set<EventID>

    /// Notes that a deployment failed, so that its output stays, and removes what has to go, on a
    /// disk that may not answer: not for long.
    ///
    /// - Parameter lock: the lock, of a deployment that failed.
    static func run(_ plan: OutputPlan, _ log: LogName, failedUnder lock: String?) {
        let work = try? Background.start {
            guard let folder = try? LogFolder(plan.directory) else { return }
            if let lock { folder.noteFailure(of: log, lock: lock) }
            guard let entries = try? folder.directory.entries() else { return }
            LogRotation(
                maxAge: plan.maxAge, maxSize: plan.maxSize,
                kept: folder.failures(in: entries).union([log.deployment])
            ).run(folder.directory, folder.logs(in: entries))
        }
        _ = work?.result(by: Clock.monotonicMicroseconds() + patience)
    }

    /// How long it is waited for, in µs; the lock is free.
    private static let patience: Int64 = 2_000_000

    /// How much one run removes at most; the next one goes on.
    static let most = 1000

    /// Removes what has to go.
    ///
    /// - Parameter logs: oldest first.
    func run(_ directory: borrowing Directory, _ logs: [LogName]) {
        let now = Clock.wallMicroseconds()
        var removed = 0
        var sizes = logs.map { maxSize == nil ? 0 : Self.size(of: $0, directory) }
        var total = sizes.reduce(0, +)
        for (index, log) in logs.enumerated() where removed < Self.most {
            let isOld = maxAge.map { now - log.deployment.madeAtUs > $0 } ?? false
            let isTooMuch = maxSize.map { total > $0 } ?? false
            // Both only get less on the way to the newest.
            if !isOld, !isTooMuch { return }
            if kept.contains(log.deployment) { continue }
            if Self.remove(log, directory) {
                removed += 1
                total -= sizes[index]
                sizes[index] = 0
            }
        }
    }

    private static func size(of log: LogName, _ directory: borrowing Directory) -> Int {
        guard let status = try? directory.status(of: log.text), status.isRegularFile else {
            return 0
        }
        return status.allocated
    }

    /// Removes a file that nobody writes any more; false for every other one.
    private static func remove(_ log: LogName, _ directory: borrowing Directory) -> Bool {
        guard let file = try? directory.open(log.text, O_RDONLY | O_NONBLOCK | O_NOCTTY),
            (try? file.status().isRegularFile) == true, LogSpace.isUnused(file)
        else { return false }
        return (try? directory.unlink(log.text)) != nil
    }
}
