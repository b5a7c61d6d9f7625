package import JSON
import Ledger
package import SQLite
import Wording

/// Which deployments a report is about: several values of one kind mean "or", kinds mean "and".
package struct ReportFilter: Hashable, Sendable {
    /// The people who asked.
    package var actors: [String] = []
    /// Where they asked from.
    package var sources: [String] = []
    /// Kinds of deployment.
    package var tiers: [String] = []
    /// Outcomes, or `waiting`, or `running`.
    package var outcomes: [String] = []
    /// Paths of locks.
    package var locks: [String] = []
    /// What set off their CI runs.
    package var events: [String] = []
    /// Branches or tags.
    package var branches: [String] = []
    /// Beginnings of commits.
    package var shas: [String] = []

    /// A filter that lets everything through.
    package init() {}

    /// The values under the names the queries of `reports/` use.
    package var parameters: [String: Value] {
        named.reduce(into: [:]) { result, entry in
            guard !entry.values.isEmpty else { return }
            result[entry.name] = Self.list(entry.values)
        }
    }

    /// Texts as the queries take them.
    static func list(_ values: [String]) -> Value {
        .text(JSONValue.array(values.map { .string($0) }).line)
    }

    /// Whether some of those in a queue are left out, and not only some queues.
    package var dividesQueues: Bool {
        var others = self
        others.locks = []
        return !others.isEmpty
    }

    /// What is selected, in words; empty when everything is.
    package var text: String {
        named.filter { !$0.values.isEmpty }
            .map { "\($0.label) \($0.values.joined(separator: " or "))" }
            .joined(separator: ", ")
    }

    /// What is selected, by name.
    package var json: JSONValue {
        .object(
            named.filter { !$0.values.isEmpty }
                .map { ($0.label, .array($0.values.map { .string($0) })) })
    }

    /// Whether everything is let through.
    package var isEmpty: Bool { named.allSatisfy(\.values.isEmpty) }

    private var named: [(name: String, label: String, values: [String])] {
        [
            ("actors", "actor", actors), ("sources", "source", sources), ("tiers", "tier", tiers),
            ("outcomes", "outcome", outcomes), ("locks", "lock", locks),
            ("events", "event", events),
            ("branches", "branch", branches), ("shas", "sha", shas),
        ]
    }
}

extension ReportFilter {
    /// What `outcomes` may be.
    package static let states = Outcome.allCases.map(\.rawValue) + ["waiting", "running"]

    /// Why the values cannot be meant; nil when they can.
    package var mistake: String? {
        if let wrong = outcomes.first(where: { !Self.states.contains($0) }) {
            return "unknown outcome '\(wrong)'; use one of: \(Self.states.joined(separator: ", "))"
                + NearMiss.question(wrong, among: Self.states)
        }
        guard named.contains(where: { $0.values.contains("") }) else { return nil }
        return "a filter is empty; give it a value or leave it out"
    }
}
