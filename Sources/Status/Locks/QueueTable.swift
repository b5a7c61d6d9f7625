import CommandSupport
import DeployLock
import DeploymentMetrics
package import JSON
import Ledger
package import Queries
import SystemCalls
import Wording

/// The queues of locks as rows: who has the lock first, then those who wait, in their order.
package struct QueueTable: Sendable {
    private let queues: [(look: LockLook, rows: [QueueRow])]

    /// - Parameter queues: the locks, each with the rows of its queue.
    package init(_ queues: [(look: LockLook, rows: [QueueRow])]) {
        self.queues = queues
    }

    /// The rows of all locks.
    package var table: Table {
        Table(columns: Self.columns, rows: queues.flatMap { $0.rows.map(\.cells) })
    }

    /// The locks with their rows.
    package var json: JSONValue {
        .object([
            ("at", .string(Instant(microseconds: Clock.wallMicroseconds()).rfc3339)),
            ("locks", .array(queues.map(Self.object))),
        ])
    }

    private static func object(_ look: LockLook, _ rows: [QueueRow]) -> JSONValue {
        .object([
            ("lock", .string(look.paths.lockFile)), ("state", .string(look.word)),
            ("waiting", .integer(Int64(look.state?.waiting.count ?? 0))),
            ("frozen", .bool(!look.freezes.isEmpty)),
            ("frozen_until", .optional(look.freezes.untilUs.map(RFC3339.toTheMicrosecond))),
            ("queue", .array(objects(rows))),
        ])
    }

    /// The rows of one queue as objects.
    package static func objects(_ rows: [QueueRow]) -> [JSONValue] {
        Table(columns: columns, rows: rows.map(\.cells)).objects
    }

    /// The rows of one queue with the columns that say most, for people.
    package static func summary(_ rows: [QueueRow]) -> Table {
        Table(columns: summaryColumns, rows: rows.map(\.summary))
    }

    /// A heading and a table for each lock.
    package func text(_ renderer: TextRenderer) -> String {
        queues.map { look, rows in
            let lock = look.paths.lockFile.escapedForTerminal
            let frozen =
                look.freezes.isEmpty ? "" : "Deployments are \(Words.frozen(look.freezes)).\n"
            if rows.isEmpty { return "\(lock) is free; nobody is waiting.\n" + frozen }
            let waiting = look.state?.waiting.count ?? 0
            let heading =
                "\(lock): \(look.word.replacing("_", with: " ")), "
                + "\(waiting == 0 ? "nobody" : String(waiting)) waiting" + "\n"
            return heading + frozen + renderer.render(Self.summary(rows))
        }.joined(separator: "\n")
    }

    private static let columns = [
        "lock", "position", "number", "state", "user", "actor", "source", "tier", "sha", "ref",
        "batch_key", "superseded_by", "since", "seconds", "waiting_for", "pid", "run_url",
        "deployment", "command",
    ].map { Table.Column($0, title: $0) }

    private static let summaryColumns = [
        Table.Column("position", title: "POS"), Table.Column("number", title: "NO."),
        Table.Column("state", title: "STATE"), Table.Column("for", title: "FOR"),
        Table.Column("by", title: "BY", widest: 24),
        Table.Column("from", title: "FROM", widest: 10),
        Table.Column("tier", title: "TIER", widest: 12),
        Table.Column("commit", title: "COMMIT", widest: 12),
        Table.Column("batch", title: "BATCH", widest: 30),
        Table.Column("ahead", title: "WAITS FOR"),
        Table.Column("command", title: "COMMAND", widest: 60),
    ]
}

extension QueueRow {
    fileprivate var cells: [Cell] {
        [
            .text(lock), .integer(position), Self.cell(number), .text(state.rawValue),
            Self.cell(facts.user), Self.cell(known?.actor ?? facts.actor), Self.cell(source),
            Self.cell(tier), Self.cell(sha), Self.cell(ref),
            Self.cell(facts.batchKey), Self.cell(covering),
            since.map { .time($0) } ?? .none,
            length.map { .duration($0) } ?? .none, Self.cell(waitsFor),
            Self.cell(facts.pid.map(Int64.init)), Self.cell(runURL),
            Self.cell(deployment), Self.cell(command),
        ]
    }

    fileprivate var summary: [Cell] {
        let fate = covering.map { " (will be superseded by #\($0))" } ?? ""
        return [
            position == 0 ? .none : .integer(position), Self.cell(number),
            .text(state.words + fate),
            length.map { .duration($0) } ?? .none, Self.cell(person),
            Self.cell(source), Self.cell(tier),
            Self.cell(sha.map { String($0.prefix(10)) }), Self.cell(facts.batchOrRef),
            Self.cell(waitsFor.map { "#\($0)" }), Self.cell(command),
        ]
    }

    private static func cell(_ text: String?) -> Cell { text.map { .text($0) } ?? .none }
    private static func cell(_ number: Int64?) -> Cell { number.map { .integer($0) } ?? .none }
}
