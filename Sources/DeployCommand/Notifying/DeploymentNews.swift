import CommandSupport
import DeployLock
import Ledger
import Secrets
import Wording

/// Something that has become of a deployment.
struct DeploymentNews: Sendable {
    /// All that is true of it.
    private(set) var conditions: Set<NotifyCondition>
    /// What has happened, to follow the number: `failed with exit code 3; rolled back`.
    private(set) var words: String
    /// The event that tells it; without an outcome while the deployment goes on.
    let event: Event
    /// The step that failed; nil for none.
    private(set) var failedStep: FailedStep?

    private init(_ conditions: Set<NotifyCondition>, _ words: String, _ event: Event) {
        self.conditions = conditions
        self.words = words
        self.event = event
    }

    /// That it has the lock.
    static func acquired(_ event: EventEnvelope) -> DeploymentNews {
        let waited = DurationText.text(microseconds: event.event.waitUs ?? 0)
        return DeploymentNews([.acquired], "has the lock after waiting \(waited)", event.event)
    }

    /// That its command runs long.
    ///
    /// - Parameter length: for how long already, in µs.
    static func warned(_ events: DeploymentEvents, after length: Int64) -> DeploymentNews {
        var event = events.event(.acquired)
        event.commandUs = length
        return DeploymentNews(
            [.warned], "has been running for \(DurationText.text(microseconds: length))", event)
    }

    /// The end of one that had the lock.
    static func ended(
        _ events: DeploymentEvents, waited: Int64, held: Int64, _ conclusion: Conclusion,
        forced: UnlockNotice?
    ) -> DeploymentNews {
        let released = events.released(
            waited: waited, held: held, conclusion, isForced: forced != nil)
        var news = DeploymentNews([], conclusion.words, released.event)
        news.failedStep = conclusion.failedStep
        if let forced {
            news.conditions = [.forcedUnlock]
            news.words = Self.words(forced)
        } else {
            news.conditions = [conclusion.outcome == .succeeded ? .succeeded : .failed]
        }
        if conclusion.failedStep == .overran { news.conditions.insert(.overran) }
        if conclusion.rollback != nil { news.conditions.insert(.rolledBack) }
        return news
    }

    /// The end of one that never ran anything.
    static func left(_ event: EventEnvelope, forced: UnlockNotice? = nil) -> DeploymentNews {
        let event = event.event
        if let forced {
            return DeploymentNews(
                [.forcedUnlock], Self.words(forced), event)
        }
        let (condition, words) = Self.words(event)
        var news = DeploymentNews([condition], "\(words); nothing was run", event)
        if event.reason == ReasonCode.frozen.rawValue { news.conditions.insert(.frozen) }
        return news
    }

    private static func words(_ forced: UnlockNotice) -> String {
        "was force-unlocked by \(forced.by): \(EventDetail.outside(forced.reason))"
    }

    private static func words(_ event: Event) -> (NotifyCondition, String) {
        let waited = DurationText.text(microseconds: event.waitUs ?? 0)
        switch event.kind {
        case .timedOut: return (.timedOut, "gave up after waiting \(waited)")
        case .skipped: return (.skipped, "was skipped: \(event.ahead ?? 0) are pending")
        case .superseded:
            let other = event.coveredByNumber.map { "#\($0)" } ?? "a newer deployment"
            return (.superseded, "stepped aside for \(other)")
        case .refused:
            let why =
                switch event.reason {
                case ReasonCode.frozen.rawValue: "deployments are frozen"
                case ReasonCode.unusable.rawValue: "the lock cannot be used"
                default: "the lock is taken"
                }
            return (.refused, "was refused: \(why)")
        default:
            return (.cancelled, "was cancelled by \(event.reason ?? "a signal")")
        }
    }

    /// Adds that the deployment before this one had failed.
    mutating func recover(from failed: Recovery.Failed) {
        conditions.insert(.recovered)
        words += " after " + (failed.number.map { "#\($0)" } ?? "the one before") + " had not"
    }

    /// Adds what was noted while it ran.
    mutating func add(_ noted: Set<NotifyCondition>) { conditions.formUnion(noted) }
}
