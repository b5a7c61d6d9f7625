internal import SQLite
internal import SystemCalls

/// Proves that a ledger is as it was written: nothing changed, removed, inserted or reordered.
///
/// Events cut off at the end leave a shorter chain that is whole in itself; only a head kept
/// elsewhere shows that.
package struct LedgerVerifier {
    /// What a verification is at.
    package enum Step {
        /// The events, and how many of them are checked.
        case events(done: Int, of: Int)
        /// SQLite's pages and indexes.
        case file
    }

    let settings: LedgerSettings
    /// Events between two calls of `progress`.
    private static let step = 4096

    /// A verifier of the ledger that `settings` names, together with its spools.
    package init(_ settings: LedgerSettings) {
        self.settings = settings
    }

    /// Reads all of the ledger in one snapshot, on two threads; appends may go on beside it.
    ///
    /// - Parameters:
    ///   - expected: a head that was noted earlier and must still be in the chain.
    ///   - progress: told again and again what is being checked.
    package func verify(
        expecting expected: Head? = nil, progress: (Step) -> Void = { _ in }
    ) throws(LedgerError) -> VerificationReport {
        // Read first: it is never ahead of the ledger.
        let mark = LedgerMark(of: LedgerFiles(path: settings.path))
        let reader = try LedgerReader(path: settings.path)
        // SQLite compares its indexes in about the time in which the events are folded.
        let file = try FileCheck(reader.beginTwice())
        var report = VerificationReport(head: try reader.head())
        let connection = reader.connection
        try LedgerError.wrapping(settings.path) { () throws(SQLiteError) in
            try checkSchema(connection, &report)
            try checkBeginning(connection, &report)
            try checkEnd(connection, mark, &report)
            try readingOn(&report) { report throws(SQLiteError) in
                let start = try connection.head(at: 0) ?? Head(seq: 0, hash: [])
                try checkEvents(
                    connection, ChainCheck(after: start, expected: expected),
                    DeploymentsCheck(connection), progress, &report)
            }
            try readingOn(&report) { report throws(SQLiteError) in
                try DeliveriesCheck(connection).run(&report)
            }
            try readingOn(&report) { report throws(SQLiteError) in
                for block in try DeploymentSummaries(connection).changed() {
                    report.add(VerificationReport.words(ofSummary: block))
                }
            }
            try readingOn(&report) { report throws(SQLiteError) in
                try file.finish(&report) { progress(.file) }
            }
            if let problem = LogCheck.problem(of: settings.path + "-wal") { report.add(problem) }
        }
        (report.waiting, report.setAside) = settings.spooled
        return report
    }

    /// Goes on when something cannot be read that is damaged.
    func readingOn(
        _ report: inout VerificationReport,
        _ body: (inout VerificationReport) throws(SQLiteError) -> Void
    ) throws(SQLiteError) {
        do throws(SQLiteError) {
            try body(&report)
        } catch {
            // What cannot be read now may be as it was written.
            if error.isOfTheEnvironment && !error.isCorrupt { throw error }
            report.add("reading stopped: \(error.message)")
        }
    }

    /// Follows the chain to its end, and folds the events.
    ///
    /// - Parameter rows: compares the rows; nil to leave these alone.
    /// - Returns: the places of the rows that were compared; nil for all.
    @discardableResult
    func checkEvents(
        _ connection: Connection, _ start: ChainCheck, _ rows: DeploymentsCheck?,
        _ progress: (Step) -> Void, _ report: inout VerificationReport
    ) throws(SQLiteError) -> Set<Int64>? {
        var chain = start
        var deployments = rows
        let from = chain.seq
        let all = Int(report.head.seq - from)
        let events = try connection.prepare(EmbeddedStatements.verifyEvents)
        try events.bind([.integer(from)])
        while try events.step() {
            let seq = events.integer(at: 0) ?? 0
            let event = chain.check(
                seq: seq, record: events.bytes(at: 1), hash: events.bytes(at: 2),
                salt: events.blob(at: 3), detail: events.text(at: 4), &report)
            if let event {
                try deployments?.apply(event, seq: seq, &report)
            } else {
                deployments = nil
            }
            if report.events % Self.step == 0 {
                progress(.events(done: report.events, of: all))
            }
        }
        chain.finish(&report)
        let stray = try connection.prepare(EmbeddedStatements.detailsWithoutEvent)
        for row in try stray.rows(.integer(from)) {
            report.add("there is a detail but no event", seq: row[0].integer)
        }
        if deployments != nil {
            try deployments?.finish(&report)
        } else if rows != nil {
            report.add("the table of deployments could not be compared with the events")
        }
        return deployments?.places
    }

    /// That the ledger started over although one was there, until a person settles it: all that is
    /// here may be as it was written, and is not all there was.
    func checkBeginning(
        _ connection: Connection, _ report: inout VerificationReport
    ) throws(SQLiteError) {
        for interruption in try connection.interruptions() {
            report.add(interruption.words, seq: interruption.seq, isInterruption: true)
        }
    }

    /// That the ledger still has the event that was noted beside it as its newest.
    func checkEnd(
        _ connection: Connection, _ mark: LedgerMark, _ report: inout VerificationReport
    ) throws(SQLiteError) {
        let row = try connection.prepare(EmbeddedStatements.head).rows().first
        guard let seq = row?[0].integer, let hash = row?[1].blob, let identity = row?[2].blob,
            let loss = try LedgerLoss(
                mark, Head(seq: seq, hash: hash), identity: identity, connection)
        else { return }
        report.add("the ledger has lost events: \(loss.words)")
    }

    /// Triggers and tables as this program makes them.
    func checkSchema(
        _ connection: Connection, _ report: inout VerificationReport
    ) throws(SQLiteError) {
        let found = try Schema.objects(of: connection)
        let wanted = try Schema.objects() ?? [:]
        for name in Set(found.keys).union(wanted.keys).sorted() where found[name] != wanted[name] {
            if found[name] == nil {
                report.add("the \(name) is missing")
            } else if wanted[name] == nil {
                report.add("the \(name) does not belong here")
            } else {
                report.add("the \(name) was changed")
            }
        }
    }
}
