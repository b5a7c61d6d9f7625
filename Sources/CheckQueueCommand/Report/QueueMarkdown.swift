import GitHub
import Wording

/// The report as GitHub-flavoured Markdown, for the summary of a job.
enum QueueMarkdown {
    static func render(_ report: QueueReport) -> String {
        let verdict =
            report.skips ? "skipped" : report.problem == nil ? "deploying" : "deploying, unchecked"
        var text = "### Deploy queue: \(verdict)\n\n\(escaped(report.why)).\n"
        if let freeze = report.freeze, report.decision != .frozen {
            text += "Deployments are \(escaped(freeze.words)).\n"
        }
        for line in report.consequences { text += "\(escaped(line))\n" }
        if report.skips, !report.commands.isEmpty {
            text += "\nTo deploy it now:\n\n```sh\n"
            for entry in report.commands {
                // A fence cannot be left from inside: a command is one line and begins with `gh`.
                text += "\(ShellText.quoted(entry.command).escapedForTerminal)  # \(entry.about)\n"
            }
            text += "```\n"
        }
        guard let queue = report.queue, queue.length > 0 else { return text }
        text += "\n| Run | Status | Age | Commit | Branch | Title |\n|---|---|---|---|---|---|\n"
        let shown = queue.entries.suffix(QueueText.mostRows)
        for entry in shown { text += row(entry, at: queue.countedAtUs) }
        let hidden = queue.length - shown.count
        if hidden > 0 { text += "\n\(hidden) before these are not shown.\n" }
        return text
    }

    private static func row(_ entry: QueueEntry, at now: Int64) -> String {
        let label = escaped(entry.label)
        let cells = [
            entry.url.map { "[\(label)](\($0))" } ?? label, escaped(entry.status),
            QueueText.age(entry, at: now), escaped(entry.shortSHA), escaped(entry.branch ?? "-"),
            escaped((entry.title ?? "-").shortened(toColumns: 80)),
        ]
        return "| " + cells.joined(separator: " | ") + " |\n"
    }

    /// Text that stays text: HTML, tables and everything else that Markdown has a sign for.
    ///
    /// Source: "Backslash escapes" of the GitHub Flavored Markdown Spec.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.escapedForTerminal.unicodeScalars {
            switch scalar {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\\", "`", "*", "_", "[", "]", "|", "~", "!": result += "\\\(scalar)"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
