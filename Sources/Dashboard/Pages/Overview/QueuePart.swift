import DeployLock
import Reporting
import Status
import Wording

/// Who waits for a lock.
struct QueuePart: Sendable {
    let lock: LockSituation
    let request: PageRequest

    init(_ lock: LockSituation, _ request: PageRequest) {
        self.lock = lock
        self.request = request
    }

    var values: [String: TemplateValue] {
        let waiting = lock.waiting
        return [
            "path": .outside(lock.path), "count": .count(waiting.count),
            "rows": .list(waiting.map(row)), "has_rows": .flag(!waiting.isEmpty),
            "is_known": .flag(lock.condition != nil), "is_long": .flag(waiting.count > 5),
        ]
    }

    private func row(_ row: QueueRow) -> TemplateValue {
        let links = request.links
        var fate: [String] = []
        if let covering = row.covering { fate.append("will be superseded by #\(covering)") }
        if row.isStopped { fate.append("stopped: keeps everybody behind it waiting") }
        let batch = row.facts.batchKey ?? row.ref
        return [
            "position": .number(row.position),
            "key": .text(row.deployment ?? row.number.map(String.init) ?? ""),
            "name": .link(
                row.number.map { "#\($0)" } ?? row.deployment,
                to: row.deployment.map { links.deployment($0) }),
            "person": .link(row.person, to: row.person.map(links.person)),
            "waiting": TimeModel(zone: request.zone).running(row.length, since: row.since),
            "since": TimeModel(zone: request.zone).moment(row.since),
            "tier": .outside(row.tier),
            "commit": .link(
                row.sha.map { String($0.prefix(10)) }, to: row.sha.map(links.commit)),
            "batch": .outside(batch),
            "fate": .optional(fate.isEmpty ? nil : fate.joined(separator: "; ")),
        ]
    }
}
