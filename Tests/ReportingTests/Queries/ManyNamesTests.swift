import Ledger
import Reporting
import Testing

@Suite("A report on names that people make up")
struct ManyNamesTests {
    @Test func `however many tiers, people and reasons there are, the report can be made to fit`()
        throws
    {
        let ledger = try LedgerFixture()
        try ledger.together {
            for index in 0..<300 {
                let facts = LedgerFixture.Facts(tier: "tier \(index)", actor: "person \(index)")
                try ledger.add(asked: Double(index * 100), wait: 0, held: 60, .exit(0), facts)
                try ledger.add(
                    asked: Double(index * 100 + 70), wait: 0,
                    .left(.skipped, .skipped, reason: "reason \(index)"), facts)
            }
        }
        let report = try RichLedger.report(ledger)
        let template = try ReportTemplate.markdown()
        let whole = template.render(report)
        #expect(whole.components("| person ") > 300 && whole.contains("| Duration, tier 299 |"))
        #expect(whole.contains(", and 280 more reasons)"))
        let text = try #require(template.render(report, within: 12_000))
        #expect(text.utf8.count <= 12_000)
        #expect(text.contains("| Queue length |") && text.contains("| Duration, docker |"))
        #expect(text.contains(" more tiers are left out\n"))
        // What is cut off is added up, so that nothing is missing from the sums.
        let others = text.split(separator: "\n").filter { $0.contains(" more | ") }
        #expect(others.count == 2, "\(others)")
        for row in others {
            let cells = row.split(separator: "|").map { $0.filter { $0 != " " } }
            let more = Int(cells[0].prefix { $0.isNumber }) ?? 0
            #expect(more > 200 && cells[1...3] == ["\(more * 2)", "\(more)", "0"], "\(row)")
        }
    }

    @Test func `a long name does not push everything else out of sight`() throws {
        let ledger = try LedgerFixture()
        let facts = LedgerFixture.Facts(tier: String(repeating: "x", count: 5000))
        try ledger.add(asked: 0, wait: 0, held: 60, .exit(0), facts)
        let text = try PeriodText().render(RichLedger.report(ledger))
        let row = try #require(text.split(separator: "\n").first { $0.hasPrefix("Duration, xxxx") })
        #expect(row.count < 200)
        #expect(text.split(separator: "\n").allSatisfy { $0.count < 400 })
    }
}

extension String {
    /// How often a text is in it.
    fileprivate func components(_ part: String) -> Int {
        split(separator: part, omittingEmptySubsequences: false).count - 1
    }
}
