import CommandSupport
import DeployLock
import Ledger
import Processes
import Wording

/// What stands between a deployment and the lock, in words.
struct Situation {
    private let owner: LockOwner
    /// Who has the lock as far as its ticket says, and who is next in line.
    private let ahead: [DeploymentFacts]
    /// How many live deployments are ahead, at least the one in the way.
    let position: Int

    /// Looks at what a deployment is blocked by, as it is now.
    init(_ obstacle: WaitReason, queue: WaitQueue) {
        owner = LockOwner(blocking: obstacle, in: queue)
        if case .queue(let tickets) = obstacle {
            let live = tickets.filter(\.isLive)
            position = max(1, live.count)
            ahead = live.prefix(2).compactMap { $0.text().facts }
        } else {
            position = 1
            ahead = []
        }
    }

    /// Who has the lock: `held by #41 alice for 4m12s …`, or which process keeps everybody waiting
    /// although it does nothing.
    ///
    /// - Parameter isShort: leaves out what can be looked up.
    func words(isShort: Bool = false) -> String {
        let stopped = ahead.first(where: Self.isStopped).map { facts in
            let pid = facts.pid.map(String.init) ?? "unknown"
            let advice = "is stopped; continue it with 'kill -CONT \(pid)' or end it"
            return (facts, name: "\(facts.number.map { "#\($0) " } ?? "")(pid \(pid))", advice)
        }
        if !isKnown, let first = ahead.first {
            // Nobody is known to have it: then the first in line is what the others wait for.
            guard let (facts, name, advice) = stopped, facts == first else {
                return "behind \(Words.deployment(first, isShort: isShort))"
            }
            return "blocked by \(name), which \(advice)"
        }
        let text = Words.holder(owner, isShort: isShort)
        guard let (facts, name, advice) = stopped else { return text }
        let role = facts.acquiredAtUs == nil ? "next in line" : "its wrapper"
        return "\(text); \(name), \(role), \(advice)"
    }

    private var isKnown: Bool {
        switch owner {
        case .nobody, .deadOrphan, .unrecorded(nil, _): false
        // It has locked the file this moment, or waits on with it for somebody else.
        case .deployment(let claim): claim.hasAcquired || claim.ticket == nil
        default: true
        }
    }

    /// What deployments like the holder's usually take, once the ledger has some.
    func estimate(ledger path: String, lock: String) -> String? {
        guard case .deployment(let claim) = owner,
            let reader = try? LedgerReader(path: path, busyTimeoutMilliseconds: 200),
            let usual = try? reader.usualDuration(lock: lock, tier: claim.facts?.tier)
        else { return nil }
        let time = DurationText.text(microseconds: usual.p50Us)
        return usual.n == 1
            ? "the last one like it took \(time)" : "usually \(time) (median of \(usual.n))"
    }

    private static func isStopped(_ facts: DeploymentFacts) -> Bool {
        guard let identity = facts.process, let process = RunningProcess(identity.pid) else {
            return false
        }
        return process.identity == identity && process.isStopped
    }
}
