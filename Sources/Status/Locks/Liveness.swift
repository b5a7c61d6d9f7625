import DeployLock
import Glibc
package import DeploymentMetrics
import Processes
import SystemCalls

/// Whether the process of a deployment in flight is known to be gone; in doubt it is not.
package enum Liveness {
    /// Judged by the process itself, and by its ticket where a keeper may have taken its place.
    package static func isDead(_ deployment: InFlightDeployment) -> Bool {
        guard deployment.host == Machine.hostName, let boot = deployment.boot, !boot.isEmpty,
            let pid = deployment.pid.flatMap({ pid_t(exactly: $0) }), pid > 0,
            let start = deployment.pidStart.flatMap({ UInt64(exactly: $0) })
        else { return false }
        let process = ProcessIdentity(
            boot: boot, pid: pid, startTime: start,
            namespace: deployment.pidNamespace.map { UInt64(truncatingIfNeeded: $0) })
        // The keeper of a wrapper that was lost may not have been able to record that yet.
        return process.isDead && !hasTicket(deployment)
    }

    /// Whether a process has the deployment's ticket.
    private static func hasTicket(_ deployment: InFlightDeployment) -> Bool {
        guard let lock = deployment.lock, let number = deployment.number else { return false }
        return WaitQueue(LockPaths(lockFile: lock)).ticket(number).isOwned
    }
}
