internal import SQLite

extension LedgerVerifier {
    /// Checks schema and guards, that the end is the one that was noted beside the ledger, and the
    /// chain of the newest events, for those who cannot wait for all of them.
    ///
    /// What was changed before them, and the table of deployments, only `verify` looks at.
    ///
    /// - Parameter count: of how many events; the usual number takes some milliseconds.
    package func verifyNewest(_ count: Int64 = 1000) throws(LedgerError) -> VerificationReport {
        try verifyPart { connection, report throws(SQLiteError) in
            let seq = max(0, report.head.seq - count)
            let start = try connection.head(at: seq) ?? Head(seq: seq, hash: [])
            try checkEvents(connection, ChainCheck(after: start), nil, { _ in }, &report)
        }
    }

    /// Checks what came behind a head that is known to be good, in the time that this takes: the
    /// chain, the details, the rows and summaries of the deployments it is about, and the schema.
    ///
    /// Events up to the head count as they are now; rows of deployments that nothing new is about,
    /// and SQLite's pages and indexes, only `verify` looks at.
    ///
    /// - Parameters:
    ///   - good: the head.
    ///   - expected: another one that must be in the chain, too.
    ///   - progress: told again and again what is being checked.
    package func verify(
        since good: Head, expecting expected: Head? = nil,
        progress: (Step) -> Void = { _ in }
    ) throws(LedgerError) -> VerificationReport {
        var report = try verifyPart { connection, report throws(SQLiteError) in
            report.since = good
            guard try check(good, connection, &report) else { return }
            if let expected, expected.seq <= good.seq {
                _ = try check(expected, connection, &report)
            }
            let places = try checkEvents(
                connection,
                ChainCheck(after: try connection.head(at: good.seq) ?? good, expected: expected),
                DeploymentsCheck(connection, after: good.seq), progress, &report)
            try DeliveriesCheck(connection).run(at: places ?? [], &report)
            let blocks = Set((places ?? []).map { ($0 - 1) / DeploymentSummaries.size })
            for block in try DeploymentSummaries(connection).changed(among: blocks) {
                report.add(VerificationReport.words(ofSummary: block))
            }
        }
        (report.waiting, report.setAside) = settings.spooled
        return report
    }

    /// Whether there is an event as far on as a head says; that it is the same one is checked, too.
    private func check(
        _ head: Head, _ connection: Connection, _ report: inout VerificationReport
    ) throws(SQLiteError) -> Bool {
        if head.seq > report.head.seq {
            report.add(
                "the ledger ends at event \(report.head.seq), before the head \(head): events "
                    + "were cut off")
            return false
        }
        let found = try connection.head(at: head.seq)
        if found != head {
            report.add(
                head.seq == 0
                    ? "it is not the ledger of the head \(head)"
                    : "it is not the event of the head \(head)",
                seq: head.seq == 0 ? nil : head.seq)
        }
        return true
    }

    private func verifyPart(
        _ body: (Connection, inout VerificationReport) throws(SQLiteError) -> Void
    ) throws(LedgerError) -> VerificationReport {
        // Read first: it is never ahead of the ledger.
        let mark = LedgerMark(of: LedgerFiles(path: settings.path))
        let reader = try LedgerReader(path: settings.path)
        try reader.begin()
        var report = VerificationReport(head: try reader.head())
        try LedgerError.wrapping(settings.path) { () throws(SQLiteError) in
            try checkSchema(reader.connection, &report)
            try checkBeginning(reader.connection, &report)
            try checkEnd(reader.connection, mark, &report)
            try readingOn(&report) { report throws(SQLiteError) in
                try body(reader.connection, &report)
            }
        }
        return report
    }
}

extension Connection {
    /// The place of an event with the hash it has now; 0 with the id of the ledger.
    func head(at seq: Int64) throws(SQLiteError) -> Head? {
        let hash =
            seq == 0
            ? try value(EmbeddedStatements.ledgerId)
            : try value(EmbeddedStatements.hashOfEvent, .integer(seq))
        return hash?.blob.map { Head(seq: seq, hash: $0) }
    }
}
