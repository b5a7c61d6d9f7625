/// How a ledger came to begin with the append that made it.
public enum LedgerBeginning: Hashable, Sendable {
    /// Nothing was at its path.
    case new(path: String)
    /// The one before was damaged and set aside under another name.
    case setAside(path: String, as: String, reason: String)
    /// There had been one, and its file is gone.
    case gone(path: String)

    /// What to tell people.
    public var words: String {
        switch self {
        case .new(let path): "a new ledger begins: \(path)"
        case .setAside(let path, let aside, let reason):
            "the ledger \(path) was damaged (\(reason)) and set aside as \(aside); a new one "
                + "begins. Bring its events back with 'deploystats recover'"
        case .gone(let path):
            "the ledger \(path) is gone, a new one begins; bring a backup back, or settle it with "
                + "'deploystats recover --dismiss REASON'"
        }
    }
}

/// That a ledger began anew although one was there before, until a person settles it.
public struct LedgerInterruption: Hashable, Sendable {
    /// How a person settled it, as the event's `result` has it.
    public enum Settlement: String, Sendable {
        /// What could be read of the old ledger is in this one.
        case recovered
        /// The person decided to do without.
        case dismissed
    }

    /// The event that tells of it.
    public let seq: Int64
    /// When that was, wall clock in µs.
    public let atUs: Int64
    /// The ledger that was set aside; nil when its file was gone.
    public let file: String?
    /// Its newest event as `seq:hash`, when that could be read.
    public let head: String?
    /// What was wrong.
    public let reason: String

    /// In one sentence, with what to do.
    public var words: String {
        let what = file.map { "\($0) was set aside (\(reason))" } ?? "its file was gone"
        let events =
            head.flatMap { $0.split(separator: ":").first }.map { ", with \($0) events," } ?? ""
        return
            "the ledger began anew after \(what): what was there before\(events) is missing here; "
            + (file == nil
                ? "settle it with 'deploystats recover --dismiss REASON'"
                : "bring it back with 'deploystats recover'")
    }

    /// What is not settled in the order of the events.
    static func unsettled(_ events: [(seq: Int64, event: Event)]) -> [LedgerInterruption] {
        var open: [LedgerInterruption] = []
        for (seq, event) in events {
            if event.result.flatMap(Settlement.init) != nil {
                open.removeAll { $0.file == event.previousFile }
            } else {
                open.append(
                    LedgerInterruption(
                        seq: seq, atUs: event.atUs, file: event.previousFile,
                        head: event.previousHead, reason: event.reason ?? "unknown"))
            }
        }
        return open
    }
}

extension Event {
    /// That a person settled an interruption.
    public static func settlement(
        _ settlement: LedgerInterruption.Settlement, of file: String?, reason: String
    ) -> Event {
        var event = Event(.continued)
        event.previousFile = file
        event.result = settlement.rawValue
        event.reason = EventDetail.outside(reason)
        return event
    }
}
