import Wording

/// Values over time, with what is needed to draw them honestly: where nothing was measured there is
/// no value, and never a zero.
public struct Chart: Sendable {
    /// What the values are.
    public enum Unit: Sendable {
        /// Microseconds.
        case duration
        /// Deployments.
        case count
    }

    /// How a series is drawn.
    public enum Shape: Sendable {
        /// Joined where neighbours have values.
        case line
        /// Each by itself, because there are few.
        case points
        /// As wide as the time each is about.
        case bars
    }

    /// One value.
    public struct Mark: Hashable, Sendable {
        /// The beginning of the time it is about.
        public let since: Instant
        /// The end of that time; the beginning for a single deployment.
        public let until: Instant
        /// In the unit of the chart.
        public let value: Int64
    }

    /// Values of one kind in order of time; nil where there is none.
    public struct Series: Sendable {
        /// What they are, for the legend.
        public let name: String
        /// How they are drawn.
        public let shape: Shape
        /// The values.
        public let marks: [Mark?]
    }

    /// A line that values are compared with.
    public struct Target: Hashable, Sendable {
        /// What it says.
        public let label: String
        /// In the unit of the chart.
        public let value: Int64
    }

    /// A part of the window of which nothing can be known.
    public struct Unknown: Hashable, Sendable {
        /// Its beginning.
        public let since: Instant
        /// Its end.
        public let until: Instant
        /// Why.
        public let why: String
    }

    /// The key in JSON and in the page.
    public let key: String
    /// What is shown.
    public let title: String
    /// What the values are.
    public let unit: Unit
    /// The time along the axis.
    public let window: Window
    /// What is drawn.
    public let series: [Series]
    /// What the values are compared with.
    public let targets: [Target]
    /// The parts of the window of which nothing can be known.
    public let unknown: [Unknown]
    /// The same in figures, a row a day or week.
    public let table: Table

    /// Up to so many deployments are drawn one by one.
    static let fewEnough = 60

    /// A value for people.
    func text(_ value: Int64) -> String {
        unit == .duration ? LengthOfTime.text(microseconds: value) : String(value)
    }

    /// What there is to see, in a sentence or two.
    public var summary: String {
        measured
            + unknown.map { part in
                " From \(window.zone.shortText(part.since)) to \(window.zone.shortText(part.until)) "
                    + "nothing is known: \(part.why)."
            }.joined()
    }

    private var measured: String {
        let shown = series.filter { $0.marks.contains { $0 != nil } }
        if shown.isEmpty { return "Nothing was measured." }
        let parts = shown.map { series -> String in
            let marks = series.marks.compactMap { $0 }
            let top = marks.max { ($0.value, $1.since) < ($1.value, $0.since) }
            let when = top.map { window.zone.shortText($0.since) } ?? ""
            let highest = "highest \(text(top?.value ?? 0)) at \(when)"
            let gaps = series.marks.count - marks.count
            let missing = gaps > 0 ? ", \(gaps) of \(series.marks.count) parts without a value" : ""
            return "\(series.name.shortened(toColumns: 40)): \(highest)\(missing)"
        }
        return parts.joined(separator: "; ") + "."
    }
}
