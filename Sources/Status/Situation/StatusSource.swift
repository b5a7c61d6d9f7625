package import DeployLock
package import DeploymentMetrics
package import Ledger
import Queries
package import Reporting
import SystemCalls

/// What is looked at, and by which rules it is judged.
///
/// Locks and ledger are looked at separately: a look at the locks is cheap and has to be repeated
/// all the time, the ledger has news only when its head moved. No look changes anything.
package struct StatusSource: Sendable {
    /// The locks of this machine; at least one.
    package var locks: [LockPaths]
    /// When there is an alert.
    package var rules = AlertRules()
    /// A deployment that runs longer than this, in µs, is called out.
    package var warnAfter: Int64 = 20 * 60_000_000
    /// What the ledger is asked.
    package var alerts: AlertSource

    /// Looks at some locks, by the usual rules.
    package init(_ ledger: LedgerSettings, locks: [LockPaths], targets: Targets = .builtIn) {
        self.locks = locks
        alerts = AlertSource(ledger)
        alerts.targets = targets
    }

    /// Where the ledger is.
    package var ledger: LedgerSettings { alerts.settings }

    /// Looks at locks and spool; takes some milliseconds, and up to 0.2 s where something is wrong
    /// with a lock.
    package func look() -> MachineLook { MachineLook(self) }

    /// Reads the ledger, which is opened for that alone.
    ///
    /// One that cannot be read is no error: the answer says why.
    ///
    /// - Parameters:
    ///   - look: names the kinds of deployments of which the usual duration is asked.
    ///   - earlier: what was read before; of that is kept what costs much, for a while.
    package func read(
        for look: MachineLook, reusing earlier: LedgerLook? = nil
    ) -> LedgerLook {
        let now = Instant(microseconds: Clock.wallMicroseconds())
        do {
            return try LedgerLook(
                LedgerReader(path: ledger.path), alerts, locks: locks.map(\.lockFile),
                kinds: Set(look.locks.compactMap(\.kind)), reusing: earlier, at: now)
        } catch {
            let isMissing =
                switch error as? LedgerError {
                case .missing, .empty: true
                default: false
                }
            return LedgerLook(
                path: ledger.path, problem: "\(error)", isMissing: isMissing, at: now)
        }
    }

    /// Looks at everything.
    package func situation() -> Situation {
        let look = look()
        return Situation(self, look, read(for: look))
    }
}
