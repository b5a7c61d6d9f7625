import CommandSupport
import DeployLock
import JSON
import Ledger
import DeploymentMetrics
import Queries
import Reporting
import Status
import Wording

/// A few words about a lock, as a small picture or for whoever draws one.
struct Badge: Hashable, Sendable {
    /// What is to be known.
    enum Subject: String, CaseIterable, Sendable {
        /// Who has the lock.
        case lock
        /// How the last deployment ended.
        case last
        /// The share of deployments that succeeded, of the usual window.
        case success
    }

    /// How good it is.
    enum Tone: Sendable {
        case good, busy, bad, unknown

        /// White text on it has a contrast of 4.5 at least.
        var colour: String {
            switch self {
            case .good: "#26743b"
            case .busy: "#8a5a00"
            case .bad: "#b3261e"
            case .unknown: "#5f6368"
            }
        }
    }

    let label: String
    let message: String
    let tone: Tone

    /// What a badge says of a lock.
    init(_ subject: Subject, of lock: LockSituation, _ situation: Situation) {
        switch subject {
        case .lock: self.init(lock: lock)
        case .last: self.init(last: lock.last, situation)
        case .success: self.init(successOf: situation)
        }
    }

    private init(label: String, _ message: String, _ tone: Tone) {
        self.label = label
        self.message = message
        self.tone = tone
    }

    private init(lock: LockSituation) {
        let frozen = lock.freezes.isEmpty ? "" : ", frozen"
        let (words, tone): (String, Tone) =
            switch lock.condition {
            case .free: ("free", lock.freezes.isEmpty ? .good : .busy)
            case .held: ("deploying", .busy)
            case .stranger: ("held", .busy)
            case .runningOrphan, .deadOrphan: ("orphaned", .bad)
            case nil: ("unknown", .unknown)
            }
        self.init(label: "deploy lock", words + frozen, tone)
    }

    private init(last: LastDeployment?, _ situation: Situation) {
        guard let last else {
            let words = situation.ledgerProblem == nil ? "none yet" : "unknown"
            self.init(label: "last deployment", words, .unknown)
            return
        }
        let isGood = last.outcome == .succeeded
        let commit = last.sha.map { " \($0.prefix(7))" } ?? ""
        let words = last.outcome.map { $0.rawValue.replacing("_", with: " ") } ?? "ended"
        self.init(label: "last deployment", words + commit, isGood ? .good : .bad)
    }

    private init(successOf situation: Situation) {
        let metric = situation.metrics?.metrics.first { $0.name == .successRate }
        guard let metric, case .ratio(let share)? = metric.value else {
            self.init(
                label: "deployments", situation.ledgerProblem == nil ? "no data" : "unknown",
                .unknown)
            return
        }
        self.init(
            label: "deployments", "\(PercentText.text(share)) succeeded",
            metric.status == .fail ? .bad : .good)
    }

    /// What shields.io draws a badge of.
    ///
    /// Source: <https://shields.io/badges/endpoint-badge>
    var json: JSONValue {
        .object([
            ("schemaVersion", .integer(1)), ("label", .string(label.escapedForTerminal)),
            ("message", .string(message.escapedForTerminal)), ("color", .string(tone.colour)),
            ("isError", .bool(tone == .bad || tone == .unknown)),
            ("cacheSeconds", .integer(60)),
        ])
    }

    /// The picture.
    var svg: String {
        let (label, message) = (label.escapedForTerminal, message.escapedForTerminal)
        let left = Self.width(label)
        let right = Self.width(message)
        let title = "\(label): \(message)".escapedForHTML
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(left + right)" height="20" \
            role="img" aria-label="\(title)">
            <title>\(title)</title>
            <rect width="\(left)" height="20" fill="#3c4043"/>
            <rect x="\(left)" width="\(right)" height="20" fill="\(tone.colour)"/>
            <g fill="#ffffff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" \
            text-anchor="middle">
            <text x="\(left / 2)" y="14" textLength="\(left - 12)">\(label.escapedForHTML)</text>
            <text x="\(left + right / 2)" y="14" textLength="\(right - 12)">\(message.escapedForHTML)</text>
            </g>
            </svg>

            """
    }

    /// How wide a text is, its margins included; the text is made to fit.
    private static func width(_ text: String) -> Int { max(1, text.columnWidth) * 7 + 12 }
}
