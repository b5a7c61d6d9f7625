internal import SQLite
import SystemCalls

extension LedgerReader {
    /// Where this ledger started over, as far as nobody has settled it.
    package func interruptions() throws(LedgerError) -> [LedgerInterruption] {
        try reading { () throws(SQLiteError) in try connection.interruptions() }
    }

    /// Files beside this ledger that were set aside, and of which none of its events tells: their
    /// events may be in no ledger.
    package func unknownFiles() throws(LedgerError) -> [String] {
        let known = try reading { () throws(SQLiteError) in
            try connection.continuations().compactMap(\.event.previousFile)
        }
        let start = Path.name(of: path) + ".corrupt-"
        return ((try? FileSystem.entries(of: Path.parent(of: path))) ?? [])
            .filter { $0.hasPrefix(start) && !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
            .map { "\(Path.parent(of: path))/\($0)" }
            .filter { !known.contains($0) }.sorted()
    }

    /// Its random id in hexadecimal; nil when it cannot be read.
    package var id: String? { identity.map(Hexadecimal.encode) }

    /// Its random id; nil when it cannot be read.
    var identity: [UInt8]? { (try? connection.value("SELECT id FROM ledger"))??.blob }

    /// The hash of the event at a place; nil when there is none, or it cannot be read.
    func hash(at seq: Int64) -> [UInt8]? {
        guard seq > 0 else { return nil }
        return (try? connection.value(EmbeddedStatements.hashOfEvent, .integer(seq)))??.blob
    }

    /// Where an event is in the chain, if it has no detail here.
    func placeWithoutDetail(of event: EventID) throws(LedgerError) -> Int64? {
        try reading { () throws(SQLiteError) in
            try connection.value(
                EmbeddedStatements.placeWithoutDetail, .text(event.description))?.integer
        }
    }
}

extension Connection {
    /// The same of an open ledger.
    func interruptions() throws(SQLiteError) -> [LedgerInterruption] {
        LedgerInterruption.unsettled(try continuations())
    }

    /// What tells of ledgers before, and how that was settled.
    fileprivate func continuations() throws(SQLiteError) -> [(seq: Int64, event: Event)] {
        try prepare(EmbeddedStatements.beginnings).rows().compactMap { row in
            guard let seq = row[0].integer, let record = row[1].text,
                let event = Event(record: Array(record.utf8))
            else { return nil }
            return (seq, event)
        }
    }
}
