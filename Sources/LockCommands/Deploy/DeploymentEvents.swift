import DeployLock
import Glibc
import Ledger
import Secrets
import SystemCalls

/// The events about one deployment that need no more than to know which one it is: its wrapper and,
/// when that is lost, its keeper write them.
struct DeploymentEvents: Sendable {
    let deployment: UUIDv7?
    let number: Int64?
    /// The lock's path.
    let lock: String?
    /// The user the process runs as.
    let user: String
    /// The process that writes them.
    var pid = getpid()

    /// An event of now.
    func event(_ kind: EventKind) -> Event {
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
    func released(waited: Int64?, held: Int64, ending: Ending, isForced: Bool) -> EventLine {
        var event = event(.released)
        event.waitUs = waited
        event.heldUs = held
        event.set(ending)
        event.outcome = isForced ? nil : ending.code == 0 ? .succeeded : .failed
        return EventLine(event)
    }

    /// That the wrapper is gone and this process has taken its place.
    func wrapperLost() -> EventLine {
        var event = event(.wrapperLost)
        let process = ProcessIdentity.current
        event.boot = process.boot
        event.pidStart = Int64(process.startTime)
        event.pidNS = Int64(process.namespace)
        return EventLine(event)
    }

    /// The end of a call inside this deployment; an event of its own, so that one that is killed
    /// leaves its beginning.
    func nestedEnd(held: Int64, ending: Ending, reason: String? = nil) -> EventLine {
        var event = event(.nested)
        event.heldUs = held
        event.set(ending)
        event.reason = reason ?? event.reason
        return EventLine(event)
    }
}

extension Event {
    mutating func set(_ ending: Ending) {
        exitCode = ending.signal == nil ? Int64(ending.code) : nil
        signal = ending.signal.map(Int64.init)
        reason = ending.reason.map(Masking.mask)
    }
}
