import DeployLock
import Glibc
import Reporting
import SystemCalls

/// Whether the process of a deployment in flight is known to be gone; in doubt it is not.
enum Liveness {
    static func isDead(_ deployment: InFlightDeployment) -> Bool {
        guard deployment.host == Machine.hostName, let boot = deployment.boot, !boot.isEmpty,
            let pid = deployment.pid.flatMap({ pid_t(exactly: $0) }), pid > 0,
            let start = deployment.pidStart.flatMap({ UInt64(exactly: $0) })
        else { return false }
        return ProcessIdentity(boot: boot, pid: pid, startTime: start).isDead
    }
}
