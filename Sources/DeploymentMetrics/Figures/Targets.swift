/// What the metrics are measured against; nothing else says it.
package struct Targets: Sendable {
    /// What a value must be to meet a target.
    package enum Relation: String, Sendable {
        /// Smaller than the target.
        case below = "<"
        /// The target or smaller.
        case atMost = "<="
        /// The target or larger.
        case atLeast = ">="
        /// The target itself.
        case exactly = "="

        /// The sign for people.
        package var sign: String {
            switch self {
            case .atMost: "≤"
            case .atLeast: "≥"
            case .below, .exactly: rawValue
            }
        }
    }

    /// One target.
    package struct Target: Hashable, Sendable {
        package let comparison: Relation
        package let limit: Quantity

        /// With its sign, for people.
        package var text: String { "\(comparison.sign) \(limit.text)" }
    }

    /// How long the deployments of a tier should take, in microseconds.
    package struct Duration: Hashable, Sendable {
        package let tier: String
        /// What is quicker is worth a note, because it may have done nothing; 0 for no such bound.
        package let lower: Int64
        /// What decides.
        package let upper: Int64

        package var target: Target { Target(comparison: .atMost, limit: .duration(upper)) }
    }

    /// Those that are built in: the ones of the article this began with.
    package static let builtIn = Targets()

    package var lockWaitTime = Target(comparison: .below, limit: .duration(300_000_000))
    package var queueLength = Target(comparison: .below, limit: .count(longQueue))
    package var skipRate = Target(comparison: .below, limit: .ratio(0.1))
    /// None, unless somebody sets one.
    package var successRate: Target?
    /// None, unless somebody sets one.
    package var timeToDeliver: Target?
    package var timeoutRate = Target(comparison: .exactly, limit: .ratio(0))
    package var orphanRate = Target(comparison: .exactly, limit: .count(0))
    package var durations = [
        Duration(tier: "lightning", lower: 180_000_000, upper: 300_000_000),
        Duration(tier: "docker", lower: 300_000_000, upper: 600_000_000),
    ]
    /// The names of the settings that changed them, in the order in which they were read.
    package internal(set) var changed: [String] = []

    /// A queue of this length or more is a long one.
    package static let longQueue: Int64 = 3
    /// Fewer values than this say nothing about one in twenty, so the maximum is judged instead.
    package static let enoughForP95: Int64 = 20
    /// Twice the longest target, in microseconds: what runs for longer needs attention.
    package var tooLong: Int64 { 2 * (durations.map(\.upper).max() ?? 0) }

    /// Says that targets are not the built-in ones, and where they were set; nil when they are.
    package var note: String? {
        changed.isEmpty ? nil : "Targets set by \(changed.joined(separator: ", "))"
    }

    /// The target of a tier; nil when it has none.
    package func duration(of tier: String?) -> Duration? {
        durations.first { $0.tier == tier }
    }
}
