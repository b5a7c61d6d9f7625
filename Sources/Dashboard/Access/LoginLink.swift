import Ledger
package import Queries
import SystemCalls

/// A login that works once, as its address has it: `NAME:START:NONCE:SEAL`, the start in
/// microseconds since 1970.
package struct LoginLink: Hashable, Sendable {
    /// What stands in the address.
    package let text: String
    let token: String
    let made: Instant
    /// What distinguishes it from all others.
    let nonce: String

    /// A new one that logs in as if with a token.
    package init(for token: AccessToken, now: Instant) {
        let nonce = Hexadecimal.encode(Machine.randomBytes(16))
        let claim = "\(token.name):\(now.microseconds):\(nonce)"
        text = "\(claim):\(Seal.make(.link, claim, for: token))"
        (self.token, made, self.nonce) = (token.name, now, nonce)
    }

    /// Nil when nobody who may made it.
    init?(_ text: String, _ tokens: TokenStore, now: Instant) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, let made = Int64(parts[1]),
            let token = tokens.token(named: parts[0], now: now),
            Seal.isValid(parts[3], .link, parts.dropLast().joined(separator: ":"), for: token)
        else { return nil }
        self.text = text
        self.token = token.name
        self.made = Instant(microseconds: made)
        nonce = parts[2]
    }
}
