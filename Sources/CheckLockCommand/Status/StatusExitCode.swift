import CommandSupport
import DeployLock
import Glibc

extension LockReport {
    /// The exit code for the state.
    var exitCode: CInt {
        switch state.owner.condition {
        case .free: ExitCodes.Status.free
        case .held, .stranger: ExitCodes.Status.held
        case .runningOrphan, .deadOrphan: ExitCodes.Status.orphan
        case nil: ExitCodes.Status.unknown
        }
    }
}
