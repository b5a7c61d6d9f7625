import Queries
import Wording

/// A chart as an SVG that stands for itself: colours come from the page's style, everything else is
/// inside.
///
/// Axes start at zero. Where there is no value the line is broken; targets are drawn with what they
/// say; what cannot be known is shaded.
struct ChartSVG {
    static let width = 760.0
    static let height = 260.0
    private static let plot = (left: 64.0, right: 748.0, top: 34.0, bottom: 206.0)
    private static let lineHeight = 13.0
    private let chart: Chart
    private let axis: ValueAxis

    init(_ chart: Chart) {
        self.chart = chart
        let values = chart.series.flatMap { $0.marks.compactMap { $0?.value } }
        axis = ValueAxis(
            highest: (values + chart.targets.map(\.value)).max() ?? 0, chart.unit)
    }

    /// The element.
    var text: String {
        let id = "chart-\(chart.key)"
        return """
            <svg viewBox="0 0 \(Self.number(Self.width)) \(Self.number(Self.height))" role="img" \
            aria-labelledby="\(id)-title \(id)-desc">
            <title id="\(id)-title">\(Self.escaped(chart.title))</title>
            <desc id="\(id)-desc">\(Self.escaped(description))</desc>
            \((unknown + grid + time + drawn + targets + legend + [caption]).joined(separator: "\n"))
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

    private func x(_ instant: Instant) -> Double {
        let part =
            Double(instant.microseconds - chart.window.since.microseconds)
            / Double(chart.window.length)
        return Self.plot.left + (Self.plot.right - Self.plot.left) * min(max(part, 0), 1)
    }

    private func y(_ value: Int64) -> Double {
        Self.plot.bottom
            - (Self.plot.bottom - Self.plot.top) * min(Double(value) / Double(axis.highest), 1)
    }

    private func middle(_ mark: Chart.Mark) -> (x: Double, y: Double) {
        ((x(mark.since) + x(mark.until)) / 2, y(mark.value))
    }

    // MARK: - Parts

    private var unknown: [String] {
        chart.unknown.flatMap { part -> [String] in
            let (left, right) = (x(part.since), x(part.until))
            let rect = Self.rectangle(
                "unknown", left, Self.plot.top, right - left, Self.plot.bottom)
            guard right - left > 60 else { return [rect] }
            return [
                rect,
                Self.label("small", (left + right) / 2, Self.plot.top + 14, part.why, "middle"),
            ]
        }
    }

    private var grid: [String] {
        axis.ticks.flatMap { tick -> [String] in
            let height = y(tick)
            return [
                Self.line(
                    tick == 0 ? "axis" : "grid", Self.plot.left, height, Self.plot.right, height),
                Self.label("", Self.plot.left - 6, height + 4, chart.text(tick), "end"),
            ]
        }
    }

    private var time: [String] {
        TimeAxis.ticks(of: chart.window).flatMap { tick -> [String] in
            let place = x(tick.at)
            return [
                Self.line("grid", place, Self.plot.bottom, place, Self.plot.bottom + 5),
                Self.label("", place, Self.plot.bottom + 18, tick.label, "middle"),
            ]
        }
    }

    private var targets: [String] {
        // Below one high value targets are nearly at the same height; what they say is not.
        var above = Double.infinity
        return chart.targets.sorted { $0.value < $1.value }.flatMap { target -> [String] in
            let height = y(target.value)
            above = min(height - 4, above - Self.lineHeight)
            return [
                Self.line("target", Self.plot.left, height, Self.plot.right, height),
                Self.label("target-label", Self.plot.right, above, target.label, "end"),
            ]
        }
    }

    private var drawn: [String] {
        let isEmpty = chart.series.allSatisfy { $0.marks.allSatisfy { $0 == nil } }
        if isEmpty {
            let middle = (Self.plot.left + Self.plot.right) / 2
            return [Self.label("", middle, 130, "nothing was measured", "middle")]
        }
        return chart.series.enumerated().flatMap { index, series in draw(series, index) }
    }

    private func draw(_ series: Chart.Series, _ index: Int) -> [String] {
        var parts: [String] = []
        if series.shape == .bars {
            for mark in series.marks.compactMap({ $0 }) where mark.value > 0 {
                let (left, right) = (x(mark.since), x(mark.until))
                parts.append(
                    Self.rectangle("s\(index)", left, y(mark.value), right - left, Self.plot.bottom)
                )
            }
            return parts
        }
        if series.shape == .line {
            // A line only between neighbours that both have a value.
            for run in series.marks.split(separator: nil) where run.count > 1 {
                let points = run.compactMap { $0 }.map(middle)
                    .map { "\(Self.number($0.x)),\(Self.number($0.y))" }
                parts.append(
                    "<polyline class=\"line s\(index)\" points=\"\(points.joined(separator: " "))\"/>"
                )
            }
        }
        for mark in series.marks.compactMap({ $0 }) {
            let place = middle(mark)
            parts.append(ChartMarker.draw(index, x: place.x, y: place.y))
        }
        return parts
    }

    private var legend: [String] {
        var place = Self.plot.left
        // What a sign with the room around it and a column of text take.
        let (sign, column) = (30.0, 6.2)
        let widths = chart.series.map { sign + Double($0.name.columnWidth) * column }
        let room = Self.width - place
        let each = Int((room / Double(max(widths.count, 1)) - sign) / column)
        let names = chart.series.map { series in
            widths.reduce(0, +) > room ? series.name.shortened(toColumns: each) : series.name
        }
        return zip(chart.series, names).enumerated().flatMap { index, pair -> [String] in
            let (series, name) = pair
            defer { place += sign + Double(name.columnWidth) * column }
            let mark =
                series.shape == .bars
                ? Self.rectangle("s\(index)", place - 5, 11, 10, 21)
                : ChartMarker.draw(index, x: place, y: 16)
            return [mark, Self.label("", place + 10, 20, name, "start")]
        }
    }

    private var caption: String {
        Self.label("small", Self.plot.left, Self.height - 12, window, "start")
    }

    // MARK: - Elements

    private static func rectangle(
        _ kind: String, _ left: Double, _ top: Double, _ width: Double, _ bottom: Double
    ) -> String {
        "<rect class=\"\(kind)\" x=\"\(number(left))\" y=\"\(number(top))\" "
            + "width=\"\(number(max(width, 0.5)))\" height=\"\(number(max(bottom - top, 0)))\"/>"
    }

    private static func line(
        _ kind: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double
    ) -> String {
        "<line class=\"\(kind)\" x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" "
            + "y2=\"\(number(y2))\"/>"
    }

    private static func label(
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
    var escapedForHTML: String {
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
