package import JSON
import Wording

extension QueueEntry {
    /// The entry as one object.
    ///
    /// - Parameters:
    ///   - now: what its age is counted to, wall clock in µs.
    ///   - why: why it does not count; nil for one that does.
    package func json(at now: Int64, why: DeployQueue.Reason? = nil) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("id", .optional(id)), ("number", .optional(number)),
            ("status", .string(status)),
            ("since", .optional(sinceUs.map(RFC3339.toTheSecond))),
            (
                "age_seconds",
                age(at: now).map { JSONValue.seconds(microseconds: $0) } ?? .null
            ),
            ("sha", .optional(sha)),
            ("branch", .optional(branch)), ("actor", .optional(actor)),
            ("title", .optional(title)), ("url", .optional(url)),
        ]
        if let why { members.append(("why", .string(why.words))) }
        return .object(members)
    }
}
