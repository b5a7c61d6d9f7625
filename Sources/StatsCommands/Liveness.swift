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
        // Nothing outlives a restart of its machine.
        if boot != Machine.bootID { return true }
        let recorded = ProcessIdentity(boot: boot, pid: pid, startTime: start)
        if let running = ProcessIdentity(running: pid) { return running != recorded }
        // /proc may hide other users' processes; then only the kernel's "no such process" counts.
        return kill(pid, 0) == 0 || errno == ESRCH
    }
}
