import Queries
import SystemCalls

/// A region of a page that is fetched on its own.
enum Part: String, CaseIterable, Sendable {
    case lock, queue, recent, metrics, alerts
}

/// The newest that is known of ledger and locks.
struct Now: Sendable {
    /// When it was looked last.
    var at: Instant
    /// The ledger.
    var ledger: LedgerLook
    /// Locks, queues and spool.
    var sight: Sight
    /// Rises when locks, queues or spool look different; never the same in two runs of the server.
    var look: Int64
    /// What `look` was, or would have become, when a part changed last.
    var parts: [Part: Int64]

    /// Names this state in tags of entities and ids of events: whatever is made of ledger and locks
    /// alone is the same for the same version.
    var version: String { "\(ledgerVersion)-\(look)" }

    /// Names what is in the ledger, also over a restart of the server.
    var ledgerVersion: String { "\(ledger.ledger ?? "none")-\(ledger.seq)" }

    /// The parts that changed since another state, in the order of a page.
    func changes(since other: [Part: Int64]) -> [Part] {
        Part.allCases.filter { parts[$0] != other[$0] }
    }

    /// Takes over what was seen.
    ///
    /// - Returns: whether anything is different.
    mutating func update(_ ledger: LedgerLook, _ sight: Sight) -> Bool {
        at = Instant(microseconds: Clock.wallMicroseconds())
        var changed: Set<Part> = []
        if ledger != self.ledger { changed.formUnion([.recent, .metrics, .alerts]) }
        if sight.locks != self.sight.locks { changed.formUnion([.lock, .queue, .alerts]) }
        if sight.queues != self.sight.queues { changed.formUnion([.lock, .queue, .alerts]) }
        if sight.spool != self.sight.spool { changed.insert(.alerts) }
        if changed.isEmpty { return false }
        look += 1
        for part in changed { parts[part] = look }
        self.ledger = ledger
        self.sight = sight
        return true
    }
}
