import Wording

/// Why GitHub did not answer a question.
package enum GitHubError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no `gh`, or it cannot be started.
    case noClient(program: String, reason: String)
    /// `gh` has no token, or GitHub does not accept it.
    case notAuthenticated(String)
    /// There is nothing of that name, or the token may not see it.
    case notFound(String)
    /// Too many questions; when the next one is allowed, in seconds since 1970.
    case rateLimited(until: Int64?)
    /// Another answer than success.
    case refused(status: Int, String)
    /// There was no answer within this time, in µs.
    case timedOut(Int64)
    /// GitHub cannot be reached.
    case unreachable(String)
    /// The answer makes no sense.
    case garbage(String)

    /// Whether the same question may well be answered a moment later: a gateway that had nobody to
    /// ask, or a connection that was lost.
    var isPassing: Bool {
        switch self {
        case .refused(let status, _): (502...504).contains(status)
        case .unreachable: true
        case .noClient, .notAuthenticated, .notFound, .rateLimited, .timedOut, .garbage: false
        }
    }

    /// What failed, in one line; words from outside are escaped.
    package var description: String {
        switch self {
        case .noClient(let program, let reason):
            "the GitHub CLI '\(Self.outside(program))' cannot be run: \(reason); install it or name "
                + "it with --gh"
        case .notAuthenticated(let words):
            "gh is not logged in: \(Self.outside(words)); set GH_TOKEN"
        case .notFound(let what):
            "GitHub has no \(Self.outside(what)), or the token may not see it (it needs "
                + "'actions: read')"
        case .rateLimited(let until):
            "GitHub's rate limit is used up"
                + (until.map { "; the next request is allowed at \(Self.time($0))" } ?? "")
        case .refused(let status, let words):
            "GitHub answered \(status)" + (words.isEmpty ? "" : ": \(Self.outside(words))")
        case .timedOut(let microseconds):
            "GitHub did not answer within \(DurationText.text(microseconds: microseconds))"
        case .unreachable(let words):
            "GitHub cannot be reached: \(Self.outside(words))"
        case .garbage(let what):
            "GitHub sent an unexpected answer: \(Self.outside(what))"
        }
    }

    private static func outside(_ text: String) -> String {
        text.escapedForTerminal.shortened(toColumns: 200)
    }

    private static func time(_ seconds: Int64) -> String {
        // Of the years 1970 to 9999; a header may say anything.
        RFC3339.toTheSecond(min(max(0, seconds), 253_402_300_799) * 1_000_000)
    }
}
