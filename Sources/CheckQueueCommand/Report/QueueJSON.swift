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
            ("last_queued", report.last.map { entry($0, now) } ?? .null),
            ("contains_this_commit", containment(report.containment)),
            ("deploy_now", .array(report.commands.map { words($0.command) })),
            ("pending", .array((report.queue?.entries ?? []).map { entry($0, now) })),
            (
                "not_counted",
                .array((report.queue?.leftOut ?? []).map { entry($0.entry, now, $0.why) })
            ),
        ])
    }

    private static func entry(
        _ entry: QueueEntry, _ now: Int64, _ why: DeployQueue.Reason? = nil
    ) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("id", .optional(entry.id)), ("number", .optional(entry.number)),
            ("status", .string(entry.status)),
            ("since", .optional(entry.sinceUs.map(RFC3339.toTheSecond))),
            (
                "age_seconds",
                entry.age(at: now).map { JSONValue.seconds(microseconds: $0) } ?? .null
            ),
            ("sha", .optional(entry.sha)),
            ("branch", .optional(entry.branch)), ("actor", .optional(entry.actor)),
            ("title", .optional(entry.title)), ("url", .optional(entry.url)),
        ]
        if let why { members.append(("why", .string(why.words))) }
        return .object(members)
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
