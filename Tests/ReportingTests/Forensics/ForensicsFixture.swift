import Ledger
import Queries
import Reporting
import SQLite
import SystemCalls
import TestSupport
import Testing

/// Asking the named queries and writing what the fixture's own deployments do not have.
extension LedgerFixture {
    /// Longer ago than any clock these tests run under, for what is still in flight.
    static let longAgo = -100_000_000.0

    /// A moment as a value of a parameter.
    static func at(_ seconds: Double) -> Value { .integer(instant(seconds).microseconds) }

    /// A length of time as a value of a parameter.
    static func length(_ seconds: Double) -> Value { .integer(Int64(seconds * 1e6)) }

    /// Runs a named query, and the same file in the plain `sqlite3` shell, which has to give the
    /// same rows; the answer is the columns `show`, a row a text.
    ///
    /// Moments are seconds after `start`, lengths are seconds, NULL is `-`.
    ///
    /// - Parameter clock: columns that depend on when the query runs; the shell may differ there.
    func ask(
        _ name: String, _ values: [String: Value] = [:], show: String, clock: Set<String> = []
    ) throws -> [String] {
        let query = try NamedQuery.named(name)
        let connection = try reader().connection
        let rows = try QueryRun(query, on: connection, values).rest()
        let plain = try connection.prepare("SELECT CAST(?1 AS TEXT)")
        let isSteady = query.columns.map { !clock.contains($0.name) }
        let expected = try rows.map { row in
            try query.columns.map { try plain.rows(row[$0.name])[0][0].text ?? "NULL" }
        }
        let found = try shell(name, values)
        #expect(found.count == expected.count, "\(name) in the shell")
        for (mine, theirs) in zip(expected, found) {
            #expect(theirs.count == mine.count, "\(name) in the shell")
            for (steady, pair) in zip(isSteady, zip(mine, theirs)) where steady {
                #expect(pair.0 == pair.1, "\(name) in the shell")
            }
        }
        let columns = try show.split(separator: " ").map { wanted in
            try #require(query.columns.first { $0.name == wanted }, "\(name) has no \(wanted)")
        }
        return rows.map { row in
            columns.map { Self.text(row[$0.name], $0.type) }.joined(separator: " ")
        }
    }

    private static func text(_ value: Value, _ type: NamedQuery.ValueType) -> String {
        switch (value, type) {
        case (.null, _): "-"
        case (.integer(let us), .time): text(seconds: Double(us - start) / 1e6)
        case (.integer(let us), .duration): text(seconds: Double(us) / 1e6)
        case (.integer(let number), _): String(number)
        case (.real(let number), _): text(seconds: (number * 1000).rounded() / 1000)
        case (.text(let text), _): text
        case (.blob, _): "blob"
        }
    }

    private static func text(seconds: Double) -> String {
        seconds == seconds.rounded() ? String(Int64(seconds)) : String(seconds)
    }

    /// The rows of a file of `reports/` as the shell prints them.
    private func shell(_ name: String, _ values: [String: Value]) throws -> [[String]] {
        var arguments = [
            "sqlite3", "-readonly", "-list", "-separator", "\u{1f}", "-nullvalue", "NULL", "-cmd",
            ".param init",
        ]
        for (name, value) in values {
            let literal =
                switch value {
                case .integer(let number): String(number)
                case .real(let number): String(number)
                case .text(let text): "\"'\(text)'\""
                default: "NULL"
                }
            arguments += ["-cmd", ".param set :\(name) \(literal)"]
        }
        let result = try ChildProcess.run(
            arguments + [path], input: ReportFiles.path(of: name))
        #expect(result.code == 0 && result.errors.isEmpty, "\(name): \(result.errors)")
        return result.output.split(separator: "\n").map { line in
            line.split(separator: "\u{1f}", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// Records an event of a deployment or, without one, of the lock.
    func tell(
        _ kind: EventKind, _ deployment: EventID?, _ number: Int64?, at seconds: Double,
        lock: String = "/a", mono: Double? = nil, _ describe: (inout Event) -> Void = { _ in }
    ) throws {
        var event = Event(
            kind, atUs: Self.instant(seconds).microseconds,
            monoUs: Self.instant(mono ?? seconds).microseconds, host: "build1")
        event.deployment = deployment
        event.number = number
        event.lock = lock
        event.user = "deploy"
        event.pid = 4711
        describe(&event)
        try record([EventEnvelope(event)])
    }

    /// Records one event of a forced unlock.
    func force(
        _ deployment: EventID?, _ number: Int64?, at seconds: Double, by actor: String,
        pid: Int64 = 900, victim: String = "holder", result: String? = nil, decides: Bool = false,
        held: Double? = nil, next: Int64? = nil
    ) throws {
        try tell(.forcedUnlock, deployment, number, at: seconds) { event in
            event.user = "root"
            event.actor = actor
            event.login = actor
            event.source = "ssh"
            event.client = "10.0.0.9"
            event.reason = "hangs"
            event.pid = pid
            event.victim = victim
            event.victimPid = deployment == nil ? 77 : 4711
            event.waiting = 1
            event.result = result
            event.outcome = decides ? .forceUnlocked : nil
            event.heldUs = held.map { Int64($0 * 1e6) }
            event.nextNumber = next
        }
    }
}
