import JSONOutput

/// The report as one JSON document; `docs/check-deploy-queue.md` describes it.
enum QueueJSON {
    static func document(_ report: QueueReport) -> JSONValue {
        .object([
            ("should_skip", .bool(report.skips)),
            ("reason", .string(report.decision.rawValue)),
            ("queue_length", .optional(report.queue.map { Int64($0.length) })),
            ("truncated", .bool(report.queue?.isCut ?? false)),
            ("policy", .string(report.rule.policy.rawValue)),
            ("threshold", .integer(Int64(report.rule.threshold))),
            ("notice", .string(report.notice)),
            ("problem", .optional(report.problem)),
            ("sha", .optional(report.sha)),
            ("last_queued", report.last.map(entry) ?? .null),
            ("contains_this_commit", containment(report.containment)),
            ("deploy_now", .array(report.commands.map { words($0.command) })),
            ("pending", .array((report.queue?.entries ?? []).map(entry))),
        ])
    }

    private static func entry(_ entry: QueueEntry) -> JSONValue {
        .object([
            ("id", .optional(entry.id)), ("number", .optional(entry.number)),
            ("status", .string(entry.status)), ("sha", .optional(entry.sha)),
            ("branch", .optional(entry.branch)), ("actor", .optional(entry.actor)),
            ("title", .optional(entry.title)), ("url", .optional(entry.url)),
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
