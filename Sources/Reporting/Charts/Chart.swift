package import DeploymentMetrics
package import Queries
import Wording

/// Values over time, with what is needed to draw them honestly: where nothing was measured there is
/// no value, and never a zero.
package struct Chart: Sendable {
    /// What the values are.
    package enum Unit: Sendable {
        /// Microseconds.
        case duration
        /// Deployments.
        case count
    }

    /// How a series is drawn.
    package enum Shape: Sendable {
        /// Joined where neighbours have values.
        case line
        /// Each by itself, because there are few.
        case points
        /// As wide as the time each is about.
        case bars
        /// The same, each series upon those before it.
        case stacked
    }

    /// One value.
    package struct Mark: Hashable, Sendable {
        /// The beginning of the time it is about.
        package let since: Instant
        /// The end of that time; the beginning for a single deployment.
        package let until: Instant
        /// In the unit of the chart.
        package let value: Int64
        /// What it is when that differs from mark to mark: the maximum of few or the 95th percentile of
        /// many.
        package let statistic: Statistic?

        init(since: Instant, until: Instant, value: Int64, statistic: Statistic? = nil) {
            (self.since, self.until, self.value) = (since, until, value)
            self.statistic = statistic
        }

        /// Whether it is marked as different from the others of its line.
        var isMaximum: Bool { statistic == .max }
    }

    /// Values of one kind in order of time; nil where there is none.
    package struct Series: Sendable {
        /// What they are, for the legend.
        package let name: String
        /// How they are drawn.
        package let shape: Shape
        /// The values.
        package let marks: [Mark?]
    }

    /// A line that values are compared with.
    package struct Target: Hashable, Sendable {
        /// What it says.
        package let label: String
        /// The same where there is little room.
        let short: String
        /// In the unit of the chart.
        package let value: Int64
    }

    /// A part of the window of which nothing can be known.
    package struct Unknown: Hashable, Sendable {
        /// Its beginning.
        package let since: Instant
        /// Its end.
        package let until: Instant
        /// Why.
        package let why: String
    }

    /// The key in JSON and in the page.
    package let key: String
    /// What is shown.
    package let title: String
    /// What the values are.
    package let unit: Unit
    /// The time along the axis.
    package let window: Window
    /// What is drawn.
    package let series: [Series]
    /// What the values are compared with.
    package let targets: [Target]
    /// The parts of the window of which nothing can be known.
    package let unknown: [Unknown]
    /// The same in figures, a row a day or week.
    package let table: Table

    /// Up to this many deployments are drawn one by one.
    static let fewEnough = 60

    /// A value for people.
    func text(_ value: Int64) -> String {
        unit == .duration ? DurationText.text(microseconds: value) : String(value)
    }

    /// What there is to see, in a sentence or two.
    package var summary: String {
        measured
            + unknown.map { part in
                " From \(window.zone.shortText(part.since)) to \(window.zone.shortText(part.until)) "
                    + "is \(part.why)."
            }.joined()
    }

    private var measured: String {
        let shown = series.filter { $0.marks.contains { $0 != nil } }
        if shown.isEmpty { return "Nothing was measured." }
        let parts = shown.map { series -> String in
            let marks = series.marks.compactMap { $0 }
            if series.shape == .stacked {
                return "\(series.name): \(marks.reduce(0) { $0 + $1.value })"
            }
            let top = marks.max { ($0.value, $1.since) < ($1.value, $0.since) }
            let when = top.map { window.zone.shortText($0.since) } ?? ""
            let highest = "highest \(text(top?.value ?? 0)) at \(when)"
            let gaps = series.marks.count - marks.count
            let missing =
                gaps > 0 ? ", \(gaps) of \(series.marks.count) intervals have no data" : ""
            return "\(series.name.shortened(toColumns: 40)): \(highest)\(missing)"
        }
        return parts.joined(separator: "; ") + "."
    }
}
