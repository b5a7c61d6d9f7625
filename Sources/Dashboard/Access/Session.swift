import Queries

/// A browser that is logged in, as its cookie has it: `NAME:END:SEAL`, the end in seconds since 1970.
struct Session: Hashable, Sendable {
    let token: String
    let ends: Instant
    /// What the cookie has.
    let text: String

    /// A new one, which does not outlive its token.
    ///
    /// - Parameter run: in which runs of the server it is good, see `Logouts`.
    init(for token: AccessToken, run: String, now: Instant, lifetimeUs: Int64) {
        let end = min(now.adding(microseconds: lifetimeUs), token.expires ?? .distant)
        let seconds = end.microseconds / 1_000_000
        let claim = "\(token.name):\(seconds)"
        self.init(
            token: token.name, seconds: seconds,
            text: "\(claim):\(Seal.make(.session, Self.sealed(claim, run), for: token))")
    }

    /// The one of a cookie; nil when it is none, ended, or its token is not valid any longer.
    init?(cookie text: String, _ tokens: TokenStore, run: String, now: Instant) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let seconds = Int64(parts[1]), seconds < Self.mostSeconds,
            let token = tokens.token(named: String(parts[0]), now: now),
            Seal.isValid(
                parts[2], .session, Self.sealed("\(parts[0]):\(parts[1])", run), for: token)
        else { return nil }
        self.init(token: token.name, seconds: seconds, text: text)
        if ends <= now { return nil }
    }

    private init(token: String, seconds: Int64, text: String) {
        self.token = token
        ends = Instant(microseconds: seconds * 1_000_000)
        self.text = text
    }

    private static func sealed(_ claim: String, _ run: String) -> String { "\(claim) \(run)" }

    private static let mostSeconds: Int64 = 1 << 40
}
