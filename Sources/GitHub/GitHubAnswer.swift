import Wording

/// What `gh api --include` prints: a status line, headers, an empty line, the body.
struct GitHubAnswer: Sendable {
    /// The status of HTTP; nil when there was no answer at all.
    let status: Int?
    /// Headers by name in lower case.
    let headers: [String: String]
    /// The rest.
    let body: ArraySlice<UInt8>

    init(_ output: [UInt8]) {
        let end = Self.endOfHead(output)
        let head = String(decoding: output[..<end], as: UTF8.self)
            .split(whereSeparator: \.isNewline)
        guard let first = head.first, first.hasPrefix("HTTP/"),
            let status = first.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else {
            self.status = nil
            headers = [:]
            body = output[...]
            return
        }
        self.status = status
        var headers: [String: String] = [:]
        for line in head.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers[line[..<colon].lowercased()] = String(value)
        }
        self.headers = headers
        body = output[end...].drop { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }
    }

    /// What kept GitHub from answering well; nil when it did.
    ///
    /// Source of the headers: "Rate limits for the REST API", docs.github.com.
    func problem(asking subject: String, words: String) -> GitHubError? {
        guard let status else { return nil }
        switch status {
        case 200..<300: return nil
        case 401: return .notAuthenticated(words)
        case 403 where headers["x-ratelimit-remaining"] == "0", 429:
            return .rateLimited(until: headers["x-ratelimit-reset"].flatMap { Int64($0) })
        case 403 where headers["retry-after"] != nil || words.contains("rate limit"):
            return .rateLimited(until: nil)
        case 404: return .notFound(subject)
        default: return .refused(status: status, words)
        }
    }

    private static func endOfHead(_ bytes: [UInt8]) -> Int {
        var lineIsEmpty = false
        for (position, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\n") {
                if lineIsEmpty { return position }
                lineIsEmpty = true
            } else if byte != UInt8(ascii: "\r") {
                lineIsEmpty = false
            }
        }
        return bytes.count
    }
}
