import JSON

/// How many deployments gave up waiting.
enum TimeoutRate {
    static func measure(_ figures: WindowFigures, _ imported: ImportedRuns, _ targets: Targets)
        -> Metric
    {
        var metric = Metric(.timeoutRate, figures.timeouts, target: targets.timeoutRate)
        let overruns = figures.overruns
        metric.details = [
            ("acquired", .integer(figures.acquired)),
            ("cancelled", .integer(figures.cancelled)),
            (
                "ended_by_max_duration",
                .object([
                    ("numerator", .integer(overruns.part)),
                    ("denominator", .integer(overruns.whole)),
                ])
            ),
        ]
        if overruns.part > 0 {
            metric.notes.append(
                "commands ended because they ran too long: \(overruns.part) of \(overruns.whole)")
        }
        metric.noteImported(imported, "timed out", \.timedOut)
        return metric
    }
}
