import Wording

extension Targets {
    /// What can be set.
    package enum Setting: String, CaseIterable, Sendable {
        case lockWaitTime = "DEPLOY_TARGET_LOCK_WAIT_TIME"
        case durations = "DEPLOY_TARGET_DURATIONS"
        case queueLength = "DEPLOY_TARGET_QUEUE_LENGTH"
        case skipRate = "DEPLOY_TARGET_SKIP_RATE"
        case successRate = "DEPLOY_TARGET_SUCCESS_RATE"
        case timeToDeliver = "DEPLOY_TARGET_TIME_TO_DELIVER"
        case timeoutRate = "DEPLOY_TARGET_TIMEOUT_RATE"
        case orphans = "DEPLOY_TARGET_ORPHANS"
    }

    /// A target that cannot be understood.
    package struct Problem: Error, CustomStringConvertible {
        /// What to write instead.
        package let description: String
    }

    /// Takes a target from its setting.
    ///
    /// - Parameter text: a duration such as `5m`, a rate such as `10%`, a number or, of `durations`,
    ///   such as `docker=5m..10m nightly=2h`, which is added to the built-in ones.
    package mutating func set(_ setting: Setting, _ text: String) throws(Problem) {
        switch setting {
        case .lockWaitTime:
            lockWaitTime = Target(comparison: .below, limit: .duration(try Self.length(text)))
        case .timeToDeliver:
            timeToDeliver = Target(comparison: .atMost, limit: .duration(try Self.length(text)))
        case .queueLength:
            queueLength = Target(comparison: .below, limit: .count(try Self.count(text, least: 1)))
        case .skipRate:
            let rate = try Self.rate(text)
            // Nothing is below nothing.
            skipRate =
                rate == 0 ? Self.most(.ratio(0)) : Target(comparison: .below, limit: .ratio(rate))
        case .successRate:
            successRate = Target(comparison: .atLeast, limit: .ratio(try Self.rate(text)))
        case .timeoutRate: timeoutRate = Self.most(.ratio(try Self.rate(text)))
        case .orphans: orphanRate = Self.most(.count(try Self.count(text, least: 0)))
        case .durations:
            for rule in text.split(whereSeparator: { $0 == " " || $0 == "," }) {
                try setDuration(rule)
            }
        }
        changed.append(setting.rawValue)
    }

    /// Nothing, or at most so much.
    private static func most(_ limit: Quantity) -> Target {
        Target(comparison: limit.number == 0 ? .exactly : .atMost, limit: limit)
    }

    private mutating func setDuration(_ rule: Substring) throws(Problem) {
        let parts = rule.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            throw Problem(
                description:
                    "'\(rule)' is not a target for a tier; write docker=10m or docker=5m..10m")
        }
        let bounds = parts[1].split(separator: "..", omittingEmptySubsequences: false)
        guard bounds.count <= 2, let last = bounds.last else {
            throw Problem(description: "'\(rule)' has more than two bounds; write docker=5m..10m")
        }
        let upper = try Self.length(String(last))
        let lower = bounds.count == 2 ? try Self.length(String(bounds[0])) : 0
        guard lower <= upper else {
            throw Problem(
                description: "'\(rule)' begins above its end; write the shorter one first")
        }
        let duration = Duration(tier: parts[0], lower: lower, upper: upper)
        if let place = durations.firstIndex(where: { $0.tier == parts[0] }) {
            durations[place] = duration
        } else {
            durations.append(duration)
        }
    }

    private static func length(_ text: String) throws(Problem) -> Int64 {
        guard let length = DurationText.parse(option: text), length > 0 else {
            throw Problem(description: "'\(text)' is not a duration; write it as 90s, 5m or 1h30m")
        }
        return length
    }

    private static func rate(_ text: String) throws(Problem) -> Double {
        let number = text.hasSuffix("%") ? text.dropLast() : text[...]
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        // Verdicts are reached in whole thousandths, so there is no second digit behind the point.
        guard (1...2).contains(parts.count),
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { 48...57 ~= $0 } }),
            parts.count == 1 || parts[1].utf8.count == 1,
            let whole = Int(parts[0]), whole <= 100,
            let tenths = Int(parts.count == 2 ? parts[1] : "0"), whole < 100 || tenths == 0
        else {
            throw Problem(description: "'\(text)' is not a rate; write it as 10% or 0.5%")
        }
        return Double(whole * 10 + tenths) / 1000
    }

    private static func count(_ text: String, least: Int64) throws(Problem) -> Int64 {
        guard let count = Int64(text), count >= least, count <= 1_000_000_000 else {
            throw Problem(description: "'\(text)' is not a whole number of at least \(least)")
        }
        return count
    }
}
