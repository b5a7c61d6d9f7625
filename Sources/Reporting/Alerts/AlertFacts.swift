package import DeploymentMetrics

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

    /// The metrics of the window, with what is in flight.
    package let metrics: MetricsReport
    /// The locks of this machine.
    package let locks: [LiveLock]
    /// How many events wait in spools, and how many files were set aside there.
    package let spool: (waiting: Int, setAside: Int)
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

    /// All of them.
    package init(
        metrics: MetricsReport, locks: [LiveLock], spool: (waiting: Int, setAside: Int),
        last: LastDeployments? = nil, freezes: [RecordedFreeze] = [],
        overrides: [FreezeOverride] = [], missing: MissingNumbers = MissingNumbers(),
        verification: Verification
    ) {
        self.metrics = metrics
        self.locks = locks
        self.spool = spool
        self.last = last
        self.freezes = freezes
        self.overrides = overrides
        self.missing = missing
        self.verification = verification
    }
}
