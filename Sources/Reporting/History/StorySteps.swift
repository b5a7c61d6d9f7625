import JSON
import Ledger
import Wording

/// What the steps of one deployment came to, from its events.
struct StorySteps: Sendable {
    private let released: Event?
    private let checks: [Event]
    private let rollback: Event?
    private let frozenUs: Int64?
    private let overrideReason: String?

    init(_ events: [RecordedEvent]) {
        func facts(_ kind: EventKind) -> [Event] {
            events.filter { $0.kind == kind.rawValue }.map(\.facts)
        }
        released = facts(.released).last
        checks = facts(.healthChecked)
        rollback = facts(.rolledBack).last
        frozenUs = events.compactMap(\.facts.frozenUs).filter { $0 > 0 }.max()
        let overrode = facts(.acquired).first { $0.overrode?.isEmpty == false }
        overrideReason = overrode.map { $0.overrideReason ?? "no reason given" }
    }

    /// For people; nil for what it did not have.
    var texts: [(String, String?)] {
        [
            ("frozen", frozenUs.map { length($0) + ", no part of the wait" }),
            ("override", overrideReason.map { "in spite of a freeze: \($0)" }),
            ("check", check), ("rollback", rollbackText), ("exit code", exitCode),
            ("output", released?.logFile),
        ]
    }

    private var check: String? {
        guard let verdict = released?.health ?? (checks.isEmpty ? nil : "under way") else {
            return nil
        }
        let attempts =
            checks.isEmpty ? "" : " after " + PluralText.text(checks.count, "attempt", "attempts")
        return verdict + attempts + (released?.healthUs.map { ", \(length($0))" } ?? "")
    }

    private var rollbackText: String? {
        guard let result = released?.rollback ?? rollback?.result else { return nil }
        let took = released?.rollbackUs ?? rollback?.tookUs
        return (result == StepResult.done.rawValue ? result : "FAILED (\(result))")
            + (took.map { ", \(length($0))" } ?? "")
    }

    /// Only where it is not that of the command.
    private var exitCode: String? {
        guard let released, let code = released.endedWith else { return nil }
        let own = released.signal.map { 128 + $0 } ?? released.exitCode
        return code == own ? nil : "\(code), that of the command is \(own ?? 0)"
    }

    private func length(_ us: Int64) -> String { DurationText.text(microseconds: us) }

    /// For programs; what it did not have is left out.
    var json: JSONValue {
        func seconds(_ us: Int64?) -> JSONValue? { us.map { .seconds(microseconds: $0) } }
        let members: [(key: String, value: JSONValue?)] = [
            ("command_seconds", seconds(released?.commandUs)),
            ("health", released?.health.map { .string($0) }),
            ("health_seconds", seconds(released?.healthUs)),
            ("attempts", checks.isEmpty ? nil : .integer(Int64(checks.count))),
            ("rollback", (released?.rollback ?? rollback?.result).map { .string($0) }),
            ("rollback_seconds", seconds(released?.rollbackUs ?? rollback?.tookUs)),
            ("frozen_seconds", seconds(frozenUs)),
            ("override_reason", overrideReason.map { .string($0) }),
            ("ended_with", released?.endedWith.map { .integer($0) }),
            ("log_file", released?.logFile.map { .string($0) }),
        ]
        return .object(members.compactMap { key, value in value.map { (key, $0) } })
    }
}
