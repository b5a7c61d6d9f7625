internal import SQLite
internal import SystemCalls

/// Writes events so that a broken ledger never gets in the way of a deployment.
///
/// Nothing stays open between two calls, so a process may spawn others freely.
package struct LedgerWriter: Sendable {
    /// Where the ledger is and how long writing may take.
    package let settings: LedgerSettings

    let files: LedgerFiles
    let spool: Spool

    /// A writer for the ledger that `settings` names.
    package init(_ settings: LedgerSettings) {
        self.settings = settings
        files = LedgerFiles(path: settings.path, isFallback: settings.isFallback)
        spool = Spool(roots: settings.spoolRoots, files: files)
    }

    /// Takes the right to write at once, without waiting; nil when somebody else has it or it
    /// cannot be had.
    ///
    /// With it a caller fixes the place of its event before it lets go of something else.
    package func claim() -> LedgerClaim? {
        // Nothing is made beside what cannot be a ledger.
        guard (try? files.assertRegular()) != nil else { return nil }
        return try? LedgerClaim.take(files)
    }

    /// Takes the right to write and waits for it within the budget; nil when it cannot be had.
    ///
    /// With it a caller may read what the ledger has and append what follows from that.
    package func claimWaiting() -> LedgerClaim? {
        guard (try? files.assertRegular()) != nil else { return nil }
        return try? LedgerClaim.wait(
            files, until: Deadline(milliseconds: settings.budgetMilliseconds))
    }

    /// Appends events in one commit, after what waits in the spool; what cannot be appended within
    /// the budget is spooled.
    ///
    /// Appending is idempotent by the events' ids.
    ///
    /// - Parameters:
    ///   - lines: the events, in their order.
    ///   - claim: the right to write, when the caller has it already.
    ///   - sweep: what to close first.
    ///   - budget: how long this may take, at most the budget of the settings.
    package func record(
        _ lines: [EventEnvelope], holding claim: consuming LedgerClaim? = nil, sweep: Sweep? = nil,
        budgetMilliseconds budget: Int? = nil
    ) -> RecordResult {
        let entry = AppendBatch(lines, sweep: sweep)
        let deadline = deadline(budget)
        do throws(LedgerError) {
            // A entry that is there is not given up.
            if let result = try append({ entry }, claim, deadline) { return result }
            throw .busy(path: files.path)
        } catch {
            return keep(entry, because: error, until: deadline)
        }
    }

    /// Opens the ledger and appends what is known only then; nil when it does not get known.
    ///
    /// - Parameters:
    ///   - claim: the right to write; nobody else has it until this returns.
    ///   - entry: asked when the ledger is open, perhaps more than once; nil gives up.
    package func record(
        holding claim: consuming LedgerClaim, budgetMilliseconds budget: Int? = nil,
        awaiting entry: () -> AppendBatch?
    ) -> RecordResult? {
        let deadline = deadline(budget)
        do throws(LedgerError) {
            return try append(entry, claim, deadline)
        } catch {
            return entry().map { keep($0, because: error, until: deadline) }
        }
    }

    /// Brings a ledger of an earlier version to the schema of this program, within the budget, for
    /// whoever reads it before the first append does; any other one is left as it is.
    package func bringUpToDate() {
        do throws(LedgerError) {
            _ = try LedgerReader(path: files.path, busyTimeoutMilliseconds: 500)
        } catch {
            // Where it fails the reader says why it cannot read.
            guard case .olderSchema = error else { return }
            _ = try? append({ AppendBatch([]) }, nil, deadline(nil))
        }
    }

    /// Sets the ledger aside, for whoever has found out that it is damaged, and begins the next one.
    package func setAside(because reason: String) throws(LedgerError) -> RecordResult {
        let claim = try hold(nil, until: Deadline(milliseconds: settings.budgetMilliseconds))
        let quarantine = Quarantine(files: files, spool: spool, mark: claim.mark)
        guard try quarantine.setAside(because: reason, wasLedger: true) != nil else {
            throw .notALedger(path: files.path)
        }
        return record([], holding: claim)
    }

    /// What writing to a spool takes, in µs: it belongs to the budget.
    private static let spoolTime: Int64 = 25_000

    private func deadline(_ budget: Int?) -> Deadline {
        let whole = settings.budgetMilliseconds
        return Deadline(milliseconds: min(budget ?? whole, whole))
    }

    private func append(
        _ entry: () -> AppendBatch?, _ claim: consuming LedgerClaim?, _ deadline: Deadline
    ) throws(LedgerError) -> RecordResult? {
        try files.assertTrusted()
        try files.assertRegular()
        let held = try hold(claim, until: deadline)
        // Somebody may have been faster to make the directory.
        try files.assertTrusted()
        var append = AppendAttempt(
            files: files, spool: spool, deadline: deadline.leaving(Self.spoolTime),
            mark: held.mark)
        let result = try append.run(entry)
        // Only now may the next one start.
        _ = consume held
        return result
    }

    func hold(
        _ claim: consuming LedgerClaim?, until deadline: Deadline
    ) throws(LedgerError) -> LedgerClaim {
        if let claim { return claim }
        let won: LedgerClaim?
        do throws(SystemError) {
            won = try LedgerClaim.wait(files, until: deadline.leaving(Self.spoolTime))
        } catch {
            throw .unusable(path: files.path, reason: files.explain(error))
        }
        if let won { return won }
        throw .busy(path: files.path)
    }

    /// Puts events into a spool that cannot reach the ledger, the caller's own first.
    ///
    /// What the dead have left is safe in their tickets and copied as far as there is time.
    private func keep(
        _ entry: AppendBatch, because error: LedgerError, until deadline: Deadline
    ) -> RecordResult {
        let result: RecordResult
        do throws(SystemError) {
            result = .spooled(
                directory: try spool.store(entry.lines), reason: error.cause)
        } catch {
            let reason = files.explain(error)
            let lines = entry.lines.flatMap { $0.text.split(separator: "\n") }
            return SystemLog.write(lines.map { "deploy-ledger event: \($0)" })
                ? .syslog(reason: reason) : .lost(entry.lines, reason: reason)
        }
        let isInTime = { deadline.remainingMicroseconds > Self.spoolTime }
        if let sweep = entry.sweep, isInTime() {
            spool.keep(
                sweep.leftovers().pending, atMost: Self.mostOfOthers, while: isInTime)
        }
        return result
    }

    /// How many events of others one deployment copies at a time.
    private static let mostOfOthers = 6
}
