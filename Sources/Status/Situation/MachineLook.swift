import Ledger
package import Queries
import SystemCalls

/// What is seen of this machine without the ledger: locks, queues, freezes and the spool.
package struct MachineLook: Sendable {
    /// When it was seen.
    package let at: Instant
    /// The locks, in the order they were named.
    package let locks: [LockLook]
    /// How many events wait in spools, and how many files were set aside there.
    package let spool: (waiting: Int, setAside: Int)
    /// The spools in which events wait.
    package let spools: [String]

    init(_ source: StatusSource) {
        at = Instant(microseconds: Clock.wallMicroseconds())
        locks = source.locks.map { LockLook(of: $0, ledger: source.ledger) }
        spool = source.ledger.spooled
        spools = spool.waiting > 0 ? source.ledger.spoolsInUse : []
    }

    /// What of it looks different to whoever looks again: everything but the time.
    package struct Fingerprint: Hashable, Sendable {
        private let locks: [LockLook.Fingerprint]
        private let spooled: Int
        private let setAside: Int

        init(_ look: MachineLook) {
            locks = look.locks.map(\.fingerprint)
            spooled = look.spool.waiting
            setAside = look.spool.setAside
        }
    }

    /// What tells this look from another one.
    package var fingerprint: Fingerprint { Fingerprint(self) }
}
