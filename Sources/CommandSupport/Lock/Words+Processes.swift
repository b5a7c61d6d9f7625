package import DeployLock
import Processes

extension Words {
    /// The wrapper of the deployment that has a lock, or died with it, and whether it lives; nil where
    /// none is known.
    package static func wrapper(_ state: LockState) -> String? {
        guard let pid = state.owner.facts?.pid else { return nil }
        let isDead = state.owner.condition != .held
        return "pid \(pid), " + (isDead ? "dead" : fate(state.wrapper))
    }

    /// The same of the keeper.
    package static func keeper(_ state: LockState) -> String? {
        guard let facts = state.owner.facts, let pid = facts.keeperPid else { return nil }
        let isDead = state.owner.condition == .deadOrphan || facts.keeper?.isDead == true
        return "pid \(pid), " + (isDead ? "dead" : fate(state.keeper))
    }

    private static func fate(_ process: RunningProcess?) -> String {
        guard let process else { return "cannot be seen from here" }
        return process.isStopped ? "alive but stopped" : "alive"
    }
}
