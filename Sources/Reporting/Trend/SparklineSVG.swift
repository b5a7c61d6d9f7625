/// A line of the trend as small bars.
package enum SparklineSVG {
    private static let step = 12.0
    private static let height = 22.0

    /// Bars start at zero, the highest is full; where there is no value there is a dash.
    package static func draw(_ line: Trend.Line, _ weeks: [Trend.Week]) -> String {
        let heights = line.heights(weeks)
        let highest = heights.compactMap { $0 }.max() ?? 0
        let number = ChartSVG.number
        let bars = heights.enumerated().map { index, height -> String in
            let left = Double(index) * step
            guard let height else {
                return
                    "<line class=\"grid\" x1=\"\(number(left + 3))\" y1=\"\(number(Self.height))\" "
                    + "x2=\"\(number(left + 7))\" y2=\"\(number(Self.height))\"/>"
            }
            let part = highest > 0 ? height / highest * (Self.height - 2) : 0
            let tall = max(part, 1)
            return "<rect class=\"s0\" x=\"\(number(left))\" y=\"\(number(Self.height - tall))\" "
                + "width=\"\(number(step - 2))\" height=\"\(number(tall))\"/>"
        }
        let width = Double(weeks.count) * step
        return "<svg class=\"spark\" viewBox=\"0 0 \(number(width)) \(number(height + 1))\" "
            + "aria-hidden=\"true\">\(bars.joined())</svg>"
    }
}
