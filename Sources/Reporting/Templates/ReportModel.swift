import DeploymentMetrics
import Queries
import Wording

/// A report as templates see it: texts and numbers for people, lists of such, and conditions.
///
/// Texts from outside are not escaped here but by the template, as its content type requires; only
/// what could act on a terminal is made visible. The keys are described in `docs/report.md`.
struct ReportModel {
    private let report: PeriodReport
    private let comparisons: [Comparison]
    private let breakdowns: [Breakdown]
    private let links: LinkTemplates
    /// How many metrics there are beside `comparisons`.
    private let omitted: Int
    private var zone: Zone { report.period.window.zone }

    /// - Parameter limit: how many tiers without a target, sources and people are named at most; nil
    ///   for all.
    init(_ report: PeriodReport, links: LinkTemplates, limit: Int? = nil) {
        self.report = report
        self.links = links
        guard let limit else {
            (comparisons, breakdowns, omitted) = (report.comparisons, report.breakdowns, 0)
            return
        }
        // The metrics are a few; the names of tiers are as many as people think of.
        func isExtra(_ pair: Comparison) -> Bool {
            pair.current.name == .deploymentDuration && pair.current.target == nil
        }
        let extra = report.comparisons.filter(isExtra).dropFirst(limit)
        let hidden = Set(extra.map(\.current.scope))
        comparisons = report.comparisons.filter {
            !isExtra($0) || !hidden.contains($0.current.scope)
        }
        breakdowns = report.breakdowns.map { $0.shortened(to: limit) }
        omitted = extra.count
    }

    /// The keys at the top.
    var values: [String: TemplateValue] {
        var values: [String: TemplateValue] = [
            "title": .text(report.period.title),
            "subtitle": .text(report.period.subtitle),
            "label": .text(report.period.label),
            "window": .text(report.period.window.text),
            "since": .text(zone.text(report.period.window.since)),
            "until": .text(zone.text(report.period.window.until)),
            "timezone": .text(zone.name),
            "is_running": .flag(report.period.isRunning),
            "now": .text(zone.text(report.period.now)),
            "comparison": .text(report.period.comparison),
            "previous_label": .text(report.period.previousLabel),
            "previous_window": .text(report.previousText),
            "headline": .text(report.headline),
            "attention": .texts(report.attention.map(\.escapedForTerminal)),
            "has_attention": .flag(!report.attention.isEmpty),
            "changes": .texts(report.changes.map(\.escapedForTerminal)),
            "has_changes": .flag(!report.changes.isEmpty),
            "metrics": .list(comparisons.map { .object(metric($0)) }),
            "metrics_markdown": .text(VerdictTable(comparisons).markdown),
            "notes": .texts(notes),
            "trend": .object(trend),
            "breakdowns": .list(
                breakdowns.map { breakdown in
                    var values = table(
                        breakdown.table, title: "By \(breakdown.key)", key: breakdown.key)
                    values["is_charted"] = .flag(breakdown.isOfTime)
                    return .object(values)
                }),
            "lists": .list(report.lists.map { .object(list($0)) }),
            "charts": .list(
                report.charts.enumerated().map { index, one in
                    var values = chart(one)
                    values["is_first"] = .flag(index == 0)
                    return .object(values)
                }),
            "bars": MailBars.values(report.charts),
            "in_flight": .text(report.current.inFlight.text(now: report.period.now)),
            "ledger": .text(report.ledgerText),
        ]
        if let keys = report.keysTable {
            values["keys"] = .object(table(keys, title: "Delivery", key: "delivery"))
        }
        if report.ciRuns.total > 0 {
            values["ci_runs"] = [
                "title": .text(CIRuns.title), "note": .text(report.ciRuns.note),
                "tables": .list(
                    report.ciRuns.tables.map {
                        .object(table($0.table, title: $0.title, key: $0.key))
                    }),
            ]
        }
        if !report.current.filter.isEmpty {
            values["filter"] = .text(report.current.filter.text.escapedForTerminal)
        }
        return values
    }

    private var notes: [String] {
        let notes = comparisons.map(\.current).flatMap { metric in
            metric.notes.map { "\(metric.label): \($0)".escapedForTerminal }
        }
        let left =
            omitted == 0
            ? nil
            : "Duration: \(PluralText.text(omitted, "more tier is", "more tiers are")) left out"
        return notes + [left, report.current.targets.note].compactMap(\.self)
    }

    private func metric(_ pair: Comparison) -> [String: TemplateValue] {
        let metric = pair.current
        return [
            "name": .text(metric.name.rawValue), "label": .text(metric.label),
            "verdict": .text(metric.verdict),
            "verdict_words": .text(metric.verdict == "-" ? "" : "\(metric.verdict), "),
            "is_pass": .flag(metric.status == .pass), "is_fail": .flag(metric.status == .fail),
            "value": .text(metric.statedValue), "target": .text(metric.targetText),
            "n": .number(metric.n), "ratio": .text(metric.ratioText),
            "mean": .text(metric.mean?.text ?? "-"), "p50": .text(metric.p50?.text ?? "-"),
            "p95": .text(metric.p95?.text ?? "-"),
            "max": .text(metric.max?.text ?? "-"),
            "previous": .text(pair.previous?.statedValue ?? "n/a"),
            "previous_n": .number(pair.previous?.n ?? 0), "change": .text(pair.changeText),
        ]
    }

    private var trend: [String: TemplateValue] {
        let table = report.trend.table
        var values = self.table(table, title: report.trend.title, key: "trend")
        values["weeks"] = .texts(table.columns.dropFirst().map(\.title))
        values["lines"] = .list(
            zip(report.trend.lines, table.rows).map { line, row in
                [
                    "label": .text(line.label),
                    "svg": .text(SparklineSVG.draw(line, report.trend.weeks)),
                    "cells": .list(row.dropFirst().map { TableModel(zone: zone).cell($0, false) }),
                ]
            })
        return values
    }

    private func list(_ list: ReportList) -> [String: TemplateValue] {
        var values = table(
            list.table, title: list.title, key: list.key, links: list.links(links))
        values["none"] = .text(list.none)
        values["total"] = .count(list.total)
        values["shown"] = .count(list.total - list.omitted)
        values["omitted"] = .count(list.omitted)
        values["is_cut"] = .flag(list.omitted > 0)
        return values
    }

    private func chart(_ chart: Chart) -> [String: TemplateValue] {
        var values = table(chart.table, title: chart.title, key: chart.key)
        values["summary"] = .text(chart.summary)
        values["svg"] = .text(ChartSVG(chart).text)
        values["svg_narrow"] = .text(ChartSVG(chart, .narrow).text)
        return values
    }

    private func table(
        _ table: Table, title: String, key: String, links: [[String?]]? = nil
    ) -> [String: TemplateValue] {
        TableModel(zone: zone).values(table, title: title, key: key, links: links)
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
