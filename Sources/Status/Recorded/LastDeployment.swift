package import Ledger
package import Queries
package import SQLite

/// The deployment that had a lock and ended last.
package struct LastDeployment: Hashable, Sendable {
    /// Its id.
    package let id: String
    /// Its ticket.
    package let number: Int64?
    /// The commit.
    package let sha: String?
    /// The kind of deployment.
    package let tier: String?
    /// The person who asked.
    package let person: String?
    /// How it ended; nil for a word of a later version.
    package let outcome: Outcome?
    /// How long its command ran, in µs.
    package let length: Int64
    /// When it ended.
    package let ended: Instant

    /// Asks the ledger; nil when no deployment of the lock has ended.
    package init?(_ connection: Connection, lock: String) throws(ReportError) {
        let row = try QueryRun(
            NamedQuery.named("last-of-lock"), on: connection, ["lock": .text(lock)]
        ).next()
        guard let row, let ended = row.time("ended_us") else { return nil }
        id = row.text("id") ?? ""
        number = row.integer("number")
        sha = row.text("sha")
        tier = row.text("tier")
        person = row.text("person")
        outcome = row.text("outcome").flatMap { Outcome(rawValue: $0) }
        length = row.count("ran_us")
        self.ended = ended
    }
}

/// What the newest check of the health of a lock's deployments came to.
package struct LastHealth: Hashable, Sendable {
    /// The number of the deployment that was checked.
    package let number: Int64?
    /// Whether it passed.
    package let isHealthy: Bool
    /// When the check ended.
    package let checked: Instant

    /// Asks the ledger; nil when no deployment of the lock was ever checked.
    package init?(_ connection: Connection, lock: String) throws(ReportError) {
        let row = try QueryRun(
            NamedQuery.named("last-health"), on: connection, ["lock": .text(lock)]
        ).next()
        guard let row, let checked = row.time("checked_us") else { return nil }
        number = row.integer("number")
        isHealthy = row.text("verdict") == "healthy"
        self.checked = checked
    }
}
