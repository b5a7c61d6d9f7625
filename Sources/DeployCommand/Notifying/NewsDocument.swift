import DeployLock
import JSON
import Ledger
import Notifications
import SystemCalls
import Wording

/// What the command of `--notify` reads.
struct NewsDocument {
    private let news: DeploymentNews
    private let facts: DeploymentFacts
    private let journal: Journal
    private let ledger: String

    /// - Parameter ledger: the path of the ledger.
    init(_ news: DeploymentNews, _ journal: Journal, ledger: String) {
        self.news = news
        self.journal = journal
        self.ledger = ledger
        facts = journal.facts(number: news.event.number)
    }

    /// The object on one line.
    func line(_ format: NotifyPlan.Format) -> String {
        switch format {
        case .json: notification.json.line
        case .cloudevents:
            notification.cloudEvent(
                id: news.event.id.description, path: news.event.lock ?? "",
                subject: facts.number.map { String($0) }
            ).line
        }
    }

    private var notification: Notification {
        Notification(
            kind: .deployment, status: needsAttention ? "attention" : "ok", summary: summary,
            text: text, links: links, at: RFC3339.toTheMicrosecond(news.event.atUs),
            host: Machine.hostName, ledger: ledger,
            more: [("conditions", .array(conditions)), ("deployment", deployment)])
    }

    private var conditions: [JSONValue] {
        NotifyCondition.allCases.filter(news.conditions.contains).map { .string($0.rawValue) }
    }

    private var needsAttention: Bool { news.conditions.contains { $0.needsAttention } }

    private var name: String { facts.number.map { "#\($0)" } ?? "a deployment without a number" }

    private var summary: String { "\(Machine.hostName): \(name) \(news.words)\(what)" }

    /// What was deployed by whom, as far as it is known.
    private var what: String {
        let parts = [facts.ref, facts.sha.map { String($0.prefix(8)) }].compactMap(\.self)
        let by = facts.person.map { "by \($0)" }
        let all = [parts.isEmpty ? nil : parts.joined(separator: " "), by].compactMap(\.self)
        return all.isEmpty ? "" : " (\(all.joined(separator: ", ")))"
    }

    private var text: String {
        var lines = [summary]
        if let command = facts.command { lines.append("command: \(command)") }
        if let tier = facts.tier { lines.append("tier: \(tier)") }
        let event = news.event
        let times = [
            ("waited", event.waitUs), ("frozen", event.frozenUs), ("command", event.commandUs),
            ("check", event.healthUs), ("rollback", event.rollbackUs),
        ].compactMap { name, length in
            length.map { "\(name) \(DurationText.text(microseconds: $0))" }
        }
        if !times.isEmpty { lines.append(times.joined(separator: ", ")) }
        lines.append("lock: \(event.lock ?? "unknown")")
        return lines.joined(separator: "\n")
    }

    private var links: [Notification.Link] {
        guard let url = facts.runURL, url.hasPrefix("https://") || url.hasPrefix("http://") else {
            return []
        }
        return [Notification.Link(title: name, address: url)]
    }

    /// Absent is what does not apply; names and units are those of `events --format ndjson`.
    private var deployment: JSONValue {
        let event = news.event
        let members: [(String, JSONValue?)] = [
            ("id", .string(journal.deployment.description)), ("number", integer(facts.number)),
            ("lock", string(event.lock)), ("host", .string(Machine.hostName)),
            ("user", string(facts.user)), ("actor", string(facts.person)),
            ("source", string(facts.source)), ("tier", string(facts.tier)),
            ("sha", string(facts.sha)), ("ref", string(facts.ref)),
            ("run_url", string(facts.runURL)), ("command", string(facts.command)),
            ("requested_at", .string(RFC3339.toTheMicrosecond(journal.requestedAt))),
            ("outcome", string(event.outcome?.rawValue)), ("reason", string(event.reason)),
            ("exit_code", integer(event.exitCode)), ("signal", integer(event.signal)),
            ("ended_with", integer(event.endedWith)),
            ("failed_step", string(news.failedStep?.rawValue)),
            ("wait_us", integer(event.waitUs)), ("frozen_us", integer(event.frozenUs)),
            ("held_us", integer(event.heldUs)), ("command_us", integer(event.commandUs)),
            ("health_us", integer(event.healthUs)), ("rollback_us", integer(event.rollbackUs)),
            ("health", string(event.health)), ("rollback", string(event.rollback)),
            ("covered_by_number", integer(event.coveredByNumber)),
            ("log_file", string(event.logFile)),
        ]
        return .object(members.compactMap { name, value in value.map { (name, $0) } })
    }

    private func string(_ text: String?) -> JSONValue? { text.map { .string($0) } }

    private func integer(_ number: Int64?) -> JSONValue? { number.map { .integer($0) } }
}
