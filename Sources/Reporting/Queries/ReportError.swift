public import SQLite
import Wording

/// Why a report could not be made.
public enum ReportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No file of `reports/` has that name.
    case noSuchQuery(String)
    /// The comment a query begins with does not follow the rules.
    case malformedHeader(query: String, line: Int, problem: String)
    /// The header and the SQL of a query do not agree.
    case headerDisagrees(query: String, problem: String)
    /// A value was given that the query does not know, or one that it needs is missing.
    case wrongParameters(query: String, problem: String)
    /// SQLite could not run a query.
    case database(query: String, SQLiteError)

    /// What failed and what to do.
    public var description: String {
        switch self {
        case .noSuchQuery(let name):
            "no query is called '\(name.escapedForTerminal)'"
        case .malformedHeader(let query, let line, let problem):
            "the header of reports/\(query).sql is wrong in line \(line): \(problem)"
        case .headerDisagrees(let query, let problem):
            "the header of reports/\(query).sql does not fit its SQL: \(problem)"
        case .wrongParameters(let query, let problem):
            "the query \(query) cannot be run: \(problem)"
        case .database(_, let error) where error.isBusy:
            "the ledger is locked by another program for too long; try again"
        case .database(_, let error) where error.isCorrupt:
            "the ledger is damaged (\(error.message)); run 'deploystats verify'"
        case .database(let query, let error):
            "the query \(query) failed: \(error.message)"
        }
    }
}
