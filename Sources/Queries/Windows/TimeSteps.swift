import Wording

/// A window cut at the hours, days or weeks of its calendar.
package struct TimeSteps {
    /// The parts in order; the first and the last one may be cut short by the window.
    package let parts: [Window]
    /// What most parts are: `hour`, `day` or `week`.
    package let unit: String

    /// Sizes to choose from: hours of a day, or days.
    private static let hours = [1, 2, 3, 6, 12]
    private static let days: [Int64] = [1, 7, 28, 364]

    /// Days, or weeks and multiples of weeks when there would be too many for a table.
    package static func rows(of window: Window) -> TimeSteps {
        of(window, atMost: 62, fromHours: false)
    }

    /// As fine as a chart can show.
    package static func chart(of window: Window) -> TimeSteps {
        of(window, atMost: 60, fromHours: true)
    }

    private static func of(_ window: Window, atMost most: Int64, fromHours: Bool) -> TimeSteps {
        if fromHours {
            for hour in hours where window.length / (Int64(hour) * 3_600_000_000) <= most {
                return TimeSteps(parts: cut(window, every: 1, hours: hour), unit: "hour")
            }
        }
        let size = days.first { window.length / ($0 * Zone.day) <= most } ?? 364
        return TimeSteps(
            parts: cut(window, every: size, hours: 24), unit: size == 1 ? "day" : "week")
    }

    private static func cut(_ window: Window, every days: Int64, hours: Int) -> [Window] {
        let zone = window.zone
        var date = zone.date(at: window.since)
        if days > 1 { date = date.monday }
        var edges = [window.since]
        while true {
            for hour in stride(from: 0, to: 24, by: hours) {
                let edge = zone.instant(of: date, microsecondOfDay: Int64(hour) * 3_600_000_000)
                if edge >= window.until {
                    edges.append(window.until)
                    return zip(edges, edges.dropFirst()).compactMap { start, end in
                        try? Window(since: start, until: end, zone: zone)
                    }
                }
                // Where clocks go forward two hours may begin at the same moment.
                if edge > edges[edges.count - 1] { edges.append(edge) }
            }
            date = date.adding(days: days)
        }
    }

    /// What a part is called: the day it begins, and the weeks it is about.
    package func name(_ part: Window) -> String {
        let date = part.zone.date(at: part.since)
        guard unit == "week" else { return date.text }
        let first = date.weekLabel
        let last = part.zone.date(at: part.until.adding(microseconds: -1)).weekLabel
        return "\(first)\(first == last ? "" : " to \(last)") (\(date.text))"
    }
}
