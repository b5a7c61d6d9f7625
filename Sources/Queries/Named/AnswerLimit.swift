package import SQLite
import SystemCalls
import Wording

/// How long an answer may take and how much memory, whoever wrote the statement: SQLite stops its own
/// work in time, but not what is done with the rows.
package struct AnswerLimit: Sendable {
    /// What an answer has too much of.
    package enum Excess: Error, Hashable, Sendable, CustomStringConvertible {
        /// It took longer than this, in µs.
        case time(Int64)
        /// A row has that many bytes.
        case row(Int)
        /// All rows together are too large to be kept.
        case rows

        /// What was too much, and what to do.
        package var description: String {
            switch self {
            case .time(let length):
                "the query and its output took longer than "
                    + "\(DurationText.text(microseconds: length)); allow more with --time-limit, or "
                    + "select less"
            case .row(let size):
                "a row has \(size >> 20) MiB, and at most \(largestRow >> 20) MiB can be printed; "
                    + "select less, for instance with substr()"
            case .rows:
                "the result is too large for a table; select less, or use --format csv or ndjson"
            }
        }
    }

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
    package init(microseconds: Int64) {
        length = microseconds
        end = microseconds > 0 ? Clock.monotonicMicroseconds() + microseconds : nil
    }

    /// Lets statements that are not ours do nothing but read, and limits what values they can make.
    package static func restrict(_ connection: Connection) throws(SQLiteError) {
        try connection.allowOnlyReading()
        connection.setLimits(length: longestValue)
    }

    /// Limits what a statement that is not ours takes of the memory, in this whole process.
    package static func restrictMemory() { Connection.limitMemory(to: ownMemory) }

    /// Lets SQLite look at the clock.
    package func watch(_ connection: Connection) {
        if let end { connection.stopStatements(atMonotonicMicroseconds: end) }
    }

    /// Judges a row before it is written.
    ///
    /// - Parameter isKept: whether it stays in memory until the last one is known.
    package mutating func admit(_ row: QueryRow, isKept: Bool) throws(Excess) {
        if let end, Clock.monotonicMicroseconds() >= end { throw .time(length) }
        let size = row.size
        if size > Self.largestRow { throw .row(size) }
        if isKept { kept += size }
        if kept > Self.largestTable { throw .rows }
    }
}
