import Ledger
import SystemCalls
import Wording

/// What became of a deployment whose wrapper was lost, in words.
struct OrphanText {
    private let story: DeploymentStory

    init(_ story: DeploymentStory) { self.story = story }

    /// One sentence; nil when its wrapper was not lost.
    var line: String? {
        guard let lost = story.entries.first(where: { $0.event.kind == "wrapper_lost" }) else {
            return nil
        }
        let keeper = lost.event.facts.pid.map { ", pid \($0)," } ?? ""
        return "Its wrapper was killed while the command ran; "
            + (end ?? "its keeper\(keeper) waits for the command and will record the end.")
    }

    /// Nil while it runs.
    private var end: String? {
        let released = story.entries.last { $0.event.kind == "released" }?.event.facts
        let ran = released?.heldUs.map { " after \(DurationText.text(microseconds: $0))" } ?? ""
        switch story.deployment.state {
        case "waiting", "running": return nil
        case "succeeded": return "the command then succeeded\(ran)."
        case "failed":
            if let signal = released?.signal {
                return "the command was then ended by signal "
                    + "\(SignalName.of(CInt(clamping: signal)))\(ran)."
            }
            let code = released?.exitCode.map { " with exit code \($0)" } ?? ""
            return "the command then failed\(code)\(ran)."
        case "force_unlocked": return "the lock was then freed by force."
        case "orphaned" where released != nil:
            return "what ran then ended\(ran), and the check was never brought to an end."
        case "orphaned": return "its keeper died, too, so how the command ended is unknown."
        case let state: return "it then ended: \(state.escapedForTerminal)."
        }
    }
}
