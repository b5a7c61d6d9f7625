import Ledger
import Queries
import Reporting
import Wording

/// How long the steps of a deployment took, drawn to scale.
struct Timeline: Sendable {
    private struct Step {
        let label: String
        let length: Int64
        /// The class of its colour.
        let style: String
    }

    private let steps: [Step]

    /// In the units of the picture.
    private static let width = 1000.0
    /// A step that took hardly any time is seen, too.
    private static let least = 4.0

    init(_ story: DeploymentStory, now: Instant) {
        let facts = story.facts
        let release = story.release
        var steps: [(String, Int64?, String)] = []
        let asked = facts.first { $0.kind == EventKind.requested.rawValue }
        let got = facts.first { $0.kind == EventKind.acquired.rawValue }
        let left = got ?? facts.first { $0.event.waitUs != nil }
        if let asked = asked?.at,
            let waited = left?.event.waitUs
                ?? (got == nil && release == nil ? now.microseconds - asked.microseconds : nil)
        {
            steps.append(("waited", waited, "s1"))
        }
        if let started = got?.at {
            let running = now.microseconds - started.microseconds
            let isOver = release != nil || story.deployment.state != "running"
            steps.append(
                (
                    "command", release?.commandUs ?? release?.heldUs ?? (isOver ? nil : running),
                    "s0"
                ))
            steps.append(("check", release?.healthUs, "s2"))
            steps.append(("rollback", release?.rollbackUs, "s3"))
        }
        self.steps = steps.compactMap { label, length, style in
            length.map { Step(label: label, length: max(0, $0), style: style) }
        }
    }

    /// `parts` with their places and sizes, and in words; false when there is nothing to draw.
    var value: TemplateValue {
        let all = steps.reduce(0) { $0 + $1.length }
        guard all > 0 else { return false }
        let shown = steps.filter { $0.length > 0 }
        let room = Self.width - Self.least * Double(shown.count)
        var left = 0.0
        let parts = shown.map { step -> TemplateValue in
            let width = Self.least + room * Double(step.length) / Double(all)
            defer { left += width }
            return [
                "left": .text(Self.text(left)), "width": .text(Self.text(width)),
                "style": .text(step.style), "label": .text(step.label),
                "length": .text(DurationText.text(microseconds: step.length)),
            ]
        }
        return ["parts": .list(parts)]
    }

    private static func text(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
