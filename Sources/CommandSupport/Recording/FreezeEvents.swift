package import DeployLock
import Glibc
package import Ledger
import SystemCalls

/// Turns the beginning and the end of freezes into events.
package struct FreezeEvents: Sendable {
    private let lock: String
    private let origin: Origin
    /// The deployment that they follow from, and its number.
    private let cause: (deployment: EventID?, number: Int64?)

    /// Events about freezes of one lock.
    ///
    /// - Parameter cause: the deployment whose rollback froze the next ones.
    package init(
        lock: String, origin: Origin, cause: (deployment: EventID?, number: Int64?) = (nil, nil)
    ) {
        self.lock = lock
        self.origin = origin
        self.cause = cause
    }

    /// The longest reason that is recorded, in characters.
    package static let longestReason = 1000

    /// A freeze by this user that begins now, without the secrets of its reason, and its event.
    ///
    /// - Parameters:
    ///   - until: its end, wall clock in UTC µs.
    ///   - old: the freeze that gets another end and reason; nil for a new one.
    package func begin(
        until: Int64, reason: String, replacing old: EventID?
    ) -> (freeze: Freeze, event: EventEnvelope) {
        let id = old ?? EventID.generate()
        let freeze = Freeze(
            id: id.description,
            reason: String(EventDetail.outside(reason).prefix(Self.longestReason)),
            by: EventDetail.outside(origin.shownActor), user: origin.user,
            fromUs: Clock.wallMicroseconds(), untilUs: until, bootID: Machine.bootID)
        var event = event(.frozen, id: old == nil ? id : .generate())
        event.freeze = id
        event.untilUs = until
        event.reason = freeze.reason
        return (freeze, EventEnvelope(event))
    }

    /// The end of a freeze before its time.
    ///
    /// - Parameter id: its id; nil for a file that cannot be read and whose name has none.
    package func end(_ id: EventID?, reason: String?) -> EventEnvelope {
        var event = event(.unfrozen, id: .generate())
        event.freeze = id
        event.reason = reason.map {
            String(EventDetail.outside($0).prefix(Self.longestReason))
        }
        return EventEnvelope(event)
    }

    private func event(_ kind: EventKind, id: EventID) -> Event {
        var event = Event(kind, id: id)
        event.deployment = cause.deployment
        event.number = cause.number
        event.lock = lock
        event.boot = Machine.bootID
        event.user = origin.user
        event.pid = Int64(getpid())
        event.uid = Int64(origin.uid)
        event.login = origin.login
        event.sudoUser = origin.sudoUser.map(EventDetail.outside)
        event.actor = origin.actor
        event.claimedActor = origin.claimedActor.map(EventDetail.outside)
        event.source = EventDetail.outside(origin.source)
        return event
    }
}
