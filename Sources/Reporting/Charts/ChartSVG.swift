import Queries
import Wording

/// A chart as an SVG that stands for itself: colours come from the page's style, everything else is
/// inside.
///
/// Axes start at zero. Where there is no value the line is broken; targets are drawn with what they
/// say beside the values; what cannot be known is shaded.
struct ChartSVG {
    let chart: Chart
    let layout: ChartLayout
    private let axis: ValueAxis

    init(_ chart: Chart, _ room: ChartLayout.Room = .wide) {
        self.chart = chart
        let highest = (chart.heights + chart.targets.map(\.value)).max() ?? 0
        // Above stacked bars stands how many they are.
        let above = chart.isStacked ? highest / 10 + 1 : 0
        axis = ValueAxis(highest: highest + above, chart.unit)
        let labels = chart.targets.map { Self.label($0, room).columnWidth }
        layout = ChartLayout(
            room, entries: ChartLegend.entries(chart).count, beside: labels.max() ?? 0)
    }

    /// The element.
    ///
    /// What it is called is said once, by the wide one.
    var text: String {
        let id = "chart-\(chart.key)"
        let names =
            layout.room == .wide
            ? """
            <title id="\(id)-title">\(Self.escaped(chart.title))</title>
            <desc id="\(id)-desc">\(Self.escaped(description))</desc>

            """ : ""
        let parts = unknown + grid + time + drawn + targets + ChartLegend(self).parts + caption
        return """
            <svg class="\(layout.room)" viewBox="0 0 \(Self.number(layout.width)) \
            \(Self.number(layout.height))" role="img" aria-labelledby="\(id)-title \(id)-desc">
            \(names)\(parts.joined(separator: "\n"))
            </svg>
            """
    }

    /// All there is to see, for who does not see it.
    private var description: String {
        ([chart.summary] + chart.targets.map { "Line: \($0.label)." } + [window])
            .joined(separator: " ")
    }

    private var window: String { "\(chart.window.text); the axis starts at 0" }

    // MARK: - Places

    func x(_ instant: Instant) -> Double {
        let part =
            Double(instant.microseconds - chart.window.since.microseconds)
            / Double(chart.window.length)
        return layout.plot.left + (layout.plot.right - layout.plot.left) * min(max(part, 0), 1)
    }

    func y(_ value: Int64) -> Double {
        layout.plot.bottom
            - (layout.plot.bottom - layout.plot.top)
            * min(Double(value) / Double(axis.highest), 1)
    }

    // MARK: - Parts

    private var unknown: [String] {
        chart.unknown.flatMap { part -> [String] in
            let (left, right) = (x(part.since), x(part.until))
            let rect = Self.rectangle(
                "unknown", left, layout.plot.top, right - left, layout.plot.bottom)
            let room = Double(part.why.columnWidth) * ChartLayout.letter
            guard right - left > min(room, 60) else { return [rect] }
            // Not past the edge, where a part is narrower than what is said of it.
            let middle = min((left + right) / 2, layout.width - room / 2)
            return [
                rect,
                Self.label("small", middle, layout.plot.top + 14, part.why, "middle"),
            ]
        }
    }

    private var grid: [String] {
        axis.ticks.flatMap { tick -> [String] in
            let height = y(tick)
            return [
                Self.line(
                    tick == 0 ? "axis" : "grid", layout.plot.left, height, layout.plot.right,
                    height),
                Self.label("", layout.plot.left - 6, height + 4, chart.text(tick), "end"),
            ]
        }
    }

    private var time: [String] {
        TimeAxis.ticks(of: chart.window, atMost: layout.ticks).flatMap { tick -> [String] in
            let place = x(tick.at)
            return [
                Self.line("grid", place, layout.plot.bottom, place, layout.plot.bottom + 5),
                Self.label("", place, layout.plot.bottom + 18, tick.label, "middle"),
            ]
        }
    }

    /// What a target says, beside the values.
    private static func label(_ target: Chart.Target, _ room: ChartLayout.Room) -> String {
        (room == .wide ? target.label : target.short).shortened(toColumns: 24)
    }

    private var targets: [String] {
        // Below one high value targets are nearly at the same height; what they say is not.
        var above = Double.infinity
        return chart.targets.sorted { $0.value < $1.value }.flatMap { target -> [String] in
            let height = y(target.value)
            above = min(height + 4, above - ChartLayout.line)
            return [
                Self.line("target", layout.plot.left, height, layout.plot.right, height),
                Self.label(
                    "target-label", layout.plot.right + 6, above,
                    Self.label(target, layout.room), "start"),
            ]
        }
    }

    /// The window and where the axis starts; in a narrow picture in two lines.
    private var caption: [String] {
        let left = layout.room == .wide ? layout.plot.left : 6
        let lines =
            layout.room == .wide
            ? [window]
            : [
                chart.window.ends,
                String(window.dropFirst(chart.window.ends.count + 1)),
            ]
        return lines.enumerated().map { index, line in
            let below = Double(lines.count - 1 - index) * ChartLayout.line
            return Self.label("small", left, layout.height - 12 - below, line, "start")
        }
    }

    // MARK: - Elements

    static func rectangle(
        _ kind: String, _ left: Double, _ top: Double, _ width: Double, _ bottom: Double
    ) -> String {
        "<rect class=\"\(kind)\" x=\"\(number(left))\" y=\"\(number(top))\" "
            + "width=\"\(number(max(width, 0.5)))\" height=\"\(number(max(bottom - top, 0)))\"/>"
    }

    static func line(
        _ kind: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double
    ) -> String {
        "<line class=\"\(kind)\" x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" "
            + "y2=\"\(number(y2))\"/>"
    }

    static func label(
        _ kind: String, _ x: Double, _ y: Double, _ text: String, _ anchor: String
    ) -> String {
        "<text class=\"\(kind)\" x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">"
            + "\(escaped(text))</text>"
    }

    /// Two digits after the point are finer than any screen.
    static func number(_ value: Double) -> String {
        let hundredths = Int64((value * 100).rounded())
        let sign = hundredths < 0 ? "-" : ""
        return sign + String(abs(hundredths) / 100)
            + Digits.fraction(abs(hundredths) % 100, digits: 2)
    }

    /// Text between tags.
    static func escaped(_ text: String) -> String { text.escapedForTerminal.escapedForHTML }
}

extension String {
    /// The same as text between tags or in a quoted attribute.
    package var escapedForHTML: String {
        var result = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
