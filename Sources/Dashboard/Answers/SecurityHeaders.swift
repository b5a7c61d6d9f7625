import HTTPTypes

/// The fields that every answer has, whatever it is about.
enum SecurityHeaders {
    /// Their names and values.
    ///
    /// The referrer is kept for our own pages: without it browsers send `Origin: null` with a form,
    /// and a login over plain HTTP could not be told from a foreign page's.
    static let all: [(name: HTTPField.Name, value: String)] = [
        (.contentSecurityPolicy, policy),
        (.xContentTypeOptions, "nosniff"),
        (.referrerPolicy, "same-origin"),
        (.crossOriginOpenerPolicy, "same-origin"),
        (.crossOriginResourcePolicy, "same-origin"),
        (.frameOptions, "DENY"),
    ]

    /// Adds those that are missing, and what caches may do with an answer that does not say so.
    static func complete(_ fields: inout HTTPFields) {
        for (name, value) in all where !fields.contains(name) { fields[name] = value }
        if !fields.contains(.cacheControl) { fields[.cacheControl] = "private, no-cache" }
        // What everybody gets is the same for all.
        let isForAll = fields[.cacheControl]?.hasPrefix("public") == true
        if !isForAll, !fields.contains(.vary) { fields[.vary] = "Cookie, Authorization" }
    }

    /// Nothing but what this server itself serves; nothing inline.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        + "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'"
}
