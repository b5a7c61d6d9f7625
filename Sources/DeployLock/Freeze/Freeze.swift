import FoundationEssentials
package import JSON

/// A time in which no deployment may start under a lock: who said so, why, until when.
///
/// Its file beside the lock is one JSON object; `docs/freeze.md` describes it.
package struct Freeze: Decodable, Hashable, Sendable {
    /// The freeze's id, which its events in the ledger have, too.
    package var id: String
    /// Why, in the person's words.
    package var reason: String
    /// Who froze deployments, for people, such as `ann via deploy`.
    package var by: String
    /// The user whose process wrote the file.
    package var user: String
    /// When it was made, wall clock in UTC µs.
    package var fromUs: Int64
    /// The first moment after it, wall clock in UTC µs.
    package var untilUs: Int64
    /// The boot it was made in.
    package var bootID: String?
    /// When a person ended it whose user may not remove the file, wall clock in UTC µs.
    package var endedAtUs: Int64?

    /// A freeze of which the file is not written yet.
    package init(
        id: String, reason: String, by: String, user: String, fromUs: Int64, untilUs: Int64,
        bootID: String?
    ) {
        self.id = id
        self.reason = reason
        self.by = by
        self.user = user
        self.fromUs = fromUs
        self.untilUs = untilUs
        self.bootID = bootID
    }

    /// Whether deployments are frozen by it at a moment, wall clock in UTC µs.
    ///
    /// Its beginning does not count: a clock that was set back prolongs a freeze and lifts none.
    package func isInForce(at now: Int64) -> Bool { endedAtUs == nil && now < untilUs }

    /// Reads the JSON form in any order of members.
    ///
    /// - Throws: `RecordFlaw`, or the decoder's own error, for what is no freeze.
    init(parsing bytes: [UInt8]) throws {
        if let members = CanonicalMembers(bytes) {
            self.init()
            try read(members)
        } else {
            self = try JSONDecoder().decode(Self.self, from: Data(bytes))
        }
    }

    /// Reads any JSON form.
    package init(from decoder: any Decoder) throws {
        self.init()
        try read(decoder)
    }

    private init() {
        self.init(id: "", reason: "", by: "", user: "", fromUs: 0, untilUs: 0, bootID: nil)
    }
}

extension Freeze: RecordFields {
    /// All members, in the order of their keys.
    package mutating func visit<Visitor: MemberVisitor>(_ visitor: inout Visitor) {
        visitor.visit("boot_id", &bootID)
        visitor.require("by", &by)
        visitor.visit("ended_at_us", &endedAtUs)
        visitor.require("from_us", &fromUs)
        visitor.require("id", &id)
        visitor.require("reason", &reason)
        visitor.require("until_us", &untilUs)
        visitor.require("user", &user)
    }
}
