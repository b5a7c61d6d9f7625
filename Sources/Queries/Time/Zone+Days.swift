import Wording

extension Zone {
    /// The moments at which the days of `[since, until)` begin, the first one at `since` or before.
    func days(since: Instant, until: Instant) -> [Instant] {
        var date = date(at: since)
        var edges: [Instant] = []
        while true {
            let edge = instant(of: date)
            if edge >= until, !edges.isEmpty { return edges }
            edges.append(edge)
            date = date.adding(days: 1)
        }
    }
}
