package import DeployLock
import SystemCalls
import Wording

extension Words {
    /// `frozen until 2026-10-26T06:00:00Z (in 2d13h) by ann: release weekend`.
    package static func frozen(_ freezes: Freezes) -> String {
        var parts: [String] = []
        if let last = freezes.inForce.last {
            parts.append("frozen \(freeze(last))")
            let others = freezes.inForce.count - 1
            if others > 0 {
                parts.append("\(others) more that \(others == 1 ? "ends" : "end") earlier")
            }
        }
        for flaw in freezes.unreadable {
            let path = flaw.file.path.escapedForTerminal
            parts.append(
                "\(parts.isEmpty ? "frozen" : "also") by \(path), which cannot be read "
                    + "(\(flaw.reason)) and so holds deployments until it is removed")
        }
        return parts.joined(separator: "; ")
    }

    /// `until 2026-10-26T06:00:00Z (in 2d13h) by ann: release weekend`.
    package static func freeze(_ freeze: Freeze) -> String {
        let left = max(0, freeze.untilUs - Clock.wallMicroseconds())
        return "until \(RFC3339.toTheSecond(freeze.untilUs)) "
            + "(in \(DurationText.text(microseconds: left))) by \(short(freeze.by)): "
            + short(freeze.reason)
    }

    private static func short(_ text: String) -> String {
        text.escapedForTerminal.shortened(toColumns: 120)
    }
}
