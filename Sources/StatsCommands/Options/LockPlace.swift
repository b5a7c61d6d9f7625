import CommandSupport
import DeployLock
import Ledger
import Processes
import Queries
import Reporting

/// Which locks of this machine are looked at.
enum LockPlace {
    /// Those that options name, else the environment's or the configuration file's, else the one
    /// of `deploy-with-lock`; each once.
    static func paths(_ given: [String], _ configuration: Configuration) -> [LockPaths] {
        let usual = LockPaths(lockFile: nil, infoFile: nil, configuration)
        var paths: [LockPaths] = []
        for path in given.map({ LockPaths(lockFile: $0) }) where !paths.contains(path) {
            paths.append(path.lockFile == usual.lockFile ? usual : path)
        }
        return given.isEmpty ? [usual] : paths
    }
}

extension LiveLock {
    /// Looks at a lock of this machine.
    init(of paths: LockPaths) {
        let state: LockState
        do {
            state = try LockState(of: paths, isConcluded: EventEnvelope.containsOutcome)
        } catch {
            self.init(
                path: paths.lockFile,
                problem: "cannot determine who holds \(paths.lockFile): \(error.description)")
            return
        }
        let facts = state.owner.facts
        let since = facts?.heldSinceUs ?? state.processes.map(\.startedAtUs).min()
        self.init(
            path: paths.lockFile, holder: state.owner.condition,
            heldSince: since.map { Instant(microseconds: $0) },
            waiting: Int64(state.waiting.count), number: facts?.number,
            deployment: facts?.deployment, user: facts?.user)
    }
}
