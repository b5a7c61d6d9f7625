import CommandSupport
import DeployLock
import Ledger
import Processes
import Queries
import Reporting
import Status
import Wording

/// Who has a lock, in words and figures.
struct LockPart: Sendable {
    let lock: LockSituation
    let request: PageRequest
    private var times: TimeModel { TimeModel(zone: request.zone) }
    private var links: Links { request.links }

    init(_ lock: LockSituation, _ request: PageRequest) {
        self.lock = lock
        self.request = request
    }

    var values: [String: TemplateValue] {
        let facts = lock.holder?.facts ?? lock.leftover
        return [
            "path": .outside(lock.path), "kind": .text(kind.rawValue), "state": .text(state),
            "sentence": .text(sentence), "icon": .text(icon.rawValue),
            "what": .optional(explanation),
            "problem": .outside(lock.problem),
            "name": .link(facts.map(Self.name), to: facts.flatMap { address($0) }),
            "person": .link(person, to: person.map(links.person)),
            "facts": .list(self.facts), "has_facts": .flag(!self.facts.isEmpty),
            "details": .list(details), "has_details": .flag(!details.isEmpty),
            "command": .outside(lock.holder?.command ?? lock.leftover?.maskedCommand),
            "since": times.moment(heldSince),
            "running": times.running(heldSince.flatMap { _ in lock.heldFor }, since: heldSince),
            "process_started": times.moment(processStarted),
            "progress": progress, "usual": .optional(usual), "is_overdue": .flag(lock.isOverdue),
            "freezes": .list(freezes), "is_frozen": .flag(!lock.freezes.isEmpty),
            "last": last, "health": health, "notes": .list(notes),
        ]
    }

    /// How it is shown in the tab.
    var icon: Favicon {
        switch lock.condition {
        case nil: .unknown
        case .runningOrphan, .stranger, .deadOrphan: .attention
        case .held: lock.isOverdue ? .attention : .running
        case .free: lock.freezes.isEmpty ? .free : .attention
        }
    }

    private var kind: OutcomeKind {
        switch lock.condition {
        case nil, .runningOrphan, .stranger: .bad
        case .held: lock.isOverdue ? .bad : .live
        case .free, .deadOrphan: lock.freezes.isEmpty ? .good : .faint
        }
    }

    /// One word or two.
    private var state: String {
        switch lock.condition {
        case nil: "Unknown"
        case .free: lock.freezes.isEmpty ? "Free" : "Frozen"
        case .held: step ?? "Running"
        case .runningOrphan: "Running orphan"
        case .deadOrphan: "Free after a dead orphan"
        case .stranger: "Unrecorded process"
        }
    }

    private var step: String? {
        switch lock.holder?.facts.step {
        case "health": "Checking its health"
        case "rollback": "Rolling back"
        default: nil
        }
    }

    /// What is announced, and what the tab is called.
    var sentence: String {
        let name = (lock.holder?.facts ?? lock.leftover).map(Self.name)
        let by = person.map { " of \($0)" } ?? ""
        let text =
            switch lock.condition {
            case nil: "It is unknown who holds the lock"
            case .free: lock.freezes.isEmpty ? "The lock is free" : "Deployments are frozen"
            case .held: "\(name ?? "A deployment")\(by): \(state.lowercased())"
            case .runningOrphan: "\(name ?? "A deployment")\(by) is a running orphan"
            case .deadOrphan: "\(name ?? "A deployment")\(by) died holding the lock"
            case .stranger: "An unrecorded process holds the lock"
            }
        return text.escapedForTerminal
    }

    private var explanation: String? {
        switch lock.condition {
        case nil: "It is unknown who holds the lock."
        case .free, .held: nil
        case .runningOrphan:
            "Its wrapper died without a release; what it started still runs and holds the lock."
        case .deadOrphan:
            "It died without a release, and nothing of it runs any more. The next deployment "
                + "starts at once and records that."
        case .stranger: "Deployments wait until it releases the lock."
        }
    }

    /// Since when the deployment has had the lock; nil for a process that is none, which may be much
    /// older than its lock.
    private var heldSince: Instant? { lock.condition == .stranger ? nil : lock.heldSince }

    /// When the oldest process that holds the lock unrecorded was started.
    private var processStarted: Instant? { lock.condition == .stranger ? lock.heldSince : nil }

    private var person: String? { lock.holder?.person ?? lock.leftover?.person }

    private static func name(_ facts: DeploymentFacts) -> String {
        facts.number.map { "#\($0)" } ?? "pid \(facts.pid.map(String.init) ?? "unknown")"
    }

    private func address(_ facts: DeploymentFacts) -> String? {
        (facts.deployment ?? lock.holder?.deployment).map { links.deployment($0) }
    }

