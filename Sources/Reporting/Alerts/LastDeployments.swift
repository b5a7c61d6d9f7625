import Ledger
import DeploymentMetrics
package import Queries
package import SQLite

/// How the last deployments ended, of all or of some tiers and sources.
package struct LastDeployments: Sendable {
    /// The deployment that had a lock and ended last.
    struct Last {
        let lock: String?
        let number: Int64?
        let id: String
        let ended: Instant?
        let person: String?
        /// Why it failed, in a few words; nil when it succeeded.
        let failure: String?
        /// Whether its command succeeded and its check did not.
        let isUnhealthy: Bool
        /// What its rollback came to; nil without one.
        let rollback: StepResult?
    }

    /// Of each lock, in the window.
    let byLock: [Last]
    /// When the newest of them all succeeded, however long ago; nil when none ever did.
    let success: Instant?
    /// What is selected, such as `of tier docker`; empty for all.
    let selection: String

    /// Asks the ledger.
    ///
    /// - Parameters:
    ///   - tiers: only deployments of these; empty for all.
    ///   - sources: only deployments from these; empty for all.
    package init(
        _ connection: Connection, _ window: Window, tiers: [String], sources: [String]
    ) throws(ReportError) {
        var filter = ReportFilter()
        filter.tiers = tiers
        filter.sources = sources
        selection = filter.isEmpty ? "" : " with \(filter.text)"
        var values = filter.parameters.filter { ["tiers", "sources"].contains($0.key) }
        values["until"] = .integer(window.until.microseconds)
        let newest = try QueryRun(NamedQuery.named("last-success"), on: connection, values).next()
        success = newest?.time("ended_us")
        values["since"] = .integer(window.since.microseconds)
        byLock = try QueryRun(NamedQuery.named("last-ended"), on: connection, values).rest()
            .map { row in
                Last(
                    lock: row.text("lock"), number: row.integer("number"),
                    id: row.text("id") ?? "", ended: row.time("ended_us"),
                    person: row.text("person"), failure: row.failureText,
                    isUnhealthy: row.text("failure") == FailureReason.health.rawValue,
                    rollback: row.text("rollback").map { StepResult(rawValue: $0) ?? .failed })
            }
    }
}

extension QueryRow {
    /// Why the deployment of the row failed, as `exit code 3` or `unhealthy, rolled back`; nil when
    /// it did not.
    var failureText: String? {
        guard let cause else { return nil }
        switch text("rollback") {
        case nil: return cause
        case StepResult.done.rawValue: return cause + ", rolled back"
        default: return cause + ", ROLLBACK FAILED"
        }
    }

    private var cause: String? {
        let failure = text("failure")
        switch failure.flatMap({ FailureReason(rawValue: $0) }) {
        case .command: return integer("exit_code").map { "exit code \($0)" } ?? failure
        case .health: return "unhealthy"
        default: return failure
        }
    }
}
