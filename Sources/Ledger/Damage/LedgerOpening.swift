/// What a ledger begins with that has no events yet.
struct LedgerOpening {
    /// What people are told of it; nil when somebody was told before.
    let told: LedgerBeginning?
    /// The event that it has to begin with; nil when there is none, or it waits in the spool.
    let link: EventEnvelope?

    /// Nil for a ledger that has begun.
    ///
    /// - Parameters:
    ///   - link: what a ledger that was set aside just now left.
    ///   - mark: what is known of a ledger that was here before.
    ///   - isNew: whether the database was made just now.
    init?(_ head: Head, _ link: EventEnvelope?, mark: LedgerMark, isNew: Bool, _ spool: Spool) {
        guard head.seq == 0 else { return nil }
        let path = spool.files.path
        // One that was set aside by a run that was killed then says so in the spool.
        if let event = (link ?? Self.waiting(in: spool))?.event, let aside = event.previousFile {
            told = .setAside(path: path, as: aside, reason: event.reason ?? "unknown")
            self.link = link
        } else if mark.newest != nil {
            var event = Event(.continued)
            event.reason = "its file was gone"
            event.previousHead = mark.newest?.description
            event.previousLedger = mark.identity.map(Hexadecimal.encode)
            told = .gone(path: path)
            self.link = EventEnvelope(event)
        } else {
            told = isNew ? .new(path: path) : nil
            self.link = nil
        }
    }

    /// What is said of a ledger that is not what was noted of it.
    ///
    /// - Parameter aside: what its log was copied or set aside as.
    init(_ loss: LedgerLoss, _ aside: String?, _ path: String) {
        var event = Event(.continued)
        event.previousFile = aside
        event.previousHead = loss.newest.description
        event.previousLedger = Hexadecimal.encode(loss.identity)
        event.reason = loss.words
        told = .lost(path: path, reason: loss.words, as: aside)
        link = EventEnvelope(event)
    }

    private static func waiting(in spool: Spool) -> EventEnvelope? {
        for file in spool.waiting() where file.isLink {
            if case .line(let line) = spool.read(file), Quarantine.isTrue(line) { return line }
        }
        return nil
    }
}
