import CommandSupport
import DeployLock
import Ledger

/// How a deployment ended that covers another one.
enum CoveredEnd: Sendable {
    /// It had the lock until its command, its check and its rollback were through.
    case ran(Conclusion)
    /// The lock was taken from it; the code is its command's.
    case forced(code: CInt)
    /// It stepped aside itself.
    case steppedAside(EventID, number: Int64)
    /// It ended without having run anything, in this way.
    case notRun(String)
    /// Nobody has written how.
    case unknown

    /// What the last words in its ticket tell.
    init(_ text: TicketText, of id: EventID) {
        let events = text.entries.compactMap { EventEnvelope(text: $0)?.event }
            .filter { $0.deployment == id }
        // Killed, it lets go of its ticket without a word.
        let hasRun = text.facts?.acquiredAtUs != nil
        self = Self(events) ?? (hasRun ? .unknown : .notRun("died while it waited"))
    }

    /// What the ledger tells of one that is gone from the queue already.
    init(inLedger path: String, _ id: EventID) {
        let reader = try? LedgerReader(path: path, busyTimeoutMilliseconds: 2000)
        self = (try? reader?.events(of: id)).flatMap { Self($0) } ?? .unknown
    }

    /// The last event that tells of an end.
    private init?(_ events: [Event]) {
        guard let end = events.reversed().lazy.compactMap({ Self($0) }).first else { return nil }
        self = end
    }

    /// Nil for an event that ends nothing.
    private init?(_ event: Event) {
        switch event.kind {
        case .released:
            let conclusion = Conclusion(released: event)
            self = event.outcome == nil ? .forced(code: conclusion.code) : .ran(conclusion)
        case .forcedUnlock where event.outcome != nil: self = .forced(code: 0)
        case .superseded:
            guard let next = event.coveredBy, let number = event.coveredByNumber else { return nil }
            self = .steppedAside(next, number: number)
        case .cancelled:
            let why = event.reason.map { " (\($0))" } ?? ""
            self = .notRun("was cancelled\(why)")
        case .timedOut: self = .notRun("gave up waiting")
        case .refused, .skipped: self = .notRun("was \(event.kind.rawValue)")
        default: return nil
        }
    }
}
