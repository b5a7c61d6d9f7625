package import SQLite
internal import SystemCalls

/// Why a ledger cannot be used.
package enum LedgerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No file has that name.
    case missing(path: String)
    /// The file has no content yet.
    case empty(path: String)
    /// The file is something else.
    case notALedger(path: String)
    /// A later version of the program has changed the schema.
    case newerSchema(path: String, found: Int, known: Int)
    /// An earlier version made it and nothing has been written since.
    case olderSchema(path: String, found: Int, known: Int)
    /// SQLite found damage.
    case corrupt(path: String, reason: String)
    /// It is not the ledger that was there before.
    case replaced(path: String)
    /// Somebody else holds a lock on it for too long.
    case busy(path: String)
    /// Anything else that keeps it from being read or written.
    case unusable(path: String, reason: String)

    /// What failed, what is in the way and what to do next.
    package var description: String {
        switch self {
        case .missing(let path):
            "there is no ledger at \(path); the first deployment creates it, "
                + "or name another one with --ledger"
        case .empty(let path):
            "the ledger \(path) is empty; the first deployment fills it (if it is a copy, the events "
                + "are in the -wal file beside the original: copy \(Path.name(of: path))-wal with it)"
        case .notALedger(let path):
            "\(path) is not a ledger of deploy-ledger; name the right file with --ledger"
        case .newerSchema(let path, let found, let known):
            "the ledger \(path) has schema \(found), this program knows \(known); "
                + "install the newer version here too"
        case .olderSchema(let path, let found, let known):
            "the ledger \(path) has schema \(found), this program needs \(known); "
                + "the next deployment brings it up to date"
        case .corrupt(let path, let reason):
            "the ledger \(path) is damaged: \(reason); bring back what can be read with "
                + "'deploystats recover'"
        case .replaced(let path):
            "\(path) is not the ledger that was here before"
        case .busy(let path):
            "the ledger \(path) is locked by another process; try again"
        case .unusable(let path, let reason):
            "the ledger \(path) cannot be used: \(reason)"
        }
    }

    /// What happened, for whoever goes on without the ledger: nobody has to try again.
    var cause: String {
        guard case .busy(let path) = self else { return description }
        return "the ledger \(path) stayed locked by another process for too long"
    }

    /// Sorts an answer of SQLite.
    package init(_ error: SQLiteError, path: String) {
        if error.isCorrupt {
            self = .corrupt(path: path, reason: error.message)
        } else if error.isBusy {
            self = .busy(path: path)
        } else {
            self = .unusable(
                path: path, reason: "\(error.message) (SQLite error \(error.extendedCode))")
        }
    }
}

extension LedgerError {
    /// Runs `body`, sorting what SQLite answers.
    static func wrapping<Result>(
        _ path: String, _ body: () throws(SQLiteError) -> Result
    ) throws(LedgerError) -> Result {
        do throws(SQLiteError) {
            return try body()
        } catch {
            throw LedgerError(error, path: path)
        }
    }
}
