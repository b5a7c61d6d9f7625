import Ledger
import Queries
import SQLite
import SystemCalls
import Wording

/// How long an answer may take and how much memory, whoever wrote the statement: SQLite stops its own
/// work in time, but not what is done with the rows.
struct AnswerLimit {
    /// No text or blob is longer, in bytes: twice as long as the longest record of an event.
    private static let longestValue = 9 << 20
    /// What SQLite may have for sorting what somebody's own statement asks for, in bytes.
    private static let ownMemory = 512 << 20
    /// What a row may have, in bytes; written for people it takes a multiple of that.
    private static let largestRow = 16 << 20
    /// What rows may have that are kept until the last one is known, in bytes.
    private static let largestTable = 64 << 20

    /// On the monotonic clock in µs; nil for no end.
    private let end: Int64?
    private let length: Int64
    private var kept = 0

    /// - Parameter microseconds: how long all of it may take; 0 for no limit.
    init(microseconds: Int64) {
        length = microseconds
        end = microseconds > 0 ? Clock.monotonicMicroseconds() + microseconds : nil
    }

    /// Limits what values a statement can make.
    static func restrict(_ connection: Connection) {
        connection.setLimits(length: longestValue)
    }

    /// Limits what a statement that is not ours takes of the memory, in this whole process.
    static func restrictMemory() { Connection.limitMemory(to: ownMemory) }

    /// Lets SQLite look at the clock.
    func watch(_ connection: Connection) {
        if let end { connection.stopStatements(atMonotonicMicroseconds: end) }
    }

    /// Judges a row before it is written.
    ///
    /// - Parameter isKept: whether it stays in memory until the last one is known.
    mutating func admit(_ row: QueryRow, isKept: Bool) throws {
        if let end, Clock.monotonicMicroseconds() >= end {
            throw Failure.because(
                "the query and its output took longer than "
                    + "\(DurationText.text(microseconds: length)); allow more with --time-limit, or "
                    + "select less")
        }
        let size = row.size
        if size > Self.largestRow {
            throw Failure.because(
                "a row has \(size >> 20) MiB, and at most \(Self.largestRow >> 20) MiB can be printed; "
                    + "select less, for instance with substr()")
        }
        if isKept { kept += size }
        if kept > Self.largestTable {
            throw Failure.because(
                "the result is too large for a table; select less, or use --format csv or ndjson"
            )
        }
    }
}

extension LedgerSettings {
    /// Opens the ledger for statements that are not ours: they can do nothing but read.
    func openOnlyForReading() throws -> LedgerReader {
        let reader = try open()
        try Failure.wrap { try reader.connection.allowOnlyReading() }
        AnswerLimit.restrict(reader.connection)
        return reader
    }
}
