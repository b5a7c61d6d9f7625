internal import SQLite
internal import SystemCalls

/// What does not depend on the events: SQLite's pages and indexes, checked on a thread of its own.
struct FileCheck {
    private struct Findings: Sendable {
        var problems: [String] = []
        /// Why there may be more.
        var failure: SQLiteError?
    }

    private let work: Background<Findings>

    /// How often somebody is told that it goes on, in µs.
    private static let interval: Int64 = 100_000

    /// Begins.
    ///
    /// - Parameter reader: the ledger, within a transaction.
    init(_ reader: sending LedgerReader) throws(LedgerError) {
        let path = reader.path
        do throws(SystemError) {
            work = try .start { Self.run(reader.connection) }
        } catch {
            throw .unusable(path: path, reason: error.description)
        }
    }

    /// Adds what it finds, as soon as it is done.
    func finish(
        _ report: inout VerificationReport, whileWaiting tell: () -> Void
    ) throws(SQLiteError) {
        while true {
            let next = Clock.monotonicMicroseconds() + Self.interval
            if let findings = work.result(by: next) {
                for problem in findings.problems { report.add(problem) }
                if let failure = findings.failure { throw failure }
                return
            }
            tell()
        }
    }

    private static func run(_ connection: Connection) -> Findings {
        var findings = Findings()
        do throws(SQLiteError) {
            let damage = try connection.damage(
                comparesIndexes: true, limit: VerificationReport.mostProblems)
            findings.problems = damage.map { "SQLite: \($0)" }
        } catch {
            findings.failure = error
        }
        return findings
    }
}
