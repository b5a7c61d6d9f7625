/// How a ledger came to begin with the append that made it.
package enum LedgerBeginning: Hashable, Sendable {
    /// Nothing was at its path.
    case new(path: String)
    /// The one before was damaged and set aside under another name.
    case setAside(path: String, as: String, reason: String)
    /// There had been one, and its file is gone.
    case gone(path: String)
    /// It has lost events, or is another one than before; its log was set aside under another name,
    /// if there was one.
    case lost(path: String, reason: String, as: String?)

    /// What to tell people.
    package var words: String {
        switch self {
        case .new(let path): "a new ledger begins: \(path)"
        case .setAside(let path, let aside, let reason):
            "the ledger \(path) was damaged (\(reason)) and set aside as \(aside); a new one "
                + "begins. Bring its events back with 'deploystats recover'"
        case .gone(let path):
            "the ledger \(path) is gone, a new one begins; bring a backup back, or settle it with "
                + "'deploystats recover --dismiss REASON'"
        case .lost(let path, let reason, let aside):
            "the ledger \(path) has lost events: \(reason); "
                + (aside == nil
                    ? "bring a backup back, or settle it with 'deploystats recover --dismiss REASON'"
                    : "bring back what can be read with 'deploystats recover'")
        }
    }
}

/// That a ledger started over although one was there before, until a person settles it.
package struct LedgerInterruption: Hashable, Sendable {
    /// How a person settled it, as the event's `result` has it.
    package enum Settlement: String, Sendable {
        /// What could be read of the old ledger is in this one.
        case recovered
        /// The person decided to do without.
        case dismissed
    }

    /// The event that tells of it.
    package let seq: Int64
    /// Its id.
    let id: EventID
    /// When that was, wall clock in µs.
    package let atUs: Int64
    /// The ledger that was set aside; nil when its file was gone.
    package let file: String?
    /// Its newest event as `seq:hash`, when that could be read.
    package let head: String?
    /// Its random id in hexadecimal, when that was known.
    let ledger: String?
    /// What was wrong.
    package let reason: String

    /// In one sentence, with what to do.
    package var words: String {
        let settling =
            (file == nil
                ? "settle it with 'deploystats recover --dismiss REASON'"
                : "bring it back with 'deploystats recover'")
        // A ledger that starts over begins with that.
        if seq > 1 { return "the ledger has lost events: \(reason); \(settling)" }
        let what = file.map { "\($0) was set aside (\(reason))" } ?? reason
        let events =
            head.flatMap { $0.split(separator: ":").first }.map { ", with \($0) events," } ?? ""
        return
            "the ledger was started over after \(what): what was there before\(events) is missing here; "
            + settling
    }

    /// What is not settled in the order of the events.
    static func unsettled(_ events: [(seq: Int64, event: Event)]) -> [LedgerInterruption] {
        var open: [LedgerInterruption] = []
        for (seq, event) in events {
            if event.result.flatMap(Settlement.init) != nil {
                open.removeAll { $0.id == event.settles }
            } else {
                open.append(
                    LedgerInterruption(
                        seq: seq, id: event.id, atUs: event.atUs, file: event.previousFile,
                        head: event.previousHead, ledger: event.previousLedger,
                        reason: event.reason ?? "unknown"))
            }
        }
        return open
    }
}

extension Event {
    /// That a person settled an interruption.
    package static func settlement(
        _ settlement: LedgerInterruption.Settlement, of interruption: LedgerInterruption,
        reason: String
    ) -> Event {
        var event = Event(.continued)
        event.previousFile = interruption.file
        event.settles = interruption.id
        event.result = settlement.rawValue
        event.reason = EventDetail.outside(reason)
        return event
    }
}
