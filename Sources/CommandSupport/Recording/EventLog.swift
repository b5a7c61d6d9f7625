package import Ledger
import SystemCalls
import Wording

/// Writes events to the journal or, where there is none, to syslog; nobody waits for it, and what it
/// does not take is lost.
package struct EventLog: Sendable {
    private let lock: String
    private let sha: String?
    private let ref: String?
    private let tier: String?
    private let journal: String
    private let system: String

    /// - Parameters:
    ///   - lock: the lock's path.
    ///   - sha: of events that do not name a commit themselves; as for the next two.
    ///   - journal: the path of the journal's socket.
    ///   - system: the path of syslog's socket.
    package init(
        lock: String, sha: String? = nil, ref: String? = nil, tier: String? = nil,
        journal: String = "/run/systemd/journal/socket", system: String = "/dev/log"
    ) {
        self.lock = lock
        self.sha = sha
        self.ref = ref
        self.tier = tier
        self.journal = journal
        self.system = system
    }

    /// For the tools that have no option for it; nil unless it is asked for.
    package init?(_ configuration: Configuration, lock: String) {
        // No reason not to free a lock or to freeze deployments.
        guard (try? configuration.isOn("DEPLOY_SYSLOG")) == true else { return nil }
        self.init(lock: lock)
    }

    /// Writes them, one entry each.
    package func write(_ events: [EventEnvelope]) {
        for event in events { write(event.event) }
    }

    /// Writes how deployments ended that others found dead.
    package func write(_ found: [SweptDeployment]) {
        for dead in found {
            var event = Event(dead.outcome == .orphaned ? .orphaned : .cancelled)
            event.deployment = dead.deployment
            event.number = dead.number
            event.lock = lock
            event.outcome = dead.outcome
            event.reason = "died"
            send(entry(event, sha: nil, ref: nil, tier: nil, id: nil))
        }
    }

    private func write(_ event: Event) {
        send(
            entry(
                event, sha: event.sha ?? sha, ref: event.ref ?? ref, tier: event.tier ?? tier,
                id: event.id))
    }

    private func send(_ entry: LogEntry) {
        if LocalDatagram.send(entry.native, to: journal) == .nobody {
            _ = LocalDatagram.send(entry.line, to: system)
        }
    }

    private func entry(
        _ event: Event, sha: String?, ref: String?, tier: String?, id: EventID?
    ) -> LogEntry {
        LogEntry(
            event.words, event.priority,
            fields: [
                ("DEPLOY_EVENT", event.kind.rawValue), ("DEPLOY_EVENT_ID", id?.description),
                ("DEPLOY_ID", event.deployment?.description), ("DEPLOY_NUMBER", text(event.number)),
                ("DEPLOY_LOCK", event.lock), ("DEPLOY_USER", event.user),
                ("DEPLOY_ACTOR", event.actor), ("DEPLOY_SOURCE", event.source),
                ("DEPLOY_TIER", tier), ("DEPLOY_SHA", sha), ("DEPLOY_REF", ref),
                ("DEPLOY_RUN_URL", event.runURL), ("DEPLOY_OUTCOME", event.outcome?.rawValue),
                ("DEPLOY_REASON", event.reason), ("DEPLOY_RESULT", event.result),
                ("DEPLOY_EXIT_CODE", text(event.exitCode)), ("DEPLOY_SIGNAL", text(event.signal)),
                ("DEPLOY_ENDED_WITH", text(event.endedWith)),
                ("DEPLOY_HEALTH", event.health), ("DEPLOY_ROLLBACK", event.rollback),
                ("DEPLOY_ATTEMPT", text(event.attempt)), ("DEPLOY_WAIT_US", text(event.waitUs)),
                ("DEPLOY_FROZEN_US", text(event.frozenUs)),
                ("DEPLOY_HELD_US", text(event.heldUs)),
                ("DEPLOY_COMMAND_US", text(event.commandUs)),
                ("DEPLOY_COVERED_BY", text(event.coveredByNumber)),
            ])
    }

    private func text(_ number: Int64?) -> String? { number.map { String($0) } }
}

extension Event {
    /// What it tells in a line: `#42 released: failed, health, exit code 69`.
    fileprivate var words: String {
        var parts = [outcome?.rawValue, result, reason].compactMap(\.self)
        if let code = endedWith ?? exitCode { parts.append("exit code \(code)") }
        if kind == .acquired, let waitUs {
            parts.append("waited \(DurationText.text(microseconds: waitUs))")
        }
        let name = number.map { "#\($0) " } ?? ""
        let what = kind.rawValue.split(separator: "_").joined(separator: " ")
        return name + what + (parts.isEmpty ? "" : ": " + parts.joined(separator: ", "))
    }

    fileprivate var priority: LogEntry.Priority {
        switch kind {
        case .released: outcome == .succeeded || outcome == nil ? .info : .error
        case .rolledBack: result == StepResult.done.rawValue ? .warning : .critical
        case .healthChecked: result == StepResult.healthy.rawValue ? .info : .warning
        case .wrapperLost, .orphaned, .overran, .timedOut: .error
        case .forcedUnlock, .refused, .cancelled, .continued: .warning
        case .skipped, .superseded, .frozen, .unfrozen, .redacted: .notice
        case .requested, .acquired, .nested, .imported: .info
        }
    }
}
