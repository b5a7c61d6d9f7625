import SystemCalls

/// The run of a CI system that this process belongs to, by its environment: anybody can set that, so
/// these are claims.
package struct CIRun: Hashable, Sendable {
    /// Which system it is, in the word for a deployment's source.
    package let source: String
    /// The commit.
    package let sha: String?
    /// The branch or tag, without `refs/heads/` or `refs/tags/`.
    package let ref: String?
    /// The address of the run.
    package let url: String?
    /// Which attempt of the run, 1 for the first one.
    package let attempt: Int64?
    /// The person it acts for.
    package let actor: String?
    /// When the commit was made, as the system writes it.
    let committedAt: String?

    /// The words for the systems that are known.
    package static let sources = CISystem.all.map(\.source)

    /// What the environment tells; nil outside of a job.
    package init?(_ variable: (String) -> String? = Environment.value) {
        let found = CISystem.all.first { system in
            guard let value = variable(system.variable) else { return false }
            return system.value.map { $0 == value.lowercased() } ?? true
        }
        guard let found else { return nil }
        func fact(_ ways: [String]) -> String? {
            ways.compactMap { Self.expand($0, variable) }.first
        }
        source = found.source
        sha = fact(found.sha)
        ref = fact(found.ref).map(Self.shortReference)
        url = fact(found.runURL)
        attempt = fact(found.attempt).flatMap { Int64($0) }
        actor = fact(found.actor)
        committedAt = fact(found.committedAt)
    }

    /// A text with `$NAME` replaced by the variable's value; nil when one is missing.
    private static func expand(_ text: String, _ variable: (String) -> String?) -> String? {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        var result = String(parts[0])
        for part in parts.dropFirst() {
            let name = part.prefix { $0 == "_" || $0.isUppercase || $0.isNumber }
            guard let value = variable(String(name)) else { return nil }
            result += value + part.dropFirst(name.count)
        }
        return result
    }

    private static func shortReference(_ reference: String) -> String {
        for kind in ["refs/heads/", "refs/tags/"] where reference.hasPrefix(kind) {
            return String(reference.dropFirst(kind.count))
        }
        return reference
    }
}
