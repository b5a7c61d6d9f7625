import Queries
import Wording

/// The axis of values: from zero to a round number at or above the highest.
struct ValueAxis {
    /// The upper end; above zero.
    let highest: Int64
    /// Where lines are drawn, the two ends among them.
    let ticks: [Int64]

    /// Steps that people count time in, in seconds; above them days.
    private static let seconds: [Int64] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
    ]

    init(highest value: Int64, _ unit: Chart.Unit) {
        let steps: [Int64]
        switch unit {
        case .duration:
            let days = (1...20).map { Int64(86_400) << $0 }
            steps = (Self.seconds + days).map { $0 * 1_000_000 }
        case .count:
            steps = (0..<17).flatMap { power -> [Int64] in
                let ten = (0..<power).reduce(Int64(1)) { result, _ in result * 10 }
                return [ten, 2 * ten, 5 * ten]
            }
        }
        let last = steps[steps.count - 1]
        // What a damaged record claims may be beyond all steps, and is drawn at the upper end.
        let step = steps.first { value <= $0 * 5 } ?? last
        let count = max(1, (min(value, last * 5) + step - 1) / step)
        ticks = (0...count).map { $0 * step }
        highest = count * step
    }
}

/// The axis of time, with ticks where days or hours of the zone begin.
enum TimeAxis {
    static func ticks(
        of window: Window, atMost most: Int
    ) -> [(at: Instant, label: String)] {
        let zone = window.zone
        let isShort = window.length <= 2 * Zone.day
        let starts = (isShort ? TimeSteps.chart(of: window) : TimeSteps.rows(of: window))
            .parts.map(\.since)
        let stride = max(1, (starts.count + most - 1) / most)
        return starts.enumerated().filter { $0.offset % stride == 0 }.map { _, start in
            let date = zone.date(at: start)
            if isShort { return (start, String(zone.shortText(start).dropFirst(11).prefix(5))) }
            let day = String(date.text.dropFirst(5))
            if window.length > 400 * Zone.day { return (start, String(date.text.prefix(7))) }
            return (start, stride == 1 ? "\(weekdays[date.weekday - 1]) \(day)" : day)
        }
    }

    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
}
