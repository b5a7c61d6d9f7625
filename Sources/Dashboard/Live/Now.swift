import Ledger
import Queries
import Status

/// A region of a page that is fetched on its own.
enum Part: String, CaseIterable, Sendable {
    case lock, queue, recent, metrics, alerts
}

/// The newest that is known of ledger and locks.
struct Now: Sendable {
    /// What is the case.
    private(set) var situation: Situation
    /// Rises when anything of it looks different; never the same in two runs of the server.
    private(set) var look: Int64
    /// What `look` was when a part changed last.
    private(set) var parts: [Part: Int64]

    /// - Parameter first: unlike every number that an earlier run of the server came to.
    init(_ situation: Situation, first: Int64) {
        self.situation = situation
        look = first
        parts = Dictionary(uniqueKeysWithValues: Part.allCases.map { ($0, first) })
    }

    /// Whether the ledger can be read.
    var isReadable: Bool { situation.head != nil }

    /// The place of the newest event; 0 when there is none.
    var seq: Int64 { situation.head?.seq ?? 0 }

    /// Names the ledger: the beginning of its random id in hexadecimal.
    var ledger: String { LedgerName.short(situation.ledger.id) }

    /// Names this state in tags of entities and ids of events: what is made of ledger and locks alone
    /// is the same for the same version.
    var version: String { "\(ledgerVersion)-\(look)" }

    /// Names what is in the ledger, the same also after a restart of the server.
    var ledgerVersion: String { "\(ledger)-\(seq)" }

    /// The parts that changed since another state, in the order of a page.
    func changes(since other: [Part: Int64]) -> [Part] {
        Part.allCases.filter { parts[$0] != other[$0] }
    }

    /// Takes over what was seen.
    ///
    /// - Parameter isLater: whether so much time went by that the window of the metrics has moved.
    /// - Returns: whether anything looks different.
    mutating func update(_ newer: Situation, isLater: Bool) -> Bool {
        var changed: Set<Part> = isLater ? [.metrics] : []
        let before = situation
        situation = newer
        if (before.ledger.id, before.head, before.ledgerProblem)
            != (newer.ledger.id, newer.head, newer.ledgerProblem)
        {
            // The lock's part shows its last deployment, too.
            changed.formUnion(Part.allCases)
        }
        // Metrics and alerts may follow later where much is going on.
        if before.ledger.recordedHead != newer.ledger.recordedHead {
            changed.formUnion([.metrics, .alerts])
        }
        if before.look.fingerprint != newer.look.fingerprint {
            changed.formUnion([.lock, .queue, .alerts])
        }
        if before.fingerprint != newer.fingerprint { changed.formUnion([.lock, .alerts]) }
        if changed.isEmpty { return false }
        look += 1
        for part in changed { parts[part] = look }
        return true
    }
}

/// How a ledger is named where its whole id says no more.
enum LedgerName {
    /// The beginning of an id; `none` where there is none.
    static func short(_ id: String?) -> String { id.map { String($0.prefix(16)) } ?? "none" }
}
