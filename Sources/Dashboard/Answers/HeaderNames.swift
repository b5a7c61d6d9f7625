import HTTPTypes

extension HTTPField.Name {
    /// For nginx: hands each piece of a stream on at once.
    static let accelBuffering = named("X-Accel-Buffering")
    static let crossOriginOpenerPolicy = named("Cross-Origin-Opener-Policy")
    static let crossOriginResourcePolicy = named("Cross-Origin-Resource-Policy")
    static let forwardedFor = named("X-Forwarded-For")
    static let forwardedHost = named("X-Forwarded-Host")
    static let forwardedProto = named("X-Forwarded-Proto")
    static let frameOptions = named("X-Frame-Options")
    static let host = named("Host")
    static let lastEventID = named("Last-Event-ID")
    static let link = named("Link")
    static let referrerPolicy = named("Referrer-Policy")
    static let secFetchSite = named("Sec-Fetch-Site")

    private static func named(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else {
            preconditionFailure("'\(text)' is not the name of a header field")
        }
        return name
    }
}
