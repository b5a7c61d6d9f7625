import JSON
import DeploymentMetrics
import Queries
import Reporting
import Testing

@Suite("The metrics report")
struct MetricsReportTests {
    private typealias Facts = LedgerFixture.Facts

    private func ledger() throws -> LedgerFixture {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, held: 200, .exit(0), Facts(tier: "lightning", ahead: 0))
        try ledger.add(asked: 10, wait: 190, held: 601, .exit(0), Facts(tier: "docker"))
        try ledger.add(asked: 20, wait: 30, .timeout)
        try ledger.add(asked: 900, wait: 0.5, held: 0, .none)
        return ledger
    }

    @Test func `the metrics table shows verdict, value, target, counts and notes`() throws {
        let report = try ledger().report(until: 1000)
        let expected = """
            Deployment metrics  2026-09-14 00:00:00 to 2026-09-14 00:16:40 UTC (16m40s)

            METRIC               VERDICT  VALUE       TARGET  N    MEAN    P50     P95     MAX  RATE
            Lock wait time       PASS     max 3m10s   < 5m    4     55s  500ms   3m10s   3m10s     -
            Duration, lightning  PASS     max 3m20s   ≤ 5m    1   3m20s  3m20s   3m20s   3m20s     -
            Duration, docker     FAIL     max 10m01s  ≤ 10m   1  10m01s 10m01s  10m01s  10m01s     -
            Queue length         PASS     max 2       < 3     4       -      -       -       2     -
            Skip rate            PASS     0 %         < 10 %  3       -      -       -       -   0/3
            Success rate         -        100 %       none    2       -      -       -       -   2/2
            Time to deliver      n/a      n/a         none    0       -      -       -       -     -
            Timeout rate         FAIL     25 %        0 %     4       -      -       -       -   1/4
            Orphans              PASS     0           0       2       -      -       -       -   0/2

              Lock wait time: 1 of 4 timed out; counted with the time waited
              Queue length: 0 at the end, 0.22 on average, 3 or more for 0 % of the time

            In flight: 1 running (#4 ann, 1m39s)
            Ledger: 4 deployments, 10 events since 2026-09-14 00:00:00 UTC

            """
        // Columns are compared without their padding.
        func squeezed(_ text: String) -> [String] {
            text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                line.split(separator: " ").joined(separator: " ")
            }
        }
        let text = MetricsText().render(report)
        #expect(squeezed(text) == squeezed(expected))
        // Rows of figures end in the same column.
        let rows = text.split(separator: "\n").dropFirst().prefix(10)
        #expect(Set(rows.map(\.count)).count == 1)
    }

    @Test func `colour is added to verdicts and headings alone, the words stay`() throws {
        let report = try ledger().report()
        let plain = MetricsText().render(report)
        let coloured = MetricsText(style: .coloured).render(report)
        #expect(coloured.contains("\u{1b}[32mPASS\u{1b}[0m"))
        #expect(coloured.contains("\u{1b}[1;31mFAIL\u{1b}[0m"))
        var stripped = coloured
        for code in ["0", "1", "2", "32", "1;31"] {
            stripped = stripped.split(separator: "\u{1b}[\(code)m").joined()
        }
        #expect(stripped == plain)
    }

    @Test func `JSON has window, metrics and deployments in flight, in base units`() throws {
        let line = try ledger().report().json.line
        #expect(
            line.hasPrefix(
                #"{"window":{"since":"2026-09-14T00:00:00.000000Z","#
                    + #""until":"2026-09-14T00:16:40.000000Z","#))
        #expect(
            line.contains(
                #"{"name":"lock_wait_time","unit":"seconds","statistic":"max","value":190,"#
                    + #""target":300,"status":"pass","n":4,"target_comparison":"<","#
                    + #""p50":0.5,"p95":190,"max":190,"mean":55.125,"censored":1,"superseded":0,"frozen":0}"#
            ))
        #expect(
            line.contains(
                #"{"name":"deployment_duration","tier":"docker","unit":"seconds","#
                    + #""statistic":"max","value":601,"target":600,"status":"fail","n":1,"#))
        #expect(
            line.contains(
                #""statistic":"rate","value":0.25,"target":0,"status":"fail","n":4,"#
                    + #""target_comparison":"=","numerator":1,"denominator":4,"#))
        #expect(line.contains(#""in_flight":{"waiting":0,"running":1,"seen_dead":0,"#))
    }

    @Test func `CSV has one line per metric`() throws {
        let lines = CSVRenderer().render(try ledger().report().table).split(separator: "\r\n")
        #expect(lines.count == 10)
        #expect(
            lines[0]
                == "name,tier,unit,statistic,value,target,status,n,numerator,denominator,p50,p95,max,mean,"
                + "since,until,zone,selection,censored,excluded"
        )
        let about = ",2026-09-14T00:00:00.000000Z,2026-09-14T00:16:40.000000Z,UTC,,"
        #expect(lines[1].hasSuffix(about + "1,"))
        #expect(
            lines[3]
                == "deployment_duration,docker,seconds,max,601,600,fail,1,,,601,601,601,601\(about),"
        )
        #expect(lines[6] == "success_rate,,ratio,rate,1,,no_target,2,2,2,,,,\(about),")
        #expect(lines[7] == "time_to_deliver,,seconds,max,,,no_data,0,,,,,,\(about),")
        #expect(lines[8] == "timeout_rate,,ratio,rate,0.25,0,fail,4,1,4,,,,\(about),")
        var filter = ReportFilter()
        filter.tiers = ["docker", "lightning"]
        filter.branches = ["main"]
        let selected = CSVRenderer().render(try ledger().report(filter: filter).table)
            .split(separator: "\r\n")
        #expect(selected[1].contains(",UTC,\"tier docker or lightning, branch main\","))
    }

    @Test func `a report says when the ledger begins inside its window`() throws {
        let text = MetricsText().render(try ledger().report(since: -10, until: 1000))
        #expect(text.contains("since 2026-09-14 00:00:00 UTC (its first record)\n"))
    }
}
