import CheckLockCommand
import CheckQueueCommand
import CommandSupport
import DeployCommand
import Glibc
import Processes
import SystemCalls

/// The three tools of the lock in one file, because most of each is the same: it is the one whose
/// name it is called by.
@main
struct Entrypoint {
    static func main() {
        // Any name may be given as the first argument, as `exec -a` does; then the file's own counts.
        for name in [ProcessArguments.all.first, ProcessArguments.executed].compactMap(\.self) {
            if DeployWithLock.otherNames.contains(name) { DeployWithLock.runAsTool() }
            switch Path.name(of: name) {
            case "deploy-with-lock": DeployWithLock.runAsTool()
            case "check-deploy-lock": CheckDeployLock.runAsTool()
            case "check-deploy-queue": CheckDeployQueue.runAsTool()
            default: continue
            }
        }
        Terminal.complain(
            "deploy-ledger: this is deploy-with-lock, check-deploy-lock and check-deploy-queue in one "
                + "file; call it by one of these names")
        exit(EX_USAGE)
    }
}
