import CommandSupport
import DeployLock
import FoundationEssentials
import SystemCalls
import Wording

/// What a CI run learns of freezes where it would deploy.
struct QueueFreeze: Hashable, Sendable {
    /// When the last one ends, wall clock in UTC µs; nil when that is unknown.
    let untilUs: Int64?
    /// `frozen until 2026-10-26T06:00:00Z (in 2d13h) by ann: release weekend`.
    let words: String

    /// Nil where nothing is frozen.
    init?(_ freezes: Freezes) {
        if freezes.isEmpty { return nil }
        untilUs = freezes.untilUs
        words = Words.frozen(freezes)
    }

    /// Whether a deployment that asks now gives up before it ends.
    ///
    /// - Parameter timeout: how long it waits, in µs.
    func outlasts(_ timeout: Int64) -> Bool {
        untilUs.map { $0 - Clock.wallMicroseconds() > timeout } ?? true
    }

    /// Reads what `deploystats freezes --format json` prints; nil inside for nothing frozen.
    ///
    /// - Throws: for anything else.
    static func read(_ bytes: [UInt8]) throws -> QueueFreeze? {
        let document = try JSONDecoder().decode(Document.self, from: Data(bytes))
        guard document.frozen else { return nil }
        let last = document.freezes.last { $0.until != nil }
        let until = document.until.flatMap { RFC3339.microseconds(of: $0) }
        var words = "frozen"
        if let last, let text = last.until {
            let end = RFC3339.microseconds(of: text)
            let left = end.map { max(0, $0 - Clock.wallMicroseconds()) }
            words += " until \(end.map(RFC3339.toTheSecond) ?? text)"
            if let left { words += " (in \(DurationText.text(microseconds: left)))" }
            words += " by \(last.by ?? "unknown"): \(last.reason ?? "")"
        }
        if let problem = document.freezes.compactMap(\.problem).first {
            words += last == nil ? " by a file that cannot be read: " : "; also by "
            words += problem
        }
        return QueueFreeze(untilUs: until, words: words)
    }

    private init(untilUs: Int64?, words: String) {
        self.untilUs = untilUs
        self.words = words
    }

    private struct Document: Decodable {
        let frozen: Bool
        let until: String?
        let freezes: [Entry]
    }

    private struct Entry: Decodable {
        let until: String?
        let by: String?
        let reason: String?
        let problem: String?
    }
}
