import DeployLock
package import Glibc
package import Ledger
import Processes
import Secrets
import SystemCalls

/// The events about one deployment that need no more than to know which one it is: its wrapper and,
/// when that is lost, its keeper write them.
package struct DeploymentEvents: Sendable {
    package let deployment: EventID?
    package let number: Int64?
    /// The lock's path.
    package let lock: String?
    /// The user the process runs as.
    package let user: String
    /// The process that writes them.
    package var pid: pid_t

    /// Events of one deployment, written by this process unless `pid` names another.
    package init(
        deployment: EventID?, number: Int64?, lock: String?, user: String, pid: pid_t = getpid()
    ) {
        self.deployment = deployment
        self.number = number
        self.lock = lock
        self.user = user
        self.pid = pid
    }

    /// An event of now.
    package func event(_ kind: EventKind) -> Event {
        var event = Event(kind)
        event.deployment = deployment
        event.number = number
        event.lock = lock
        event.user = user
        event.pid = Int64(pid)
        return event
    }

    /// The end of a deployment that had the lock.
    ///
    /// - Parameter isForced: whether a forced unlock has decided the outcome already.
    package func released(waited: Int64?, held: Int64, ending: Ending, isForced: Bool)
        -> EventEnvelope
    {
        var event = event(.released)
        event.waitUs = waited
        event.heldUs = held
        event.set(ending)
        event.outcome = isForced ? nil : ending.code == 0 ? .succeeded : .failed
        return EventEnvelope(event)
    }

    /// That the wrapper is gone and this process has taken its place.
    package func wrapperLost() -> EventEnvelope {
        var event = event(.wrapperLost)
        let process = ProcessIdentity.current
        event.boot = process.boot
        event.pidStart = Int64(process.startTime)
        event.pidNS = Int64(process.namespace)
        return EventEnvelope(event)
    }

    /// The end of a call inside this deployment; an event of its own, so that one that is killed
    /// leaves its beginning.
    package func nestedEnd(held: Int64, ending: Ending, reason: String? = nil) -> EventEnvelope {
        var event = event(.nested)
        event.heldUs = held
        event.set(ending)
        event.reason = reason ?? event.reason
        return EventEnvelope(event)
    }
}

extension Event {
    package mutating func set(_ ending: Ending) {
        exitCode = ending.signal == nil ? Int64(ending.code) : nil
        signal = ending.signal.map(Int64.init)
        reason = ending.reason.map(Masking.mask)
    }
}
