package import DeploymentMetrics
package import Queries

/// What alerts follow from.
package struct AlertFacts: Sendable {
    /// What was found when the ledger was checked.
    package struct Verification: Sendable {
        /// What is wrong, in words.
        package let problems: [String]
        /// What was checked, such as `all events`.
        package let scope: String

        /// The result of a check.
        package init(problems: [String], scope: String) {
            self.problems = problems
            self.scope = scope
        }
    }

    /// What the ledger tells.
    package struct Recorded: Sendable {
        /// The metrics of the window, with what is in flight.
        package let metrics: MetricsReport
        /// How the last deployments ended.
        package let last: LastDeployments?
        /// Freezes that are in force.
        package let freezes: [RecordedFreeze]
        /// Deployments of the window that ran in spite of one.
        package let overrides: [FreezeOverride]
        /// Numbers of the window of which the ledger has no event.
        package let missing: MissingNumbers
        /// Whether the ledger is as it was written.
        package let verification: Verification

        /// All of it.
        package init(
            metrics: MetricsReport, last: LastDeployments? = nil, freezes: [RecordedFreeze] = [],
            overrides: [FreezeOverride] = [], missing: MissingNumbers = MissingNumbers(),
            verification: Verification
        ) {
            self.metrics = metrics
            self.last = last
            self.freezes = freezes
            self.overrides = overrides
            self.missing = missing
            self.verification = verification
        }
    }

    /// What the ages are counted to.
    package let now: Instant
    /// What the metrics are about.
    package let window: Window
    /// The locks of this machine.
    package let locks: [LiveLock]
    /// How many events wait in spools, and how many files were set aside there.
    package let spool: (waiting: Int, setAside: Int)
    /// What the ledger tells; nil when it cannot be read.
    package let recorded: Recorded?
    /// Why it cannot.
    package let ledgerProblem: String?

    /// What the ledger, the locks and the spool tell, seen at the moment of the metrics unless
    /// another one is named.
    package init(
        _ recorded: Recorded, locks: [LiveLock], spool: (waiting: Int, setAside: Int),
        now: Instant? = nil
    ) {
        self.now = now ?? recorded.metrics.now
        window = recorded.metrics.window
        self.locks = locks
        self.spool = spool
        self.recorded = recorded
        ledgerProblem = nil
    }

    /// What locks and spool tell while the ledger cannot be read.
    package init(
        ledgerProblem: String, window: Window, locks: [LiveLock],
        spool: (waiting: Int, setAside: Int), now: Instant
    ) {
        self.now = now
        self.window = window
        self.locks = locks
        self.spool = spool
        recorded = nil
        self.ledgerProblem = ledgerProblem
    }
}
