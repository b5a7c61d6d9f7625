/// Who acts, in words.
package enum Actor {
    /// The person that somebody claims to act for before who it really is: `ann via deploy`.
    ///
    /// The columns `shown_actor` of the ledger say it in the same way.
    package static func text(_ actor: String, claimed: String?) -> String {
        guard let claimed, claimed != actor else { return actor }
        return "\(claimed) via \(actor)"
    }
}
