import ArgumentParser
import GitHub
import Ledger

/// When a run is left out.
enum SkipPolicy: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// When that many are pending already.
    case threshold
    /// When a newer run of the same branch is pending, so that the newest always deploys.
    case newest
}

/// What is decided about this run, and why.
enum Decision: String, Sendable {
    case frozen
    case tooMany = "queue_full"
    case newerPending = "newer_pending"
    case belowThreshold = "below_threshold"
    case isNewest = "is_newest"
    case askedFor = "asked_for"
    case thresholdOff = "threshold_off"
    case unknown

    /// Whether the run is left out.
    var skips: Bool { self == .tooMany || self == .newerPending || self == .frozen }

    /// Why, as a skip is recorded.
    var reason: String {
        switch self {
        case .frozen: ReasonCode.frozen.rawValue
        case .newerPending: "newer-run"
        default: "ci-queue"
        }
    }
}

/// The run that asks, and what it asks by.
struct SkipRule: Sendable {
    let policy: SkipPolicy
    let threshold: Int
    /// This run.
    let runID: Int64?
    let attempt: Int64
    let event: String?
    let branch: String?

    /// A person who starts a run by hand, or starts one again, means it.
    private var isAskedFor: Bool { event == "workflow_dispatch" || attempt > 1 }

    /// A pull request has a branch of the same name when its author's copy of the repository has;
    /// its runs deploy nothing of ours.
    private static func isPullRequest(_ event: String?) -> Bool {
        event?.hasPrefix("pull_request") == true
    }

    /// Decides; the entry is the one that the notice is about.
    func decide(_ queue: DeployQueue) -> (decision: Decision, last: QueueEntry?) {
        switch policy {
        case .threshold:
            let last = queue.entries.last
            if isAskedFor { return (.askedFor, last) }
            if threshold == 0 { return (.thresholdOff, last) }
            return (queue.length >= threshold ? .tooMany : .belowThreshold, last)
        case .newest:
            let newer = queue.entries.last { entry in
                guard let id = entry.id, let runID else { return false }
                return id > runID && entry.branch == branch
                    && Self.isPullRequest(entry.event) == Self.isPullRequest(event)
            }
            if isAskedFor { return (.askedFor, newer) }
            return (newer == nil ? .isNewest : .newerPending, newer)
        }
    }
}

/// Whether the last queued commit contains this one, so that deploying it deploys both.
enum Containment: Hashable, Sendable {
    case contains
    case lacks(CommitComparison)
    case unknown(String)
}
