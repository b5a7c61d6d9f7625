import HTTPTypes

extension Problem {
    /// What kind a problem is; `docs/dashboard.md` has a section for each, with this as its anchor.
    enum Kind: String, CaseIterable, Sendable {
        case badRequest = "bad-request"
        case unauthorized
        case forbidden
        case notFound = "not-found"
        case methodNotAllowed = "method-not-allowed"
        case ambiguous
        case contentTooLarge = "content-too-large"
        case unsupportedMediaType = "unsupported-media-type"
        case misdirectedRequest = "misdirected-request"
        case tooManyRequests = "too-many-requests"
        case tooLarge = "too-large"
        case tooLong = "too-long"
        case unavailable
        case internalError = "internal-error"

        /// What it is called.
        var title: String {
            switch self {
            case .badRequest: "Bad request"
            case .unauthorized: "Login required"
            case .forbidden: "Forbidden"
            case .notFound: "Not found"
            case .methodNotAllowed: "Method not allowed"
            case .ambiguous: "Ambiguous name"
            case .contentTooLarge: "Content too large"
            case .unsupportedMediaType: "Unsupported media type"
            case .misdirectedRequest: "Misdirected request"
            case .tooManyRequests: "Too many requests"
            case .tooLarge: "Answer too large"
            case .tooLong: "Answer took too long"
            case .unavailable: "Unavailable"
            case .internalError: "Internal error"
            }
        }

        /// What it is answered with.
        var status: HTTPResponse.Status {
            switch self {
            case .badRequest: .badRequest
            case .unauthorized: .unauthorized
            case .forbidden: .forbidden
            case .notFound: .notFound
            case .methodNotAllowed: .methodNotAllowed
            case .ambiguous: .conflict
            case .contentTooLarge, .tooLarge: .contentTooLarge
            case .unsupportedMediaType: .unsupportedMediaType
            case .misdirectedRequest: .misdirectedRequest
            case .tooManyRequests: .tooManyRequests
            case .tooLong, .unavailable: .serviceUnavailable
            case .internalError: .internalServerError
            }
        }
    }
}
