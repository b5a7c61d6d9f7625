import CommandSupport
import DeployLock
import JSON
import Ledger
import DeploymentMetrics
import Processes
import Queries
import Reporting
import Secrets
import SystemCalls
import Wording

/// The queues of locks as rows: who has the lock first, then those who wait, in their order.
struct QueueTable: Printable {
    /// A lock as it was seen.
    struct Look {
        let path: LockPaths
        let state: LockState
        /// The freezes in force.
        let freezes: Freezes

        init(path: LockPaths, _ state: LockState, _ freezes: Freezes) {
            self.path = path
            self.state = state
            self.freezes = freezes
        }

        /// The state of the lock in one word.
        var word: String { state.owner.condition?.rawValue ?? "unknown" }
    }

    private let looks: [Look]
    private let known: [InFlightDeployment]

    /// - Parameter known: what the ledger has in flight on this machine.
    init(_ looks: [Look], known: [InFlightDeployment]) {
        self.looks = looks
        self.known = known
    }

    /// The rows of all locks.
    var table: Table { Table(columns: Self.columns, rows: looks.flatMap { rows($0).map(\.cells) }) }

    /// The locks with their rows.
    var json: JSONValue {
        .object([
            ("at", .string(Instant(microseconds: Clock.wallMicroseconds()).rfc3339)),
            ("locks", .array(looks.map(object))),
        ])
    }

    private func object(_ look: Look) -> JSONValue {
        let table = Table(columns: Self.columns, rows: rows(look).map(\.cells))
        return .object([
            ("lock", .string(look.path.lockFile)), ("state", .string(look.word)),
            ("waiting", .integer(Int64(look.state.waiting.count))),
            ("frozen", .bool(!look.freezes.isEmpty)),
            ("frozen_until", .optional(look.freezes.untilUs.map(RFC3339.toTheMicrosecond))),
            ("queue", .array(table.objects)),
        ])
    }

    /// A heading and a table for each lock.
    func text(_ renderer: TextRenderer) -> String {
        looks.map { look in
            let lock = look.path.lockFile.escapedForTerminal
            let rows = rows(look)
            let frozen =
                look.freezes.isEmpty ? "" : "Deployments are \(Words.frozen(look.freezes)).\n"
            if rows.isEmpty { return "\(lock) is free; nobody is waiting.\n" + frozen }
            let waiting = look.state.waiting.count
            let heading =
                "\(lock): \(look.word.replacing("_", with: " ")), "
                + "\(waiting == 0 ? "nobody" : String(waiting)) waiting" + "\n"
            let summary = Table(columns: Self.summaryColumns, rows: rows.map(\.summary))
            return heading + frozen + renderer.render(summary)
        }.joined(separator: "\n")
    }

    private func rows(_ look: Look) -> [Row] {
        let state = look.state
        var rows: [Row] = []
        let facts = state.owner.facts ?? DeploymentFacts()
        switch state.owner.condition {
        case .free, .deadOrphan, nil: break
        case .held: rows.append(row(look, 0, "running", facts))
        case .runningOrphan: rows.append(row(look, 0, "running_orphan", facts))
        case .stranger:
            var facts = DeploymentFacts()
            let process = state.processes.first
            facts.pid = process?.identity.pid
            facts.user = process?.uid.map(User.name(of:))
            facts.command = process.map {
                ShellText.quoted(Masking.mask(arguments: $0.arguments))
            }
            facts.acquiredAtUs = state.processes.map(\.startedAtUs).min()
            rows.append(row(look, 0, "stranger", facts))
        }
        var ahead = rows.first?.number
        for (index, waiter) in state.waiting.enumerated() {
            var facts = waiter.facts ?? DeploymentFacts()
            facts.number = waiter.number
            rows.append(
                row(
                    look, Int64(index + 1), "waiting", facts, waitsFor: ahead,
                    supersededBy: state.covering(waiter)))
            ahead = waiter.number
        }
        return rows
    }

    private func row(
        _ look: Look, _ position: Int64, _ state: String, _ facts: DeploymentFacts,
        waitsFor ahead: Int64? = nil, supersededBy covering: Int64? = nil
    ) -> Row {
        // By number: the ticket of another user may be unreadable, but its name is not.
        let known = known.first {
            $0.number == facts.number && $0.lock == look.path.lockFile && facts.number != nil
        }
        let since = position == 0 ? facts.heldSinceUs : facts.waitingSinceUs
        return Row(
            lock: look.path.lockFile, position: position, state: state, facts: facts,
            known: known, since: since,
            length: since.map { max(0, look.state.lookedAtUs - $0) }, waitsFor: ahead,
            covering: covering)
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

    /// One who has a lock or waits for it.
    private struct Row {
        let lock: String
        /// 0 for who has the lock.
        let position: Int64
        let state: String
        let facts: DeploymentFacts
        let known: InFlightDeployment?
        let since: Int64?
        let length: Int64?
        let waitsFor: Int64?
        let covering: Int64?

        var number: Int64? { facts.number }

        var cells: [Cell] {
            [
                .text(lock), .integer(position), Self.cell(number), .text(state),
                Self.cell(facts.user), Self.cell(known?.actor ?? facts.actor), Self.cell(source),
                Self.cell(tier), Self.cell(sha), Self.cell(facts.ref ?? known?.ref),
                Self.cell(facts.batchKey), Self.cell(covering),
                since.map { .time(Instant(microseconds: $0)) } ?? .none,
                length.map { .duration($0) } ?? .none, Self.cell(waitsFor),
                Self.cell(facts.pid.map(Int64.init)), Self.cell(known?.runURL),
                Self.cell(facts.deployment ?? known?.id), Self.cell(facts.command),
            ]
        }

        private var source: String? { facts.source ?? known?.source }
        private var tier: String? { facts.tier ?? known?.tier }
        private var sha: String? { facts.sha ?? known?.sha }

        var summary: [Cell] {
            let fate = covering.map { " (will be superseded by #\($0))" } ?? ""
            return [
                position == 0 ? .none : .integer(position), Self.cell(number),
                .text(state.replacing("_", with: " ") + fate),
                length.map { .duration($0) } ?? .none, Self.cell(known?.actor ?? facts.person),
                Self.cell(source), Self.cell(tier),
                Self.cell(sha.map { String($0.prefix(10)) }), Self.cell(facts.batchOrRef),
                Self.cell(waitsFor.map { "#\($0)" }), Self.cell(facts.command),
            ]
        }

        private static func cell(_ text: String?) -> Cell { text.map { .text($0) } ?? .none }
        private static func cell(_ number: Int64?) -> Cell { number.map { .integer($0) } ?? .none }
    }
}
