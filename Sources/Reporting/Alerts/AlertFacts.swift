/// What alerts follow from.
public struct AlertFacts: Sendable {
    /// What was found when the ledger was checked.
    public struct Verification: Sendable {
        /// What is wrong, in words.
        public let problems: [String]
        /// What was checked, such as `all events`.
        public let scope: String

        /// The result of a check.
        public init(problems: [String], scope: String) {
            self.problems = problems
            self.scope = scope
        }
    }

    /// The metrics of the window, with what is in flight.
    public let metrics: MetricsReport
    /// The locks of this machine.
    public let locks: [LiveLock]
    /// How many events wait in spools, and how many files were set aside there.
    public let spool: (waiting: Int, setAside: Int)
    /// Numbers of the window of which the ledger has no event.
    public let missing: MissingNumbers
    /// Whether the ledger is as it was written.
    public let verification: Verification

    /// All of them.
    public init(
        metrics: MetricsReport, locks: [LiveLock], spool: (waiting: Int, setAside: Int),
        missing: MissingNumbers = MissingNumbers(), verification: Verification
    ) {
        self.metrics = metrics
        self.locks = locks
        self.spool = spool
        self.missing = missing
        self.verification = verification
    }
}
