package import Queries
package import SQLite

/// A time in which deployments were forbidden, as the ledger knows it.
package struct RecordedFreeze: Hashable, Sendable {
    /// Its id.
    package let id: String
    /// Whether it is in force.
    package let isInForce: Bool
    /// The path of the lock.
    package let lock: String?
    /// The machine of that.
    package let host: String?
    package let since: Instant?
    /// When it ends.
    package let until: Instant?
    /// Who froze.
    package let person: String?
    package let reason: String?
    /// The deployment whose rollback froze.
    package let number: Int64?
    /// How many deployments ran in spite of it.
    package let overrides: Int64

    /// Those that were in force at some time of a window, the newest first.
    ///
    /// - Parameter now: what they are in force at.
    package static func all(
        _ connection: Connection, _ window: Window? = nil, now: Instant
    ) throws(ReportError) -> [RecordedFreeze] {
        try QueryRun(
            NamedQuery.named("freezes"), on: connection,
            [
                "since": Value(window?.since.microseconds),
                "until": Value(window?.until.microseconds), "at": .integer(now.microseconds),
                "lock": .null,
            ]
        ).rest().map(RecordedFreeze.init)
    }

    private init(_ row: QueryRow) {
        id = row.text("freeze") ?? ""
        isInForce = row.text("state") == "in force"
        lock = row.text("lock")
        host = row.text("host")
        since = row.time("frozen_at_us")
        until = row.time("until_us")
        person = row.text("actor")
        reason = row.text("reason")
        number = row.integer("number")
        overrides = row.integer("overrides") ?? 0
    }

    /// `frozen by ann until 2026-10-26 06:00:00 UTC (release weekend)`.
    package func text(in zone: Zone) -> String {
        "frozen"
            + (number.map { " after the rollback of #\($0)" } ?? person.map { " by \($0)" } ?? "")
            + (until.map { " until \(zone.text($0))" } ?? "")
            + (reason.map { " (\($0))" } ?? "")
    }
}

/// A deployment that ran in spite of a freeze.
package struct FreezeOverride: Hashable, Sendable {
    package let number: Int64?
    package let id: String
    package let lock: String?
    package let at: Instant?
    package let person: String?
    package let reason: String?

    /// Those that got the lock in a window, the newest first.
    package static func all(
        _ connection: Connection, _ window: Window
    ) throws(ReportError) -> [FreezeOverride] {
        try QueryRun(
            NamedQuery.named("overrides"), on: connection,
            [
                "since": .integer(window.since.microseconds),
                "until": .integer(window.until.microseconds), "lock": .null,
            ]
        ).rest().map { row in
            FreezeOverride(
                number: row.integer("number"), id: row.text("id") ?? "", lock: row.text("lock"),
                at: row.time("acquired_at_us"), person: row.text("person"),
                reason: row.text("reason"))
        }
    }

    /// `#12 of ann (hotfix)`.
    package var text: String {
        (number.map { "#\($0)" } ?? "a deployment") + (person.map { " of \($0)" } ?? "")
            + (reason.map { " (\($0))" } ?? "")
    }
}
