import HTTPTypes
import Hummingbird
import Queries

/// Who is let in.
struct Gate: Sendable {
    /// Whom a request is from.
    struct Admission: Hashable, Sendable {
        /// The name of the token.
        let token: String
        /// When it ends; nil for never.
        let ends: Instant?
    }

    let tokens: TokenStore

    /// Whom a request is from; nil for nobody in particular.
    func admission(of request: Request, now: Instant) -> Admission? {
        guard let secret = Self.bearer(request.headers) else { return nil }
        return tokens.token(secret: secret, now: now).map {
            Admission(token: $0.name, ends: $0.expires)
        }
    }

    /// The secret of an `Authorization` field, RFC 6750.
    private static func bearer(_ fields: HTTPFields) -> String? {
        guard let field = fields[.authorization] else { return nil }
        let words = field.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
        return String(words[1])
    }
}