    /// What says most, beside name and person.
    private var facts: [TemplateValue] {
        let row = lock.holder
        let sha = row?.sha ?? lock.leftover?.sha
        return [
            ("tier", .link(row?.tier ?? lock.leftover?.tier, to: nil)),
            ("from", .link(row?.source ?? lock.leftover?.source, to: nil)),
            ("commit", .link(sha.map { String($0.prefix(10)) }, to: sha.map(links.commit))),
            ("ref", .link(row?.ref ?? lock.leftover?.ref, to: nil)),
        ].compactMap(Self.fact)
    }

    private static func fact(_ label: String, _ value: TemplateValue) -> TemplateValue? {
        if case .flag = value { return nil }
        return ["label": .text(label), "value": value]
    }

    /// The rest, for who looks closer.
    private var details: [TemplateValue] {
        let facts = lock.holder?.facts ?? lock.leftover ?? DeploymentFacts()
        let state = lock.look.state
        var details: [(String, TemplateValue)] = [
            ("user", .link(facts.user, to: nil)), ("host", .link(facts.hostname, to: nil)),
            ("run", .run(lock.holder?.runURL ?? facts.runURL)),
            ("batch", .link(facts.batchKey, to: nil)),
            ("deployment", .link(facts.deployment, to: address(facts))),
            ("wrapper", .link(state.flatMap(Words.wrapper), to: nil)),
            ("keeper", .link(state.flatMap(Words.keeper), to: nil)),
        ]
        for process in state?.processes ?? [] {
            details.append(("held open by", .link(Words.process(process), to: nil)))
        }
        return details.compactMap(Self.fact)
    }

    private var progress: TemplateValue {
        guard let usual = lock.usual, usual.hasP95, usual.p95Us > 0, let since = heldSince,
            let held = lock.heldFor
        else { return false }
        let part = min(999, held * 100 / usual.p95Us)
        return [
            "since": .number(since.microseconds / 1000), "usual": .number(usual.p95Us / 1000),
            "value": .number(min(held, usual.p95Us) / 1000), "percent": .number(part),
            "is_over": .flag(held > usual.p95Us),
        ]
    }

    private var usual: String? {
        guard lock.condition == .held || lock.condition == .runningOrphan else { return nil }
        guard let usual = lock.usual else { return "no earlier deployment of its kind succeeded" }
        func text(_ us: Int64) -> String { DurationText.text(microseconds: us) }
        return usual.hasP95
            ? "usually \(text(usual.p50Us)), p95 \(text(usual.p95Us)) (n \(usual.n))"
            : "usually \(text(usual.p50Us)) (n \(usual.n), too few for a p95)"
    }

    private var freezes: [TemplateValue] {
        lock.freezes.inForce.map { freeze in
            [
                "until": times.moment(Instant(microseconds: freeze.untilUs)),
                "by": .outside(freeze.by), "reason": .outside(freeze.reason),
                "problem": false,
            ]
        }
            + lock.freezes.unreadable.map { flaw in
                [
                    "until": false, "by": false, "reason": false,
                    "problem": .text(
                        "\(flaw.file.path) cannot be read (\(flaw.reason)) and holds deployments "
                            .escapedForTerminal + "until it is removed"),
                ]
            }
    }

    /// The deployment before.
    private var last: TemplateValue {
        guard let last = lock.last else { return false }
        let outcome = last.outcome?.rawValue
        return [
            "name": .text(last.number.map { "#\($0)" } ?? String(last.id.prefix(8))),
            "href": .text(links.deployment(last.id)),
            "outcome": .text(outcome.map(OutcomeKind.words) ?? "ended"),
            "kind": .text(OutcomeKind(outcome).rawValue),
            "person": .outside(last.person), "ended": times.moment(last.ended),
            "ran": times.length(last.length),
            "commit": .link(
                last.sha.map { String($0.prefix(10)) }, to: last.sha.map(links.commit)),
        ]
    }

    private var health: TemplateValue {
        guard let health = lock.health else { return false }
        return [
            "word": .text(health.isHealthy ? "healthy" : "unhealthy"),
            "kind": .text(health.isHealthy ? "good" : "bad"),
            "checked": times.moment(health.checked),
            "name": .optional(health.number.map { "#\($0)" }),
        ]
    }

    private var notes: [TemplateValue] {
        guard let state = lock.look.state else { return [] }
        var notes: [String] = []
        if state.isIncomplete {
            notes.append(
                "Some processes belong to others and could not be inspected; root sees all that "
                    + "hold the lock.")
        }
        if let facts = state.unprovenFacts {
            notes.append(
                "\(state.paths.infoFile) names \(Self.name(facts)), which does not have the lock; "
                    + "the file blocks nobody.")
        }
        return notes.map { .text($0.escapedForTerminal) }
    }
}
