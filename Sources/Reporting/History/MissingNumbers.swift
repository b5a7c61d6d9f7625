package import Queries
package import SQLite
import Wording

/// Numbers of deployments that no event in the ledger has, as `missing-numbers` finds them.
package struct MissingNumbers: Sendable {
    /// Numbers in a row under one lock.
    struct Range: Hashable, Sendable {
        let lock: String
        let first: Int64
        let last: Int64

        var count: Int64 { last - first + 1 }
        var text: String { first == last ? "#\(first)" : "#\(first) to #\(last)" }
    }

    /// By lock, newest first.
    let ranges: [Range]

    /// None.
    package init() { ranges = [] }

    /// Asks for those below what left the queue in a window.
    ///
    /// - Parameter locks: paths of locks; empty for all.
    package init(
        _ connection: Connection, _ window: Window, locks: [String] = []
    ) throws(ReportError) {
        let query = try NamedQuery.named("missing-numbers")
        let values: [String: Value] = [
            "since": .integer(window.since.microseconds),
            "until": .integer(window.until.microseconds),
        ]
        ranges = try QueryRun(query, on: connection, values).rest().compactMap { row in
            guard let lock = row.text("lock"), let first = row.integer("first"),
                let last = row.integer("last"), locks.isEmpty || locks.contains(lock)
            else { return nil }
            return Range(lock: lock, first: first, last: last)
        }
    }

    /// The locks with missing numbers.
    var locks: [String] { Set(ranges.map(\.lock)).sorted() }

    /// How many are missing, of a lock or of all.
    func count(_ lock: String? = nil) -> Int64 {
        ranges.filter { lock == nil || $0.lock == lock }
            .reduce(0) { $0.addingReportingOverflow($1.count).partialValue }
    }

    /// A sentence about one lock.
    func text(_ lock: String) -> String {
        let ranges = ranges.filter { $0.lock == lock }
        let shown = ranges.prefix(3).map(\.text).joined(separator: ", ")
        let more = ranges.count > 3 ? " and more" : ""
        return "no event of \(shown)\(more) under \(lock) has reached the ledger: whoever deployed "
            + "then may not write it, or writes another one (see 'deploystats query "
            + "missing-numbers')"
    }

    /// What is missing, one sentence per lock.
    package var sentences: [String] { locks.map(text) }
}
