import Glibc
import Ledger
import SQLite
import SystemCalls
import TestSupport

/// A ledger in a directory of its own.
struct TestLedger {
    let directory: TemporaryDirectory
    let path: String
    let settings: LedgerSettings
    /// Never gives up because the machine is busy.
    let writer: LedgerWriter
    /// Gives up soon: for what is in the way to stay.
    let hasty: LedgerWriter

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("state/ledger.db")
        settings = LedgerSettings(
            path: path, budgetMilliseconds: 20_000,
            spoolRoots: [directory.file("state/spool"), directory.file("second/spool")])
        writer = LedgerWriter(settings)
        var brief = settings
        brief.budgetMilliseconds = 100
        hasty = LedgerWriter(brief)
    }

    var spool: String { directory.file("state/spool") }

    static func event(
        _ kind: EventKind, _ deployment: EventID, number: Int64, atUs: Int64 = 1_700_000_000_000_000
    ) -> Event {
        var event = Event(kind, atUs: atUs, monoUs: 1, host: "host")
        event.deployment = deployment
        event.number = number
        event.lock = "/tmp/a.lock"
        event.user = "deploy"
        event.pid = 4711
        return event
    }

    static func requested(_ deployment: EventID, number: Int64) -> Event {
        var event = event(.requested, deployment, number: number)
        event.boot = "boot"
        event.pidStart = 99
        event.actor = "ann"
        event.source = "ssh"
        event.tier = "docker"
        event.ahead = 0
        return event
    }

    static func acquired(_ deployment: EventID, number: Int64) -> Event {
        var event = event(.acquired, deployment, number: number, atUs: 1_700_000_000_001_000)
        event.waitUs = 1000
        return event
    }

    static func released(_ deployment: EventID, number: Int64) -> Event {
        var event = event(.released, deployment, number: number, atUs: 1_700_000_005_001_000)
        event.waitUs = 1000
        event.heldUs = 5_000_000
        event.exitCode = 0
        event.outcome = .succeeded
        return event
    }
}

extension RecordResult {
    /// The head's place; nil unless written.
    var seq: Int64? {
        if case .written(let head, _, _, _) = self { head.seq } else { nil }
    }
}

extension TestLedger {
    /// Runs SQL like a person with a plain connection, none of our settings.
    func shell(_ sql: String) throws(SQLiteError) {
        try Connection(path: path, mode: .readWrite, busyTimeoutMilliseconds: 1000).execute(sql)
    }
}

extension TestLedger {
    /// All records in the order of the chain.
    func records() throws -> [String] {
        try LedgerReader(path: path).connection.prepare("SELECT record FROM event ORDER BY seq")
            .rows().compactMap { $0[0].text }
    }

    /// Replaces a file's content.
    func write(_ text: String, to path: String) throws(SystemError) {
        try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600).write(text.utf8)
    }

    /// Makes the directory of the ledger before the first append does.
    func makeDirectory() throws(SystemError) {
        try FileSystem.makeDirectories(directory.file("state"), mode: 0o700)
    }
}
