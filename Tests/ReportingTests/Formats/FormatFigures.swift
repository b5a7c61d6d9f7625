import FoundationEssentials
import JSON
import DeploymentMetrics
import Queries
import Reporting
import Testing

/// The figures of a metrics report as its formats have them, against a second computation.
struct FormatFigures {
    let report: MetricsReport
    let naive: NaiveMetrics

    /// What a format says of a metric, as text without a sign of its unit.
    private struct Figures: Hashable {
        var n: String
        var p50 = ""
        var p95 = ""
        var max = ""
        var numerator = ""
        var denominator = ""
    }

    /// By name and tier; lengths in seconds.
    private var wanted: [String: Figures] {
        func lengths(_ lengths: NaiveMetrics.Lengths) -> Figures {
            func seconds(_ quantity: Quantity?) -> String { quantity?.json.line ?? "" }
            return Figures(
                n: String(lengths.n), p50: seconds(lengths.p50), p95: seconds(lengths.p95),
                max: seconds(lengths.max))
        }
        func rate(_ rate: (part: Int, whole: Int)) -> Figures {
            Figures(
                n: String(rate.whole), numerator: String(rate.part),
                denominator: String(rate.whole))
        }
        return [
            "lock_wait_time": lengths(naive.waits),
            "time_to_deliver": lengths(naive.timesToDeliver),
            "deployment_duration docker": lengths(naive.durations(tier: "docker")),
            "deployment_duration lightning": lengths(naive.durations(tier: "lightning")),
            "skip_rate": rate(naive.skips), "success_rate": rate(naive.successes),
            "timeout_rate": rate(naive.timeouts), "orphan_rate": rate(naive.orphans),
        ]
    }

    private struct Row: Decodable {
        let name: String
        let tier: String?
        let n: Int
        let p50: Double?
        let p95: Double?
        let max: Double?
        let numerator: Int?
        let denominator: Int?

        var key: String { tier.map { "\(name) \($0)" } ?? name }

        var figures: Figures {
            func text(_ number: Double?) -> String { number.map { JSONValue.decimal($0) } ?? "" }
            return Figures(
                n: String(n), p50: text(p50), p95: text(p95), max: text(max),
                numerator: numerator.map(String.init) ?? "",
                denominator: denominator.map(String.init) ?? "")
        }
    }

    private struct Document: Decodable { let metrics: [Row] }

    /// Every format has the figures of the second computation.
    func compare() throws {
        let decoder = JSONDecoder()
        let document = try decoder.decode(Document.self, from: Data(report.json.line.utf8)).metrics
        let lines = try report.metrics.map {
            try decoder.decode(Row.self, from: Data($0.json.line.utf8))
        }
        for (key, figures) in wanted {
            for rows in [document, lines] {
                #expect(rows.first { $0.key == key }?.figures == figures, "\(key)")
            }
        }
        compareCSV()
        compareTables()
    }

    private func compareCSV() {
        let lines = CSVRenderer().render(report.table).split(separator: "\r\n")
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        let heading = lines.first ?? []
        for (key, figures) in wanted {
            let row = lines.first {
                [$0[0], $0[1]].filter { !$0.isEmpty }.joined(separator: " ") == key
            }
            func cell(_ name: String) -> String? {
                heading.firstIndex(of: name).flatMap { row?[$0] }
            }
            #expect(
                [
                    cell("n"), cell("p50"), cell("p95"), cell("max"), cell("numerator"),
                    cell("denominator"),
                ]
                    == [
                        figures.n, figures.p50, figures.p95, figures.max, figures.numerator,
                        figures.denominator,
                    ], "\(key)")
        }
    }

    /// In the tables for people lengths are written for people.
    private func compareTables() {
        let text = MetricsText().render(report)
        let markdown = MetricsText().markdown(report)
        for (label, lengths) in [
            ("Lock wait time", naive.waits), ("Time to deliver", naive.timesToDeliver),
            ("Duration, docker", naive.durations(tier: "docker")),
        ] {
            let cells =
                [String(lengths.n)]
                + [lengths.mean, lengths.p50, lengths.p95, lengths.max].map { $0?.text ?? "-" } + [
                    "-"
                ]
            let row = text.split(separator: "\n").first { $0.hasPrefix(label + " ") } ?? ""
            #expect(row.split(separator: " ").suffix(6).map(String.init) == cells, "\(row)")
            #expect(markdown.contains("| " + cells.joined(separator: " | ") + " |"), "\(label)")
        }
        for (label, rate) in [
            ("Skip rate", naive.skips), ("Success rate", naive.successes),
            ("Timeout rate", naive.timeouts), ("Orphans", naive.orphans),
        ] {
            let row = text.split(separator: "\n").first { $0.hasPrefix(label + " ") } ?? ""
            let wanted = rate.whole == 0 ? ["-", "0/0"] : ["\(rate.part)/\(rate.whole)"]
            #expect(
                wanted.contains(row.split(separator: " ").last.map(String.init) ?? ""), "\(row)")
        }
    }
}
