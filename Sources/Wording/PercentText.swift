/// Rates for people.
package enum PercentText {
    /// One digit after the point, and never "0 %" for what is more than nothing.
    package static func text(_ ratio: Double) -> String {
        let whole = Int((ratio * 1000).rounded())
        if whole == 0 && ratio > 0 { return "<0.1 %" }
        if whole == 1000 && ratio < 1 { return ">99.9 %" }
        return text(tenths: whole)
    }

    /// The same of a rate below a limit, so that it does not read as if it had reached it.
    package static func text(_ ratio: Double, below limit: Double) -> String {
        let reached = Int((limit * 1000).rounded())
        guard ratio < limit, Int((ratio * 1000).rounded()) == reached else { return text(ratio) }
        return ">" + text(tenths: reached - 1)
    }

    private static func text(tenths whole: Int) -> String {
        whole % 10 == 0 ? "\(whole / 10) %" : "\(whole / 10).\(whole % 10) %"
    }
}
