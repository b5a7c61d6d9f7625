import Glibc
import SQLite
import SystemCalls
import TestSupport
import Testing

/// A lock, a ledger and a place for commands to leave traces, all fresh for one test.
struct Fixture: Sendable {
    let directory: TemporaryDirectory
    var lock: String { directory.file("deploy.lock") }
    var ledger: String { directory.file("state/ledger.db") }
    var spool: String { directory.file("state/spool") }

    init() throws {
        directory = try TemporaryDirectory()
        // Some tests run deployments as another user.
        chmod(directory.path, 0o777)
    }

    /// The environment that leads the tools here.
    func environment(_ more: [String: String?] = [:]) -> [String: String?] {
        var result: [String: String?] = [
            "DEPLOY_LOCK_FILE": lock, "DEPLOY_LEDGER": ledger, "HERE": directory.path,
            "XDG_RUNTIME_DIR": directory.file("run"), "TERM": "dumb",
            // Not what the machine is configured for.
            "DEPLOY_LEDGER_CONFIG": "/dev/null",
        ]
        result.merge(more) { $1 }
        return result
    }

    /// Starts `deploy-with-lock` with these arguments.
    func start(
        _ arguments: [String], environment more: [String: String?] = [:], output: CInt? = nil
    ) throws -> ChildProcess {
        try ChildProcess(
            [BuiltTool.path("deploy-with-lock")] + arguments, environment: environment(more),
            output: output)
    }

    /// Runs `deploy-with-lock` to its end.
    func run(
        _ arguments: [String], environment more: [String: String?] = [:]
    ) throws -> ChildProcess.Result {
        try start(arguments, environment: more).finish()
    }

    /// Starts a deployment that creates `NAME.up` and runs until `let(NAME)`.
    func hold(_ name: String, options: [String] = []) throws -> ChildProcess {
        let script = ": > $HERE/\(name).up; while [ ! -e $HERE/\(name).go ]; do sleep 0.01; done"
        let child = try start(options + ["sh", "-c", script])
        try #require(eventually { exists("\(name).up") }, "\(child.errors)")
        return child
    }

    /// Lets a deployment started by `hold` end.
    func letGo(_ name: String) { write("\(name).go", "") }

    func exists(_ name: String) -> Bool { FileSystem.exists(directory.file(name)) }

    /// Makes a directory unless it is there.
    func makeFolder(_ name: String) throws {
        let path = directory.file(name)
        if !FileSystem.exists(path) { try FileSystem.makeDirectory(path, mode: 0o755) }
    }

    func write(_ name: String, _ text: String) {
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        let file = try? FileDescriptor.open(directory.file(name), flags, mode: 0o644)
        try? file?.write(Array(text.utf8))
    }

    func read(_ name: String) -> String {
        let bytes = (try? FileSystem.read(directory.file(name))) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The lines of a file that commands wrote.
    func lines(_ name: String) -> [String] {
        read(name).split(separator: "\n").map(String.init)
    }

    /// Whether plain flock(1) gets the lock right now.
    var isFree: Bool {
        get throws { try ChildProcess.run(["flock", "-n", lock, "true"]).code == 0 }
    }

    /// The live tickets as their files are named.
    var tickets: [String] {
        ((try? FileSystem.entries(of: lock + ".queue")) ?? []).filter { $0.hasPrefix("ticket-") }
    }

    /// The rows of a query on the ledger, as text with `|` between columns.
    ///
    /// What a busy machine kept from the ledger for longer than a deployment waits is added first.
    func query(_ sql: String) throws -> [String] {
        addsSpooledEvents()
        let connection = try Connection(
            path: ledger, mode: .readOnly, busyTimeoutMilliseconds: 5000)
        return try connection.prepare(sql).rows().map { row in
            row.map { value in
                switch value {
                case .null: ""
                case .integer(let value): String(value)
                case .real(let value): String(value)
                case .text(let value): value
                case .blob(let value): String(value.count)
                }
            }.joined(separator: "|")
        }
    }

    /// Kind and outcome of every event of a deployment, in order.
    func events(_ number: Int) throws -> [String] {
        try query(
            """
            SELECT kind || coalesce(' ' || outcome, '') FROM event
            WHERE number = \(number) ORDER BY seq
            """)
    }

    /// Outcomes by number, such as `1 succeeded`.
    func outcomes() throws -> [String] {
        try query(
            "SELECT number || ' ' || coalesce(outcome, 'in flight') FROM deployment ORDER BY number"
        )
    }
}
