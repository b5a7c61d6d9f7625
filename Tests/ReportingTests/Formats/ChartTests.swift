import JSON
import Ledger
import DeploymentMetrics
import Queries
import Reporting
import SystemCalls
import TestSupport
import Testing

@Suite("Charts")
struct ChartTests {
    private func chart(_ key: String, _ report: PeriodReport) throws -> Chart {
        try #require(report.charts.first { $0.key == key })
    }

    private func page(_ report: PeriodReport) throws -> String {
        try ReportTemplate.html().render(report)
    }

    /// The page without the pictures for phones, which show the same.
    private func widePage(_ report: PeriodReport) throws -> String {
        try page(report).replacing(/<svg class="narrow"[^∎]*?<\/svg>/, with: "")
    }

    @Test func `few values are points, one for each deployment, truncated ones marked`() throws {
        let chart = try chart("lock_wait_time", RichLedger.report(RichLedger.make()))
        #expect(chart.series.map(\.shape.isPoints) == [true, true])
        #expect(chart.series[0].marks.compactMap { $0?.value }.sorted().last == 570_000_000)
        #expect(chart.series[1].marks.map { $0?.value } == [300_000_000])
        #expect(chart.targets.map(\.label) == ["target < 5m"])
        #expect(chart.targets.map(\.value) == [300_000_000])
    }

