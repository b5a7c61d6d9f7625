internal import SQLite
internal import SystemCalls

/// Reads what can be read and verified of a damaged ledger.
///
/// An event counts when its hash follows from its record and the event before it, so that nothing
/// comes back that was not written; one behind a gap has nothing to follow from, and counts for the
/// next one alone.
public struct LedgerSalvage {
    /// What was found.
    public struct Report: Sendable {
        /// Events that were read and verified.
        public internal(set) var verified = 0
        /// Ranges of events that could not be read.
        public internal(set) var unreadable: [ClosedRange<Int64>] = []
        /// Events that could be read and not be verified.
        public internal(set) var unverified: [Int64] = []
    }

    private let path: String
    /// How many events are read in one statement.
    private static let step: Int64 = 500
    /// How far behind the last event that could be read it is looked for others.
    private static let farthest: Int64 = 1 << 20

    /// The damaged ledger at a path.
    public init(path: String) {
        self.path = path
    }

    /// Reads all of it and hands over the events, oldest first.
    ///
    /// - Parameters:
    ///   - last: the place of its newest event, when that is known.
    ///   - take: gets some hundred events at a time.
    /// - Throws: `LedgerError` when it is no database any more, and what `take` throws.
    public func run(
        upTo last: Int64?, _ take: ([EventLine]) throws -> Void
    ) throws -> Report {
        let connection = try LedgerError.wrapping(path) { () throws(SQLiteError) in
            let connection = try Connection(
                path: path, mode: .readOnly, busyTimeoutMilliseconds: 5000)
            try connection.execute(EmbeddedStatements.readerSettings)
            // Not what decides whether a database is one, but the first look at it.
            _ = try connection.value("PRAGMA application_id")
            return connection
        }
        var report = Report()
        var chain = Chain(identity: (try? connection.value("SELECT id FROM ledger"))??.blob)
        var next: Int64 = 1
        var gap: Int64 = 1
        var lost: ClosedRange<Int64>?
        let end = last ?? (try? connection.value("SELECT max(seq) FROM event"))??.integer
        while next <= end ?? .max {
            let (rows, isWhole) = Self.read(connection, from: next, gap == 1 ? Self.step : 1)
            let before = next
            var lines: [EventLine] = []
            // What a damaged page gives may have any number.
            for row in rows where row.seq >= next && row.seq < Int64.max && row.seq <= end ?? .max {
                if row.seq > next { lost = Self.joined(lost, next...(row.seq - 1)) }
                if let range = lost { report.unreadable.append(range) }
                lost = nil
                if let line = chain.verify(row) {
                    lines.append(line)
                    report.verified += 1
                } else {
                    report.unverified.append(row.seq)
                }
                next = row.seq + 1
            }
            if !lines.isEmpty { try take(lines) }
            if isWhole {
                if next == before { break }
                gap = 1
                continue
            }
            // Behind what cannot be read there may be more.
            if !rows.isEmpty { gap = 1 }
            guard next <= end ?? .max else { break }
            let until = min(next + gap - 1, end ?? .max)
            lost = Self.joined(lost, next...until)
            next = until + 1
            gap = min(gap * 2, Self.step)
            if end == nil, (lost?.count ?? 0) > Self.farthest { break }
        }
        if let lost, end != nil { report.unreadable.append(lost) }
        return report
    }

    private static func joined(
        _ first: ClosedRange<Int64>?, _ second: ClosedRange<Int64>
    ) -> ClosedRange<Int64> {
        first.map { $0.lowerBound...second.upperBound } ?? second
    }

    /// One event as it was read.
    fileprivate struct Row {
        let seq: Int64
        let record: [UInt8]
        let hash: [UInt8]
        let salt: [UInt8]?
        let detail: String?
    }

    /// Some events from a place on, and whether reading ended by itself.
    private static func read(
        _ connection: Connection, from seq: Int64, _ count: Int64
    ) -> (rows: [Row], isWhole: Bool) {
        var rows: [Row] = []
        do throws(SQLiteError) {
            let events = try connection.prepare(EmbeddedStatements.salvageEvents)
            try events.bind([.integer(seq), .integer(count)])
            while try events.step() {
                rows.append(
                    Row(
                        seq: events.value(at: 0).integer ?? 0, record: events.bytes(at: 1),
                        hash: events.bytes(at: 2), salt: events.value(at: 3).blob,
                        detail: events.value(at: 4).text))
            }
            return (rows, true)
        } catch {
            return (rows, false)
        }
    }

    /// The chain as far as it was followed.
    private struct Chain {
        /// The newest event that was read; its hash is what the next one has to follow from.
        private var previous: (seq: Int64, hash: [UInt8])?

        init(identity: [UInt8]?) {
            previous = identity.map { (0, $0) }
        }

        /// The event, when it follows from the one before and its detail is its own.
        mutating func verify(_ row: Row) -> EventLine? {
            defer { previous = (row.seq, row.hash) }
            guard let previous, previous.seq + 1 == row.seq,
                Ledger.Chain.hash(after: previous.hash, record: row.record) == row.hash,
                let record = String(validating: row.record, as: UTF8.self)
            else { return nil }
            let line = EventLine(
                text: EventLine.text(record: record, detail: row.detail, salt: row.salt))
            // Without its detail an event would be one that somebody has taken something from.
            return line?.event?.detailHash == nil || line?.detail != nil ? line : nil
        }
    }
}
