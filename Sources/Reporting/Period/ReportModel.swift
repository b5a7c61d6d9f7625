import Metrics
import Queries
import Wording

/// A report as templates see it: texts and numbers for people, lists of such, and conditions.
///
/// Texts from outside are not escaped here but by the template, as its content type wants it; only
/// what could act on a terminal is made visible. The keys are described in `docs/report.md`.
struct ReportModel {
    private let report: PeriodReport
    private let comparisons: [Comparison]
    private let breakdowns: [Breakdown]
    /// How many metrics there are beside `comparisons`.
    private let omitted: Int
    private var zone: Zone { report.period.window.zone }

    /// - Parameter limit: how many tiers without a target, sources and people are named at most; nil
    ///   for all.
    init(_ report: PeriodReport, limit: Int? = nil) {
        self.report = report
        guard let limit else {
            (comparisons, breakdowns, omitted) = (report.comparisons, report.breakdowns, 0)
            return
        }
        let extra = report.comparisons.filter { $0.current.target == nil }.dropFirst(limit)
        let hidden = Set(extra.map(\.current.tier))
        comparisons = report.comparisons.filter {
            $0.current.target != nil || !hidden.contains($0.current.tier)
        }
        breakdowns = report.breakdowns.map { $0.shortened(to: limit) }
        omitted = extra.count
    }

    /// The keys at the top.
    var values: [String: Any] {
        var values: [String: Any] = [
            "title": report.period.title,
            "subtitle": report.period.subtitle,
            "label": report.period.label,
            "window": report.period.window.text,
            "since": zone.text(report.period.window.since),
            "until": zone.text(report.period.window.until),
            "timezone": zone.name,
            "is_running": report.period.isRunning,
            "now": zone.text(report.period.now),
            "comparison": report.period.comparison,
            "previous_label": report.period.previousLabel,
            "previous_window": report.previousText,
            "attention": report.attention.map(\.escapedForTerminal),
            "has_attention": !report.attention.isEmpty,
            "changes": report.changes.map(\.escapedForTerminal),
            "has_changes": !report.changes.isEmpty,
            "metrics": comparisons.map(metric),
            "metrics_markdown": VerdictTable(comparisons).markdown,
            "notes": notes,
            "trend": trend,
            "breakdowns": breakdowns.map { breakdown in
                table(breakdown.table, title: "By \(breakdown.key)", key: breakdown.key)
            },
            "lists": report.lists.map(list),
            "charts": report.charts.map(chart),
            "in_flight": report.current.inFlight.text(now: report.period.now),
            "ledger": report.ledgerText,
        ]
        if !report.current.filter.isEmpty {
            values["filter"] = report.current.filter.text.escapedForTerminal
        }
        return values
    }

    private var notes: [String] {
        let notes = comparisons.map(\.current).flatMap { metric in
            metric.notes.map { "\(metric.label): \($0)".escapedForTerminal }
        }
        if omitted == 0 { return notes }
        return notes + [
            "Duration: \(PluralText.text(omitted, "more tier is", "more tiers are")) left out"
        ]
    }

    private func metric(_ pair: Comparison) -> [String: Any] {
        let metric = pair.current
        return [
            "name": metric.name.rawValue, "label": metric.label, "verdict": metric.verdict,
            "is_pass": metric.status == .pass, "is_fail": metric.status == .fail,
            "value": metric.statedValue, "target": metric.targetText, "n": metric.n,
            "ratio": metric.ratioText, "p50": metric.p50?.text ?? "-",
            "p95": metric.p95?.text ?? "-", "max": metric.max?.text ?? "-",
            "previous": pair.previous?.statedValue ?? "n/a",
            "previous_n": pair.previous?.n ?? 0, "change": pair.change.text,
        ]
    }

    private var trend: [String: Any] {
        let table = report.trend.table
        var values = self.table(table, title: report.trend.title, key: "trend")
        values["weeks"] = table.columns.dropFirst().map(\.title)
        values["lines"] = zip(report.trend.lines, table.rows).map { line, row -> [String: Any] in
            [
                "label": line.label, "svg": SparklineSVG.draw(line, report.trend.weeks),
                "cells": row.dropFirst().map { cell($0, false) },
            ]
        }
        return values
    }

    private func list(_ list: ReportList) -> [String: Any] {
        var values = table(list.table, title: list.title, key: list.key)
        values["none"] = list.none
        values["total"] = list.total
        values["shown"] = list.total - list.omitted
        values["omitted"] = list.omitted
        values["is_cut"] = list.omitted > 0
        return values
    }

    private func chart(_ chart: Chart) -> [String: Any] {
        var values = table(chart.table, title: chart.title, key: chart.key)
        values["summary"] = chart.summary
        values["svg"] = ChartSVG(chart).text
        return values
    }

    private func table(_ table: Table, title: String, key: String) -> [String: Any] {
        let numeric = table.columns.enumerated().map { index, column in
            // Also where no row has a value.
            column.key.hasSuffix("_seconds") || table.rows.contains { $0[index].isNumber }
        }
        let columns = zip(table.columns, numeric).map { column, isNumber -> [String: Any] in
            ["title": column.title, "is_number": isNumber]
        }
        let rows = table.rows.map { row in
            ["cells": zip(row, numeric).map { cell, isNumber in self.cell(cell, isNumber) }]
        }
        return [
            "title": title, "key": key, "columns": columns, "has_rows": !table.rows.isEmpty,
            "rows": rows,
            "markdown": MarkdownRenderer(zone: zone).render(table),
        ]
    }

    /// A time fits.
    private static let longestUnbroken = 20

    private func cell(_ cell: Cell, _ isNumber: Bool) -> [String: Any] {
        let text = cell.text(in: zone).escapedForTerminal
        return [
            "text": text, "is_number": isNumber,
            "is_short": !isNumber && text.utf8.count <= Self.longestUnbroken,
        ]
    }
}

extension PeriodReport {
    /// What it is compared with, and how much of that can be known.
    var previousText: String {
        let text = previous.window.text
        guard previous.beginsBeforeTheLedger else { return text }
        guard let first = current.coverage.first, first < previous.window.until else {
            return text + ", of which nothing is known"
        }
        return text + ", of which nothing is known before \(period.window.zone.shortText(first))"
    }

    /// What the ledger holds, in words.
    var ledgerText: String {
        let coverage = current.coverage
        guard let first = coverage.first else { return "empty" }
        let deployments = PluralText.text(coverage.deployments, "deployment")
        let before = current.beginsBeforeTheLedger ? " (its first record)" : ""
        return "\(deployments) since \(period.window.zone.text(first))\(before)"
    }
}
