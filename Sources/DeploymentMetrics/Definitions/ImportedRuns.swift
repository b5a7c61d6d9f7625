import JSON
import Queries

/// CI runs that were imported: never under our lock, so they stand beside the rates and not inside.
struct ImportedRuns {
    /// How many ended in the window, those left out that are counted as deployments.
    package let n: Int64
    /// How many of these were skipped.
    package let skipped: Int64
    /// How many of these ran too long.
    package let timedOut: Int64

    package init(_ source: MeasureSource) throws(ReportError) {
        let row = try source.rows("imported-runs").first
        n = row?.count("n") ?? 0
        skipped = row?.count("skipped") ?? 0
        timedOut = row?.count("timed_out") ?? 0
    }
}

extension Metric {
    /// Shows, apart from the rate, how many imported runs ended so.
    mutating func noteImported(
        _ runs: ImportedRuns, _ word: String, _ count: (ImportedRuns) -> Int64
    ) {
        details.append(
            (
                "imported",
                .object([
                    ("numerator", .integer(count(runs))), ("denominator", .integer(runs.n)),
                ])
            ))
        if runs.n > 0 {
            notes.append("imported CI runs, not in the rate: \(count(runs)) of \(runs.n) \(word)")
        }
    }
}
