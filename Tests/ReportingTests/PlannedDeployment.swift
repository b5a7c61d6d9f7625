import Ledger
import Queries
import Reporting
import TestSupport

/// A deployment as a test thought it up; moments and lengths are whole seconds.
struct PlannedDeployment {
    var asked = 0
    var wait = 0
    /// Nil: it never had the lock.
    var held: Int?
    var outcome: Outcome?
    var overran = false
    /// How long its command ran; nil: nobody told.
    var command: Int?
    /// Whether its check failed.
    var isUnhealthy = false
    /// What its rollback came to.
    var rollback: String?
    /// How long a freeze held it back, of the time it was in the queue.
    var frozen = 0
    /// How long it had had the lock when its wrapper was lost; nil: it was not.
    var lost: Int?
    var facts = LedgerFixture.Facts()
    /// The one it stepped aside for, as a place among the plans; nil: it names none.
    var cover: Int?
    /// Its reason, where it was refused.
    var refusal = "no-wait"
    let eventID = EventID.generate()
    var id: String { eventID.description }

    var hadLock: Bool { held != nil }
    /// When it left the queue; nil while it waits.
    var left: Int? { hadLock || outcome != nil ? asked + frozen + wait : nil }
    /// When it became an orphan; nil: it is none.
    var orphaned: Int? {
        lost.map { asked + frozen + wait + $0 } ?? (outcome == .orphaned ? ended : nil)
    }
    /// When it ended; nil while it is in flight.
    var ended: Int? { outcome == nil ? nil : asked + frozen + wait + (held ?? 0) }

    /// One that chance makes; many ask, leave and end at the same moments.
    static func random(_ chance: inout SeededRandom, span: Int) -> Self {
        var plan = Self()
        plan.asked = .random(in: 0..<span, using: &chance)
        plan.wait = Bool.random(using: &chance) ? 0 : .random(in: 0...60, using: &chance)
        plan.facts.lock = chance.one(of: ["/a", "/b"])
        plan.facts.tier = chance.one(of: ["docker", "lightning", "odd", nil])
        plan.facts.actor = chance.one(of: ["ann", "bob"])
        plan.facts.sha = chance.one(of: [nil, "a1", "b2", "c3", "d4", "e5", "f6"])
        plan.refusal = chance.one(of: ["no-wait", "unusable", "frozen"])
        plan.facts.ahead = .random(in: 0...2, using: &chance)
        plan.outcome = chance.one(
            of: Outcome.allCases + [.succeeded, .succeeded, .succeeded, nil, nil])
        switch plan.outcome {
        case .timedOut, .refused, .cancelled, .skipped, .superseded: break
        case nil where Bool.random(using: &chance): break
        default: plan.held = .random(in: 0...300, using: &chance)
        }
        if let held = plan.held, Int.random(in: 0..<5, using: &chance) == 0 {
            plan.lost = .random(in: 0...held, using: &chance)
        }
        plan.overran = plan.outcome == .failed && Bool.random(using: &chance)
        plan.giveLife(&chance)
        return plan
    }

    /// Checks, rollbacks and freezes; those of older ledgers have none of it.
    private mutating func giveLife(_ chance: inout SeededRandom) {
        let queued: [Outcome] = [.timedOut, .cancelled, .superseded]
        if hadLock && outcome != nil || outcome.map(queued.contains) ?? false {
            frozen = chance.one(of: [0, 0, 0, 7, 40])
        }
        guard let held, outcome == .succeeded || outcome == .failed, Bool.random(using: &chance)
        else { return }
        command = .random(in: 0...held, using: &chance)
        guard outcome == .failed else { return }
        isUnhealthy = !overran && Bool.random(using: &chance)
        rollback = chance.one(of: [nil, "done", "failed", "timed_out"])
    }

    /// Lets most of those that stepped aside name the one they did it for: any other.
    static func giveCovers(_ plans: inout [Self], _ chance: inout SeededRandom) {
        for place in plans.indices where plans[place].outcome == .superseded {
            let isNamed = Int.random(in: 0..<4, using: &chance) > 0
            plans[place].cover = isNamed ? .random(in: plans.indices, using: &chance) : nil
        }
    }

    /// Writes its events.
    ///
    /// - Parameter plans: all of them, for the one it steps aside for.
    func add(to ledger: LedgerFixture, among plans: [PlannedDeployment] = []) throws {
        let end: LedgerFixture.End =
            switch outcome {
            case nil: .none
            case .succeeded: .exit(0)
            case .failed: .exit(1)
            case .forceUnlocked: .left(.forcedUnlock, .forceUnlocked, reason: "by hand")
            case .orphaned: .died(foundAt: Double(asked + frozen + wait + (held ?? 0) + 50))
            case .timedOut: .timeout
            case .refused: .left(.refused, .refused, reason: refusal)
            case .cancelled: .cancelled
            case .skipped: .skipped
            case .superseded:
                cover.map { .superseded(for: plans[$0].eventID) } ?? .superseded
            }
        try ledger.add(
            asked: Double(asked), wait: Double(wait), held: held.map(Double.init), end, facts,
            extra: overran ? .overran : nil,
            lost: lost.map { (Double(asked + frozen + wait + $0), asked.isMultiple(of: 2)) },
            life: .init(
                frozen: Double(frozen), command: command.map(Double.init),
                isUnhealthy: isUnhealthy, rollback: rollback),
            id: eventID)
    }
}

extension LedgerFixture {
    /// A CI run that was imported, of a minute and a half; how it ended depends on its number.
    func importRun(at asked: Int, number: Int, tier: String? = "docker") throws {
        let at = Self.instant(Double(asked)).microseconds
        let outcomes: [Outcome] = [.succeeded, .skipped, .failed, .timedOut]
        var run = ImportedRun(
            .init(
                host: "github.com", run: Int64(asked), attempt: Int64(number + 1), createdAtUs: at),
            host: "github.com", endedAtUs: at + 90_000_000, ranUs: 90_000_000,
            outcome: outcomes[number % 4])
        run.reason = "max-queue"
        run.runURL = "https://github.com/o/n/actions/runs/\(asked)"
        run.attempt = Int64(number + 1)
        run.tier = tier
        try record([run.event()])
    }
}
