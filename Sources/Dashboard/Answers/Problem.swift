import HTTPTypes
import JSON

/// What keeps a request from the answer it asked for, in words for people and for programs.
struct Problem: Error, Sendable {
    let status: HTTPResponse.Status
    /// What kind it is: the anchor in `docs/dashboard.md`, such as `not-found`.
    let type: String
    /// The same for each of a kind.
    let title: String
    /// What is wrong this time, and what to do.
    let detail: String
    /// Fields that the answer needs besides.
    var headers: HTTPFields = [:]

    /// As RFC 9457 has it.
    ///
    /// - Parameter instance: the path that was asked for.
    func json(instance: String) -> JSONValue {
        .object([
            ("type", .string("docs/dashboard.md#\(type)")),
            ("title", .string(title)),
            ("status", .integer(Int64(status.code))),
            ("detail", .string(detail)),
            ("instance", .string(instance)),
        ])
    }
}

extension Problem {
    /// Something in the request that cannot be meant.
    static func badRequest(_ detail: String) -> Problem {
        Problem(status: .badRequest, type: "bad-request", title: "Bad request", detail: detail)
    }

    /// Nothing has that address, or that name.
    static func notFound(_ detail: String) -> Problem {
        Problem(status: .notFound, type: "not-found", title: "Not found", detail: detail)
    }

    /// Something is there, and it is not asked for that way.
    static func methodNotAllowed(_ method: String, allowed: [String]) -> Problem {
        let list = allowed.joined(separator: ", ")
        return Problem(
            status: .methodNotAllowed, type: "method-not-allowed", title: "Method not allowed",
            detail: "\(method) is not possible here, only \(list)", headers: [.allow: list])
    }

    /// Nobody in particular asks, or somebody who may not.
    static let unauthorized = Problem(
        status: .unauthorized, type: "unauthorized", title: "Login required",
        detail: "send a valid token as 'Authorization: Bearer TOKEN', or log in with a browser",
        headers: [.wwwAuthenticate: "Bearer realm=\"deploy-dashboard\""])

    /// A request from a page that is not ours.
    static func forbidden(_ detail: String) -> Problem {
        Problem(status: .forbidden, type: "forbidden", title: "Forbidden", detail: detail)
    }

    /// A name in the `Host` field that this server does not go by.
    static let misdirected = Problem(
        status: .misdirectedRequest, type: "misdirected-request", title: "Misdirected request",
        detail: "this server does not go by the name in the Host field: "
            + "start it with --allowed-host to add one")

    /// Too many tries.
    ///
    /// - Parameter retryAfter: seconds.
    static func tooMany(_ detail: String, retryAfter: Int) -> Problem {
        Problem(
            status: .tooManyRequests, type: "too-many-requests", title: "Too many requests",
            detail: detail, headers: [.retryAfter: String(retryAfter)])
    }

    /// Something cannot be read now.
    ///
    /// - Parameter retryAfter: seconds; nil when nobody knows.
    static func unavailable(_ detail: String, retryAfter: Int? = nil) -> Problem {
        Problem(
            status: .serviceUnavailable, type: "unavailable", title: "Unavailable", detail: detail,
            headers: retryAfter.map { [.retryAfter: String($0)] } ?? [:])
    }

    /// A mistake of ours; the log says which.
    static let internalError = Problem(
        status: .internalServerError, type: "internal-error", title: "Internal error",
        detail: "the server made a mistake; its log says which")
}
