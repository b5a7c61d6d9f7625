import GitHub
import Wording

/// The report for people, in the log of a job or on a terminal.
enum QueueText {
    /// More would hide what matters.
    static let mostRows = 20

    static func render(_ report: QueueReport) -> String {
        var lines: [String] = []
        if let queue = report.queue {
            let count = PluralText.text(queue.length, "deployment")
            let more = queue.isCut ? ", and more than GitHub lists" : ""
            lines.append("Pending: \(count)\(more) (\(outside(queue.place)))")
            let shown = queue.entries.suffix(mostRows)
            let hidden = queue.length - shown.count
            if hidden > 0 { lines.append("  (\(hidden) before these)") }
            if !shown.isEmpty {
                let headings = ["RUN", "STATUS", "AGE", "COMMIT", "BRANCH", "BY", "TITLE"]
                let rows = shown.map { cells($0, at: queue.countedAtUs) }
                lines += Columns.aligned([headings] + rows).map { "  " + $0 }
            }
            if !queue.leftOut.isEmpty { lines.append("Not counted: \(leftOut(queue))") }
        }
        if let freeze = report.freeze, report.decision != .frozen {
            lines.append("Deployments are \(outside(freeze.words)).")
        }
        lines.append("\(report.skips ? "SKIP" : "DEPLOY"): \(outside(report.why)).")
        lines += report.consequences.map { "  " + outside($0) }
        if report.skips {
            for (index, entry) in report.commands.enumerated() {
                let label = index == 0 ? "To deploy it now:" : "or:"
                lines.append("  \(label) \(outside(ShellText.quoted(entry.command)))")
                lines.append("    (\(entry.about))")
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func cells(_ entry: QueueEntry, at now: Int64) -> [String] {
        [
            entry.label, entry.status, age(entry, at: now), entry.shortSHA, entry.branch ?? "-",
            entry.actor ?? "-", entry.title ?? "-",
        ].map { outside($0).shortened(toColumns: 60) }
    }

    static func age(_ entry: QueueEntry, at now: Int64) -> String {
        entry.age(at: now).map { DurationText.text(microseconds: $0) } ?? "-"
    }

    private static func leftOut(_ queue: DeployQueue) -> String {
        let shown = queue.leftOut.suffix(mostRows)
        var parts = shown.map { entry, why in
            let age = age(entry, at: queue.countedAtUs)
            return switch why {
            case .status(let status): "\(entry.label) (\(outside(status)), \(age))"
            case .age: "\(entry.label) (\(why.words): \(age))"
            }
        }
        let hidden = queue.leftOut.count - shown.count
        if hidden > 0 { parts.append("and \(hidden) before these") }
        return parts.joined(separator: ", ")
    }

    /// Harmless on a terminal and in the log of a job, where `##[` anywhere in a line may be taken
    /// for a command to the runner, as the one of "Workflow commands", docs.github.com, was before.
    private static func outside(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.escapedForTerminal.unicodeScalars {
            if scalar == "[", result.suffix(2).elementsEqual("##".unicodeScalars) {
                result.append(" ")
            }
            result.append(scalar)
        }
        return String(result)
    }
}
