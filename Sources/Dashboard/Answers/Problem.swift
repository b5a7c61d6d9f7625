import HTTPTypes
import JSON

/// What keeps a request from the answer it asked for, in words for people and for programs.
struct Problem: Error, Sendable {
    let kind: Kind
    var status: HTTPResponse.Status
    /// What is wrong this time, and what to do.
    let detail: String
    /// Fields that the answer needs besides.
    var headers: HTTPFields

    init(_ kind: Kind, _ detail: String, headers: HTTPFields = [:]) {
        self.kind = kind
        status = kind.status
        self.detail = detail
        self.headers = headers
    }

    /// As RFC 9457 has it.
    ///
    /// - Parameter instance: the path that was asked for.
    func json(instance: String) -> JSONValue {
        .object([
            ("type", .string("docs/dashboard.md#\(kind.rawValue)")),
            ("title", .string(kind.title)),
            ("status", .integer(Int64(status.code))),
            ("detail", .string(detail)),
            ("instance", .string(instance)),
        ])
    }
}

extension Problem {
    /// Something in the request that cannot be meant.
    static func badRequest(_ detail: String) -> Problem { Problem(.badRequest, detail) }

    /// Nothing has that address, or that name.
    static func notFound(_ detail: String) -> Problem { Problem(.notFound, detail) }

    /// Something is there, and it is not asked for that way.
    static func methodNotAllowed(_ method: String, allowed: [String]) -> Problem {
        let list = allowed.joined(separator: ", ")
        return Problem(
            .methodNotAllowed, "\(method) is not possible here, only \(list)",
            headers: [.allow: list])
    }

    /// Nobody in particular asks, or somebody who may not.
    static let unauthorized = Problem(
        .unauthorized,
        "send a valid token as 'Authorization: Bearer TOKEN', or log in with a browser",
        headers: [.wwwAuthenticate: "Bearer realm=\"deploy-dashboard\""])

    /// A request from a page that is not ours.
    static func forbidden(_ detail: String) -> Problem { Problem(.forbidden, detail) }

    /// A name in the `Host` field that this server does not go by.
    static let misdirected = Problem(
        .misdirectedRequest,
        "the name in the Host field is not one of this server's: add it with --allowed-host")

    /// Too many tries.
    ///
    /// - Parameter retryAfter: seconds.
    static func tooMany(_ detail: String, retryAfter: Int) -> Problem {
        Problem(.tooManyRequests, detail, headers: [.retryAfter: String(retryAfter)])
    }

    /// Something cannot be read now.
    ///
    /// - Parameter retryAfter: seconds; nil when nobody knows.
    static func unavailable(_ detail: String, retryAfter: Int? = nil) -> Problem {
        Problem(
            .unavailable, detail, headers: retryAfter.map { [.retryAfter: String($0)] } ?? [:])
    }

    /// A mistake of ours; the log says which.
    static let internalError = Problem(
        .internalError, "the server made a mistake; its log says which")
}
