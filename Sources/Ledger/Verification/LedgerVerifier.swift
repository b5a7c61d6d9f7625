internal import SQLite

/// Proves that a ledger is as it was written: nothing changed, removed, inserted or reordered.
///
/// Events cut off at the end leave a shorter chain that is whole in itself; only a head kept
/// elsewhere shows that.
package struct LedgerVerifier {
    let settings: LedgerSettings
    /// Events between two calls of `progress`.
    private static let step = 4096

    /// A verifier of the ledger that `settings` names, together with its spools.
    package init(_ settings: LedgerSettings) {
        self.settings = settings
    }

    /// Reads all of the ledger in one snapshot; appends may go on beside it.
    ///
    /// - Parameters:
    ///   - expected: a head that was noted earlier and must still be in the chain.
    ///   - progress: told after every few thousand events how many of how many are checked.
    package func verify(
        expecting expected: Head? = nil, progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
    ) throws(LedgerError) -> VerificationReport {
        // Read first: it is never ahead of the ledger.
        let mark = LedgerMark(of: LedgerFiles(path: settings.path))
        let reader = try LedgerReader(path: settings.path)
        var report = VerificationReport(head: try reader.head())
        let connection = reader.connection
        try LedgerError.wrapping(settings.path) { () throws(SQLiteError) in
            try connection.transaction(.deferred) { () throws(SQLiteError) in
                try checkSchema(connection, &report)
                try checkBeginning(connection, &report)
                try checkEnd(connection, mark, &report)
                try checkEvents(connection, expected, progress, &report)
                try checkPages(connection, &report)
                if let problem = LogCheck.problem(of: settings.path + "-wal") {
                    report.add(problem)
                }
            }
        }
        (report.waiting, report.setAside) = settings.spooled
        return report
    }

    private func checkEvents(
        _ connection: Connection, _ expected: Head?, _ progress: (Int, Int) -> Void,
        _ report: inout VerificationReport
    ) throws(SQLiteError) {
        do throws(SQLiteError) {
            var chain = ChainCheck(
                identity: try connection.value("SELECT id FROM ledger")?.blob ?? [],
                expected: expected)
            var deployments: DeploymentsCheck? = try DeploymentsCheck(connection)
            let events = try connection.prepare(EmbeddedStatements.verifyEvents)
            while try events.step() {
                let seq = events.value(at: 0).integer ?? 0
                let event = chain.check(
                    seq: seq, record: events.bytes(at: 1), hash: events.bytes(at: 2),
                    salt: events.value(at: 3).blob, detail: events.value(at: 4).text, &report)
                if let event {
                    try deployments?.apply(event, seq: seq, &report)
                } else {
                    deployments = nil
                }
                if report.events % Self.step == 0 {
                    progress(report.events, Int(report.head.seq))
                }
            }
            chain.finish(&report)
            for row in try connection.prepare(EmbeddedStatements.detailsWithoutEvent).rows() {
                report.add("there is a detail but no event", seq: row[0].integer)
            }
            for block in try DeploymentBlocks(connection).changed() {
                report.add(
                    "the summary of the deployments \(block &* 256 &+ 1) to "
                        + "\(block &* 256 &+ 256) was changed")
            }
            if deployments != nil {
                try deployments?.finish(&report)
            } else {
                report.add("the table of deployments could not be compared with the events")
            }
        } catch {
            // What cannot be read now may be as it was written.
            if error.isOfTheEnvironment && !error.isCorrupt { throw error }
            report.add("reading stopped: \(error.message)")
        }
    }

    /// That the ledger began anew although one was there, until a person settles it: all that is
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

    /// SQLite's own check of the file.
    private func checkPages(
        _ connection: Connection, _ report: inout VerificationReport
    ) throws(SQLiteError) {
        do throws(SQLiteError) {
            let found = try connection.damage(
                comparesIndexes: true, limit: VerificationReport.mostProblems)
            for problem in found { report.add("SQLite: \(problem)") }
        } catch {
            // What cannot be read now may be as it was written.
            if error.isOfTheEnvironment && !error.isCorrupt { throw error }
            report.add("SQLite: \(error.message)")
        }
    }
}
