import HTTPTypes
import Hummingbird
import Ledger
import Queries

/// Who is let in.
struct Gate: Sendable {
    /// Whom a request is from.
    struct Admission: Hashable, Sendable {
        /// What it was let in with.
        let token: AccessToken
        /// When it ends; nil for never.
        let ends: Instant?
        /// Of a browser that is logged in.
        var session: Session?
    }

    let tokens: TokenStore
    let desk: LoginDesk
    let logouts: Logouts
    /// The name of the cookie: two servers on one host have one each.
    let cookie: String

    /// - Parameter start: when the server began.
    init(_ options: DashboardOptions, tokens: TokenStore, logouts: Logouts, start: Instant) {
        self.logouts = logouts
        self.tokens = tokens
        desk = LoginDesk(start: start, linkLifetimeUs: options.limits.linkUs)
        let place = AccessToken.digest("\(options.tokenFile)\n\(options.basePath)")
        cookie = "deploy-dashboard-\(Hexadecimal.encode(place.prefix(4)))"
    }

    /// Whom a request is from; nil for nobody in particular.
    func admission(of request: Request, now: Instant) -> Admission? {
        if let secret = Self.bearer(request.headers) {
            return tokens.token(secret: secret, now: now).map {
                Admission(token: $0, ends: $0.expires)
            }
        }
        guard let session = session(of: request, now: now),
            let token = tokens.token(named: session.token, now: now)
        else { return nil }
        return Admission(token: token, ends: session.ends, session: session)
    }

    /// The session of a browser; nil when it is not logged in.
    func session(of request: Request, now: Instant) -> Session? {
        guard let text = request.cookies[cookie]?.value,
            let session = Session(cookie: text, tokens, run: logouts.run, now: now),
            !logouts.contains(session)
        else { return nil }
        return session
    }

    /// Whether somebody who was let in would be again: streams ask it from time to time.
    func stillAdmits(_ admission: Admission, now: Instant) -> Bool {
        admission.ends.map { now < $0 } ?? true
            && tokens.token(named: admission.token.name, now: now) == admission.token
            && admission.session.map { !logouts.contains($0) } ?? true
    }

    /// The secret of an `Authorization` field, RFC 6750.
    private static func bearer(_ fields: HTTPFields) -> String? {
        guard let field = fields[.authorization] else { return nil }
        let words = field.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
        return String(words[1])
    }
}
