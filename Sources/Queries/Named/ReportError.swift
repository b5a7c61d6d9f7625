package import SQLite
import Wording

/// Why a report could not be made.
package enum ReportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No query has that name; these are the names of those there are.
    case noSuchQuery(String, known: [String])
    /// The comment a query begins with does not follow the rules.
    case malformedHeader(query: String, line: Int, problem: String)
    /// The header and the SQL of a query do not agree.
    case headerDisagrees(query: String, problem: String)
    /// A value was given that the query does not know, or one that it needs is missing.
    case wrongParameters(query: String, problem: String)
    /// A file or directory of queries cannot be read.
    case unreadable(path: String, reason: String)
    /// The summaries of deployments hold something that is none.
    case unreadableSummaries
    /// SQLite could not run a query.
    case database(query: String, SQLiteError)

    /// What failed and what to do.
    package var description: String {
        switch self {
        case .noSuchQuery(let name, let known):
            "unknown query '\(name.escapedForTerminal)'; 'deploystats query list --all' lists "
                + "them all\(NearMiss.question(name, among: known))"
        case .malformedHeader(let query, let line, let problem):
            "the header of the query \(query) is wrong in line \(line): \(problem)"
        case .headerDisagrees(let query, let problem):
            "the header of the query \(query) does not match its SQL: \(problem)"
        case .wrongParameters(let query, let problem):
            "the query \(query) cannot be run: \(problem); see 'deploystats query show \(query)'"
        case .unreadable(let path, let reason):
            "\(path.escapedForTerminal) cannot be read: \(reason)"
        case .unreadableSummaries:
            "the summaries of deployments in the ledger are damaged; run 'deploystats verify'"
        case .database(_, let error) where error.isBusy:
            "the ledger was locked by another program for too long; try again"
        case .database(_, let error) where error.isCorrupt:
            "the ledger is damaged (\(error.message)); run 'deploystats verify'"
        case .database(_, let error) where error.isInterrupted:
            "the query took too long and was stopped; ask for less, or raise --time-limit"
        case .database(_, let error) where error.isNotAllowed:
            "only reading is allowed here: SELECT, VALUES, WITH or EXPLAIN (\(error.message))"
        case .database(let query, let error):
            (query == NamedQuery.ownStatement ? "SQL error" : "SQL error in the query \(query)")
                + ": \(error.message)"
        }
    }
}
