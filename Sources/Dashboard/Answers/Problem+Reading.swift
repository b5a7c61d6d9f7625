import HTTPTypes
import Ledger
import Queries
import Reporting
import SQLite

extension Problem {
    /// What keeps a ledger or a query from being read; nil for anything else.
    init?(reading error: any Error) {
        switch error {
        case let error as LedgerError: self = .unavailable("\(error)")
        case let error as AnswerLimit.Excess: self = Self.excess(error)
        case let error as DeploymentLookup.Mistake: self = Self.mistake(error)
        case let error as ReportError: self = Self.report(error)
        default: return nil
        }
    }

    private static func report(_ error: ReportError) -> Problem {
        switch error {
        case .noSuchQuery: .notFound("\(error)")
        case .wrongParameters: .badRequest("\(error)")
        case .database(_, let cause) where cause.isInterrupted: tooLong
        case .database(_, let cause) where cause.isBusy: .unavailable("\(error)", retryAfter: 1)
        case .malformedHeader, .headerDisagrees, .unreadable, .unreadableSummaries, .database:
            .unavailable("\(error)")
        }
    }

    private static func excess(_ error: AnswerLimit.Excess) -> Problem {
        switch error {
        case .time: tooLong
        case .row, .rows:
            Problem(
                .tooLarge,
                "the answer is too large for this server; select less, or use deploystats")
        }
    }

    private static let tooLong = Problem(
        .tooLong, "the answer took too long and was abandoned; select less, or use deploystats")

    private static func mistake(_ error: DeploymentLookup.Mistake) -> Problem {
        switch error {
        case .unknown(let name): .notFound("there is no deployment '\(name)' in the ledger")
        case .ambiguous(let name, let matches):
            Problem(
                .ambiguous,
                "'\(name)' can mean several deployments; choose one by its id: "
                    + matches.map { "\($0.id) (#\($0.number ?? 0) under \($0.lock ?? "-"))" }
                    .joined(separator: ", "))
        }
    }
}
