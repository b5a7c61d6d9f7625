import ArgumentParser
import CommandSupport
import DeployLock
import JSON
import Queries
import SystemCalls
import Wording

/// `deploystats freezes`.
struct FreezesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "freezes",
        abstract: "List the freezes of a lock that are in force.",
        discussion: """
            Reads the files beside the lock; the ledger is asked only when they were lost, as when \
            the machine was restarted.
            """)

    @OptionGroup
    var place: FreezePlace

    @OptionGroup
    var zone: ZoneOption

    @OptionGroup(title: "Output")
    var output: OutputOptions

    func run() throws {
        let zone = try zone.zone()
        let desk = try place.open()
        try output.print(FreezeTable(desk.lock, try desk.freezes()), in: zone)
    }
}

/// Freezes in force as rows, the one that ends last at the end.
struct FreezeTable: Printable {
    private let lock: String
    private let freezes: Freezes
    private let now = Clock.wallMicroseconds()

    init(_ lock: String, _ freezes: Freezes) {
        self.lock = lock
        self.freezes = freezes
    }

    var table: Table {
        Table(
            columns: [
                "lock", "id", "since", "until", "seconds_left", "by", "user", "reason", "problem",
            ].map { Table.Column($0, title: $0) }, rows: rows)
    }

    var json: JSONValue {
        .object([
            ("at", .string(RFC3339.toTheMicrosecond(now))), ("lock", .string(lock)),
            ("frozen", .bool(!freezes.isEmpty)),
            ("until", .optional(freezes.untilUs.map(RFC3339.toTheMicrosecond))),
            ("freezes", .array(table.objects)),
        ])
    }

    func text(_ renderer: TextRenderer) -> String {
        if freezes.isEmpty { return "\(lock.escapedForTerminal) is not frozen.\n" }
        let table = Table(
            columns: [
                Table.Column("until", title: "UNTIL"), Table.Column("left", title: "IN"),
                Table.Column("by", title: "BY", widest: 24),
                Table.Column("reason", title: "REASON", widest: 60),
                Table.Column("id", title: "ID"),
            ], rows: summary)
        return "\(lock.escapedForTerminal) is frozen:\n" + renderer.render(table)
    }

    private var rows: [[Cell]] {
        freezes.inForce.map { freeze in
            [
                .text(lock), .text(freeze.id), Self.time(freeze.fromUs), Self.time(freeze.untilUs),
                .duration(freeze.untilUs - now), .text(freeze.by), .text(freeze.user),
                .text(freeze.reason), .none,
            ]
        }
            + freezes.unreadable.map { flaw in
                [
                    .text(lock), .text(flaw.file.id), .none, .none, .none, .none, .none, .none,
                    .text("\(flaw.file.path): \(flaw.reason)"),
                ]
            }
    }

    private var summary: [[Cell]] {
        freezes.inForce.map { freeze in
            [
                Self.time(freeze.untilUs), .duration(freeze.untilUs - now), .text(freeze.by),
                .text(freeze.reason), .text(freeze.id),
            ]
        }
            + freezes.unreadable.map { flaw in
                [
                    .text("unknown"), .none, .none,
                    .text("its file cannot be read: \(flaw.reason)"),
                    .text(flaw.file.id),
                ]
            }
    }

    private static func time(_ microseconds: Int64) -> Cell {
        .time(Instant(microseconds: microseconds))
    }
}
