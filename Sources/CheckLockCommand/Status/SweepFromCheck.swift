import CommandSupport
import DeployLock
import Glibc
import Ledger
import SystemCalls

/// Closing, in the ledger, deployments that died without recording an outcome.
///
/// The next deployment does the same; this is for when none comes.
struct SweepFromCheck: Sendable {
    /// What was recorded.
    private(set) var recorded: [SweptDeployment] = []
    /// Why it could not be recorded; nil when all is well or nothing was to be done.
    private(set) var problem: String?

    /// Records what died, if there is anything, the ledger exists and we may write to it.
    ///
    /// Only while nobody has the lock and no command of a dead deployment runs on. Those that came
    /// after the look are left alone: a deployment that dies from now on may leave a running
    /// command.
    init(_ state: LockState, _ settings: LedgerSettings) {
        guard !state.isTaken, FileSystem.isWritable(settings.path),
            let reader = try? LedgerReader(path: settings.path, busyTimeoutMilliseconds: 500)
        else { return }
        let queue = WaitQueue(state.paths)
        let lock = state.paths.lockFile
        let last = queue.lastNumber ?? (try? reader.highestNumber(lock: lock)) ?? 0
        let limit = state.waiting.first?.number ?? (last + 1)
        let writer = LedgerWriter(settings)
        let sweep = StaleTickets(
            queue, lockCameFreeAt: nil, to: nil, before: limit, isTrusted: writer.isTrusted
        ).sweep(lock: lock, recordedBy: nil)
        let isNeeded = !state.died.isEmpty || (try? reader.dead(sweep))?.isEmpty == false
        guard isNeeded else { return }
        let result = writer.record([], sweep: sweep)
        problem = result.warning
        if case .written(_, _, let swept, _) = result { recorded = swept }
    }
}