    @Test func `targets are drawn last so that bars do not hide them`() throws {
        let report = try RichLedger.report(RichLedger.make())
        let page = try widePage(report)
        for chart in report.charts where !chart.targets.isEmpty {
            let start = try #require(page.firstRange(of: "id=\"chart-\(chart.key)-title\""))
            let rest = page[start.upperBound...]
            let svg = rest[..<(try #require(rest.firstRange(of: "</svg>")).lowerBound)]
            let target = try #require(svg.ranges(of: "class=\"target\"").last).lowerBound
            let drawn = svg.ranges(of: /class="(mark |line )?s\d/).map(\.lowerBound)
            // Behind the targets only the legend, with a mark for each series.
            #expect(drawn.count { $0 > target } == chart.series.count, "\(chart.key)")
            #expect(drawn.count { $0 < target } > 0)
        }
    }

    @Test func `many values are a line, broken where nothing was measured, and never zero there`()
        throws
    {
        let ledger = try LedgerFixture()
        // 63 waits on Monday in Berlin: a third each from 12, from 15 and from 21 o'clock.
        for (start, count) in [(36_000, 21), (46_800, 21), (68_400, 21)] {
            for index in 0..<count {
                try ledger.add(
                    asked: Double(start + index * 30), wait: 10, held: 5, .exit(0))
            }
        }
        let report = try RichLedger.report(ledger)
        let chart = try chart("lock_wait_time", report)
        let marks = chart.series[0].marks
        #expect(marks.compactMap { $0?.value } == [10_000_000, 10_000_000, 10_000_000])
        #expect(marks.prefix(5).map { $0 != nil } == [true, true, false, true, false])
        #expect(chart.table.rows.count == 7)
        // The two neighbours are joined, in the chart of waits and in that of durations.
        let lines = try widePage(report).split(separator: "<polyline class=\"line s0\" points=\"")
        #expect(lines.count == 3)
        for line in lines.dropFirst() {
            #expect(line.prefix { $0 != "\"" }.split(separator: " ").count == 2)
        }
    }

    @Test func `tiers that are not drawn are counted, and names stay inside of the picture`() throws
    {
        let ledger = try LedgerFixture()
        for index in 0..<6 {
            let tier = "\(index) " + String(repeating: "name ", count: 40)
            try ledger.add(
                asked: Double(index * 100), wait: 0, held: 60, .exit(0), .init(tier: tier))
        }
        let report = try RichLedger.report(ledger)
        let chart = try chart("deployment_duration", report)
        #expect(chart.series.count == 4)
        #expect(chart.title == "Deployment duration, 4 of 6 tiers")
        let page = try widePage(report)
        #expect(page.contains("<h2>Deployment duration, 4 of 6 tiers</h2>"))
        // The names beside the signs, with six units a letter.
        let names = page.matches(of: /x="([0-9.]+)" y="20" text-anchor="start">([0-9] [^<]*)</)
        #expect(names.count == 4)
        for name in names {
            #expect((Double(name.1) ?? 0) + Double(name.2.count) * 6 < 760, "\(name.0)")
        }
    }

    @Test func `targets far below one high value can still be read, and are in the words, too`()
        throws
    {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, held: 100, .exit(0), .init(tier: "lightning"))
        try ledger.add(asked: 200, wait: 0, held: 172_800, .exit(0), .init(tier: "docker"))
        let page = try widePage(RichLedger.report(ledger))
        let heights = page.matches(
            of: #/target-label" x="[0-9.]+" y="([0-9.]+)"[^>]*>(?:lightning|docker) /#
        )
        .compactMap { Double($0.1) }
        #expect(heights.count == 2 && abs(heights[0] - heights[1]) >= 12, "\(heights)")
        #expect(page.contains(" Line: lightning target ≤ 5m. Line: docker target ≤ 10m. 2026-"))
    }

    @Test func `the longest queue of each part is drawn; a quiet part is zero, not a gap`() throws {
        let chart = try chart("queue_length", RichLedger.report(RichLedger.make()))
        let values = chart.series[0].marks.map { $0?.value ?? -1 }
        #expect(values.count == 56)
        // 28800 to 30000 seconds are between 10:00 and 10:20 in Berlin: the part from 09:00.
        #expect(values.enumerated().filter { $0.element > 0 }.map(\.offset) == [3])
        #expect(values.max() == 3 && values.min() == 0)
    }

    @Test func `the first chart stacks what failed, succeeded, gave up and was left out, by day`()
        throws
    {
        let report = try RichLedger.report(RichLedger.make())
        let chart = try #require(report.charts.first)
        #expect(chart.key == "deployments")
        #expect(chart.series.map(\.name) == ["failed", "succeeded", "gave up", "left out"])
        // Tuesday: one succeeded and one failed; Wednesday force-unlocked, Thursday orphaned.
        #expect(chart.series[0].marks.map { $0?.value } == [0, 1, 1, 1, 0, 0, 0])
        #expect(chart.series[1].marks.map { $0?.value } == [4, 1, 0, 0, 0, 0, 0])
        #expect(chart.series[2].marks.map { $0?.value } == [1, 0, 0, 0, 0, 0, 0])
        #expect(chart.series[3].marks.map { $0?.value } == [1, 0, 0, 0, 1, 1, 0])
        #expect(chart.summary == "failed: 3; succeeded: 5; gave up: 1; left out: 3.")
        // The bars of a day stand upon each other, up to what is written above them.
        let page = try widePage(report)
        #expect(page.contains(">2, 1 failed</text>"))
        let bars = page.matches(
            of: #/<rect class="o." x="([0-9.]+)" y="([0-9.]+)" width="[0-9.]+" height="([^"]+)"/#
        ).compactMap { match -> (String, Double, Double)? in
            guard let y = Double(match.2), let height = Double(match.3) else { return nil }
            return (String(match.1), y, height)
        }
        let monday = bars.filter { $0.0 == bars[0].0 }
        #expect(monday.count == 3)
        for (lower, upper) in zip(monday, monday.dropFirst()) {
            #expect(abs(upper.1 + upper.2 - lower.1) < 0.02)
        }
        // What is to come has no bar.
        let running = try RichLedger.report(RichLedger.make(), week: "this-week")
        let marks = try #require(running.charts.first).series[0].marks
        #expect(marks.map { $0 != nil } == [true, true, false, false, false, false, false])
    }

    @Test func `the maximum of few is hollow, which the legend and JSON say, and joined to no p95`()
        throws
    {
        let ledger = try LedgerFixture()
        // 21, 20, 3 and 2 waits in parts of three hours that follow each other.
        for (start, count) in [
            (36_000, 21), (46_800, 20), (57_600, 3), (68_400, 2), (82_000, 21),
        ] {
            for index in 0..<count {
                try ledger.add(asked: Double(start + index * 30), wait: 10, held: 5, .exit(0))
            }
        }
        let report = try RichLedger.report(ledger)
        let series = try chart("lock_wait_time", report).series
        #expect(
            series[1].marks.compactMap { $0?.statistic } == [.p95, .p95, .max, .max, .p95])
        #expect(series[0].marks.allSatisfy { $0?.statistic == nil })
        let page = try widePage(report)
        let title = "id=\"chart-lock_wait_time-title\""
        let rest = page[(try #require(page.firstRange(of: title)).lowerBound)...]
        let svg = rest[..<(try #require(rest.firstRange(of: "</svg>")).lowerBound)]
        #expect(svg.ranges(of: "class=\"mark hollow s1\"").count == 2)
        #expect(svg.contains(">hollow: the maximum of fewer than 20</text>"))
        #expect(svg.ranges(of: "class=\"line s1\"").count == 1)
        #expect(svg.ranges(of: "class=\"line faint s1\"").count == 1)
        #expect(report.json.line.contains(#""value":10,"statistic":"max"}"#))
    }

    @Test func `what a target says stands beside the values, also on a phone`() throws {
        let report = try RichLedger.report(RichLedger.make())
        let pictures = try page(report).split(separator: "<svg ").filter {
            $0.hasPrefix("class=\"wide") || $0.hasPrefix("class=\"narrow")
        }
        #expect(pictures.count == 8)
        for picture in pictures {
            let width = try #require(
                picture.firstMatch(of: #/viewBox="0 0 ([0-9.]+) /#).flatMap { Double($0.1) })
            #expect(width == (picture.hasPrefix("class=\"wide") ? 760 : 360))
            let marks = picture.matches(of: #/class="mark[^"]*" (?:cx|points)="([0-9.]+)/#)
                .compactMap { Double($0.1) }
            for label in picture.matches(
                of: #/target-label" x="([0-9.]+)" y="[0-9.]+" text-anchor="start">([^<]*)</#)
            {
                let left = Double(label.1) ?? 0
                #expect(marks.allSatisfy { $0 <= left })
                let columns = label.2.replacing("&lt;", with: "<").count
                #expect(left + Double(columns) * 6.5 <= width, "\(label.2)")
            }
        }
    }

    @Test func `without a duration there is no table of days alone`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 100, wait: 0, held: 5, .exit(1))
        let report = try RichLedger.report(ledger)
        #expect(try chart("deployment_duration", report).table.rows.isEmpty)
        #expect(try chart("lock_wait_time", report).table.rows.count == 7)
        #expect(try page(report).components("<summary>Data table</summary>") == 3)
    }

    @Test func `times still to come and before the ledger are shaded, not drawn`() throws {
        let ledger = try RichLedger.make()
        let running = try RichLedger.report(ledger, week: "this-week")
        let chart = try chart("queue_length", running)
        #expect(chart.unknown.map(\.why) == ["still to come"])
        #expect(chart.series[0].marks.count == 12)
        #expect(try widePage(running).contains(">still to come</text>"))
        // The words say so, too.
        #expect(chart.summary.hasSuffix(" is still to come."))
        let first = try RichLedger.report(ledger, week: "2026-W33")
        #expect(
            try self.chart("queue_length", first).unknown.map(\.why) == ["before the ledger begins"]
        )
    }

    @Test func `zone, window and where the axis starts are printed in every chart`() throws {
        let text = try widePage(RichLedger.report(RichLedger.make()))
        let line =
            ">2026-09-14 00:00:00 to 2026-09-21 00:00:00 Europe/Berlin (7d); the axis starts at 0</text>"
        #expect(text.components(line) == 4)
        #expect(text.components("<desc ") == 4)
        #expect(text.components(">0s</text>") == 2 && text.components(">0</text>") == 2)
    }

    @Test func `a chart without a value says so`() throws {
        let ledger = try RichLedger.make()
        let chart = try chart("lock_wait_time", RichLedger.report(ledger, week: "2026-W35"))
        #expect(chart.summary == "Nothing was measured.")
        #expect(
            try widePage(RichLedger.report(ledger, week: "2026-W35"))
                .components(">nothing was measured</text>") == 2)
    }

    @Test(
        arguments: [
            "2026-W38", "2026-W35", "this-week",
        ]
    )
    func `the page is well-formed, self-contained and runs nothing`(week: String) throws {
        let directory = try TemporaryDirectory()
        let file = directory.file("report.html")
        try page(RichLedger.report(RichLedger.make(), week: week)).write(to: file)
        let check = """
            import html.parser, re, sys, xml.etree.ElementTree as tree
            VOID = {"meta", "link", "br", "img", "input", "hr"}
            class Page(html.parser.HTMLParser):
                def __init__(self):
                    super().__init__(convert_charrefs=True)
                    self.open, self.ids = [], set()
                def handle_starttag(self, tag, attributes):
                    assert tag not in ("script", "link", "img", "iframe", "object", "base"), tag
                    for name, value in attributes:
                        assert name not in ("href", "src", "xlink:href", "action"), name
                        assert not name.startswith("on"), name
                        assert not (name == "id" and value in self.ids), value
                        if name == "id": self.ids.add(value)
                    if tag not in VOID: self.open.append(tag)
                def handle_startendtag(self, tag, attributes):
                    self.handle_starttag(tag, attributes)
                    if tag not in VOID: self.open.pop()
                def handle_endtag(self, tag):
                    assert self.open and self.open[-1] == tag, (tag, self.open[-3:], self.getpos())
                    self.open.pop()
            text = open(sys.argv[1], encoding="utf-8").read()
            page = Page()
            page.feed(text)
            page.close()
            assert not page.open, page.open
            assert not re.search(r"https?:|url\\(|@import|//[a-z]", text), "an external address"
            assert not any(ord(c) < 32 and c != "\\n" for c in text), "a control character"
            pictures = re.findall(r"<svg.*?</svg>", text, re.S)
            assert len(pictures) >= 6
            for picture in pictures: tree.fromstring(picture)
            """
        let result = try ChildProcess.run(["python3", "-c", check, file])
        #expect(result.code == 0, "\(result.errors)")
    }
}

extension Chart.Shape {
    fileprivate var isPoints: Bool { if case .points = self { true } else { false } }
}

extension String {
    /// How often a text is in it.
    fileprivate func components(_ part: String) -> Int {
        split(separator: part, omittingEmptySubsequences: false).count - 1
    }

    fileprivate func write(to path: String) throws {
        try FileReplacement.write(Array(utf8), to: path)
    }
}
