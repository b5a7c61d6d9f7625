public import JSONOutput
public import SQLite

/// Which deployments a report is about: several values of one kind mean "or", kinds mean "and".
public struct ReportFilter: Hashable, Sendable {
    /// The people who asked.
    public var actors: [String] = []
    /// Where they asked from.
    public var sources: [String] = []
    /// Kinds of deployment.
    public var tiers: [String] = []
    /// Outcomes, or `waiting`, or `running`.
    public var outcomes: [String] = []
    /// Paths of locks.
    public var locks: [String] = []
    /// Beginnings of commits.
    public var shas: [String] = []

    /// A filter that lets everything through.
    public init() {}

    /// The values under the names the queries of `reports/` use.
    public var parameters: [String: Value] {
        named.reduce(into: [:]) { result, entry in
            guard !entry.values.isEmpty else { return }
            let list = JSONValue.array(entry.values.map { .string($0) }).line
            result[entry.name] = .text(list)
        }
    }

    /// What is selected, in words; empty when everything is.
    public var text: String {
        named.filter { !$0.values.isEmpty }
            .map { "\($0.label) \($0.values.joined(separator: " or "))" }
            .joined(separator: ", ")
    }

    /// What is selected, by name.
    public var json: JSONValue {
        .object(
            named.filter { !$0.values.isEmpty }
                .map { ($0.label, .array($0.values.map { .string($0) })) })
    }

    /// Whether everything is let through.
    public var isEmpty: Bool { named.allSatisfy(\.values.isEmpty) }

    private var named: [(name: String, label: String, values: [String])] {
        [
            ("actors", "actor", actors), ("sources", "source", sources), ("tiers", "tier", tiers),
            ("outcomes", "outcome", outcomes), ("locks", "lock", locks), ("shas", "sha", shas),
        ]
    }
}
