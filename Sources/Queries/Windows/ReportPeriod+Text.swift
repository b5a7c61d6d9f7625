import Wording

extension ReportPeriod {
    /// What a report is called: a week by its name, any other window by its ends, zone and length.
    package var title: String { isNamed ? label : window.text }

    /// What has not been said by the title: the ends of a week, and what it is compared with.
    package var subtitle: String {
        if isNamed { return "\(window.text), \(comparison)" }
        return comparison.prefix(1).uppercased() + comparison.dropFirst()
    }

    private var isNamed: Bool { label != window.ends }
}
