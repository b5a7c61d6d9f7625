import HTTPTypes
import Hummingbird

/// One address the server answers, and who may ask.
struct Route: Sendable {
    /// Who may ask.
    enum Access: Sendable {
        /// Everybody whom the `Host` field lets in.
        case everybody
        /// Everybody, where badges are public.
        case badge
        /// Whoever has a token.
        case token
    }

    typealias Handler = @Sendable (Request, DashboardContext) async throws -> Response

    let method: HTTPRequest.Method
    /// Below the base path; `{name}` stands for one segment.
    let path: String
    let access: Access
    let respond: Handler

    /// A page, picture or document.
    static func get(
        _ path: String, access: Access = .token, _ respond: @escaping Handler
    ) -> Route {
        Route(method: .get, path: path, access: access, respond: respond)
    }

    /// Login and logout alone.
    static func post(
        _ path: String, access: Access, _ respond: @escaping Handler
    ) -> Route {
        Route(method: .post, path: path, access: access, respond: respond)
    }
}
