/// The newest deployment of a lock that a rollback can go back to.
package struct LastGood: Hashable, Sendable {
    package let id: EventID
    package let number: Int64?
    package let sha: String?
    package let ref: String?
    package let tier: String?
    package let endedAtUs: Int64?
}
extension LedgerReader {
    package func lastGood(host: String, lock: String, tier: String?) throws -> LastGood? { nil }
}
