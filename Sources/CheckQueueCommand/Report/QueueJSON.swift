import GitHub
import JSON
import Wording

/// The report as one JSON document; `docs/check-deploy-queue.md` describes it.
enum QueueJSON {
    static func document(_ report: QueueReport) -> JSONValue {
        let now = report.queue?.countedAtUs ?? 0
        return .object([
            ("should_skip", .bool(report.skips)),
            ("reason", .string(report.decision.rawValue)),
            ("queue_length", .optional(report.queue.map { Int64($0.length) })),
            ("truncated", .bool(report.queue?.isCut ?? false)),
            ("policy", .string(report.rule.policy.rawValue)),
            ("threshold", .integer(Int64(report.rule.threshold))),
            ("notice", .string(report.notice)),
            ("problem", .optional(report.problem)),
            ("frozen", .bool(report.freeze != nil)),
            ("frozen_until", .optional(report.freeze?.untilUs.map(RFC3339.toTheMicrosecond))),
            ("freeze", .optional(report.freeze?.words)),
            ("sha", .optional(report.sha)),
            ("last_queued", report.last.map { $0.json(at: now) } ?? .null),
            ("contains_this_commit", containment(report.containment)),
            ("deploy_now", .array(report.commands.map { words($0.command) })),
            ("pending", .array((report.queue?.entries ?? []).map { $0.json(at: now) })),
            (
                "not_counted",
                .array((report.queue?.leftOut ?? []).map { $0.entry.json(at: now, why: $0.why) })
            ),
        ])
    }

    private static func words(_ words: [String]) -> JSONValue {
        .array(words.map { .string($0) })
    }

    private static func containment(_ containment: Containment?) -> JSONValue {
        switch containment {
        case .contains: .bool(true)
        case .lacks: .bool(false)
        case .unknown, nil: .null
        }
    }
}
