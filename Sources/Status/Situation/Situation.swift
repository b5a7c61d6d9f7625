import JSON
package import DeploymentMetrics
package import Ledger
package import Queries
package import Reporting

/// What is the case now: locks, queues, freezes, alerts and the ledger.
package struct Situation: Sendable {
    /// When the locks were seen.
    package let at: Instant
    /// The locks, in the order they were named.
    package let locks: [LockSituation]
    /// What somebody should look at.
    package let alerts: AlertReport
    /// What was seen of locks and spool.
    package let look: MachineLook
    /// What the ledger told.
    package let ledger: LedgerLook

    /// Puts together what was seen and read; asks nobody.
    package init(_ source: StatusSource, _ look: MachineLook, _ ledger: LedgerLook) {
        at = look.at
        self.look = look
        self.ledger = ledger
        locks = look.locks.map { LockSituation($0, ledger, warnAfter: source.warnAfter) }
        alerts = AlertReport(
            AlertFacts(source, look, ledger), rules: source.rules)
    }

    /// The lock with a path; nil when it is none of them.
    package func lock(_ path: String) -> LockSituation? { locks.first { $0.path == path } }

    /// How many events wait in spools, and how many files were set aside there.
    package var spool: (waiting: Int, setAside: Int) { look.spool }
    /// The newest event; nil when the ledger cannot be read.
    package var head: Head? { ledger.head }
    /// Why the ledger cannot be read; nil when it can.
    package var ledgerProblem: String? { ledger.problem }
    /// The metrics of the window; nil when the ledger cannot be read.
    package var metrics: MetricsReport? { ledger.metrics }
}

extension Situation {
    /// What of it looks different to whoever looks again: everything but what only the clock moves,
    /// such as how long something has taken.
    package struct Fingerprint: Hashable, Sendable {
        private let look: MachineLook.Fingerprint
        private let ledger: String
        private let overdue: [Bool]
        private let alerts: [String]

        init(_ situation: Situation) {
            look = situation.look.fingerprint
            let ledger = situation.ledger
            self.ledger =
                ledger.problem
                ?? [ledger.id, ledger.head?.description, ledger.recordedHead?.description]
                .map { $0 ?? "" }.joined(separator: " ")
            overdue = situation.locks.map(\.isOverdue)
            alerts =
                situation.alerts.alerts.map { "\($0.severity.rawValue) \($0.key)" }
                + situation.alerts.unknown.map(\.problem)
        }
    }

    /// What tells it from another one.
    package var fingerprint: Fingerprint { Fingerprint(self) }
}

extension AlertFacts {
    /// What alerts follow from.
    fileprivate init(_ source: StatusSource, _ look: MachineLook, _ ledger: LedgerLook) {
        let locks = look.locks.map { LiveLock($0) }
        if let recorded = ledger.recorded {
            self.init(recorded, locks: locks, spool: look.spool, now: look.at)
        } else {
            self.init(
                ledgerProblem: ledger.problem ?? "the ledger was not read",
                window: source.alerts.window(until: look.at), locks: locks,
                spool: look.spool, now: look.at)
        }
    }
}
