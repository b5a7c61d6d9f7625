import Glibc
import SystemCalls
import TestSupport
import Testing

extension Fixture {
    /// Sees to it that there is a ledger; on a busy machine a first event may go to the spool.
    func begin() throws {
        try #require(eventually { try run(["true"]).code == 0 && exists("state/ledger.db") })
    }

    /// Takes the rule away that a busy machine breaks.
    private static let calm = ["-w", "spool=none"]

    /// The alerts as `severity alert` with these rules and options.
    func alerts(_ arguments: [String] = []) throws -> [String] {
        let result = try stats(["alerts", "--format", "csv"] + Self.calm + arguments)
        return result.output.split(whereSeparator: \.isNewline).dropFirst().map { line in
            line.split(separator: ",").prefix(2).joined(separator: " ")
        }
    }

    /// Starts to tell a command of what runs at all.
    func tell(_ command: String, _ more: [String] = []) throws -> ChildProcess {
        try ChildProcess(
            [
                BuiltTool.path("deploystats"), "alerts", "-w", "running=0", "--notify-timeout",
                "60s", "--notify", command,
            ] + Self.calm + more,
            environment: environment())
    }

    /// Changes the ledger behind its own back.
    func tamper(_ sql: String) throws {
        let script = """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1])
            guards = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in guards: db.execute(f'DROP TRIGGER "{name}"')
            db.execute(sys.argv[2])
            for _, sql in guards: db.execute(sql)
            db.commit()
            """
        let result = try ChildProcess.run(["python3", "-c", script, ledger, sql])
        guard result.code == 0 else { throw NotTampered(errors: result.errors) }
    }

    struct NotTampered: Error {
        let errors: String
    }
}
