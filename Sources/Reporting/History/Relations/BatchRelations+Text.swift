import SystemCalls
import Wording

/// What a deployment that stepped aside came to, and whom one stands in for, in words.
struct BatchRelationsText {
    let relations: BatchRelations
    /// The state of the deployment itself.
    let state: String
    /// The ids of deployments in flight whose process is known to be gone.
    let dead: Set<String>

    /// One sentence a line; empty for a deployment that has to do with no other.
    var lines: [String] { [fate, later, covers].compactMap(\.self).map(\.escapedForTerminal) }

    private var fate: String? {
        guard let last = relations.chain.last, let delivery = relations.delivery else { return nil }
        let covers = "\(last.name), which covers it\(way)"
        switch delivery {
        case .delivered: return "Delivered by \(covers): it succeeded."
        case .notDelivered: return "Not delivered: \(covers), \(end(last))."
        case .inFlight where dead.contains(last.id):
            return
                "Not delivered: \(covers), died\(last.state == "running" ? " while it ran" : "")."
        case .inFlight: return "Not delivered yet: \(covers), is \(last.state ?? "in flight")."
        case .unknown:
            return "Whether it was delivered is unknown: the ledger does not say what became of "
                + "\(covers)."
        }
    }

    /// Through whom, where it is not the one it stepped aside for.
    private var way: String {
        let between = relations.chain.dropLast().map(\.name)
        return between.isEmpty ? "" : " through \(between.joined(separator: " and "))"
    }

    private func end(_ covering: BatchRelations.Covering) -> String {
        let because = covering.reason.map { " (\($0))" } ?? ""
        switch covering.state {
        case "failed":
            if let signal = covering.signal {
                return "was ended by signal \(SignalName.of(CInt(clamping: signal)))"
            }
            let code = covering.exitCode.map { " with exit code \($0)" } ?? ""
            return "failed\(code)\(because)"
        case "force_unlocked": return "was unlocked by force\(because)"
        case "orphaned": return "died while it ran"
        case "timed_out": return "gave up waiting"
        case "cancelled", "skipped", "refused": return "was \(covering.state ?? "")\(because)"
        default: return "ended as \(covering.state ?? "unknown")"
        }
    }

    private var later: String? {
        guard let later = relations.later else { return nil }
        let commit = later.sha.map { " with commit \($0)" } ?? ""
        return "Of the same batch \(later.name), which asked later, succeeded\(commit)."
    }

    private var covers: String? {
        if relations.covered.isEmpty { return nil }
        let names = relations.covered.map { other in
            other.name + (other.sha.map { " (commit \($0))" } ?? "")
        }
        let fate =
            switch state {
            case "succeeded": "delivered with it"
            case "waiting", "running": "delivered if it succeeds"
            case "superseded": "which stepped aside for it"
            default: "not delivered by it"
            }
        return "Covers \(names.joined(separator: ", ")): \(fate)."
    }
}
