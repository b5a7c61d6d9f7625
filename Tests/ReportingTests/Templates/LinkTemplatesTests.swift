@testable import Reporting
import Testing

@Suite("Links of a report")
struct LinkTemplatesTests {
    private func page(_ links: [String], _ facts: LedgerFixture.Facts...) throws -> String {
        let ledger = try LedgerFixture()
        for (index, facts) in facts.enumerated() {
            try ledger.add(asked: Double(index * 100), wait: 0, held: 60, .exit(0), facts)
        }
        return try ReportTemplate.html().render(
            RichLedger.report(ledger), links: LinkTemplates(links))
    }

    @Test func `commits and numbers lead where the templates say`() throws {
        let sha = String(repeating: "ab", count: 20)
        let page = try page(
            [
                "commit=https://github.com/o/r/commit/{sha}",
                "deployment=https://deploy.example/x?n={number}&all=1",
            ], .init(sha: sha))
        #expect(
            page.contains(
                "<a href=\"https://github.com/o/r/commit/\(sha)\" rel=\"noopener noreferrer\">"
                    + "\(sha.prefix(10))</a>"))
        #expect(page.contains("<a href=\"https://deploy.example/x?n=1&amp;all=1\""))
    }

    @Test func `a run is a link when it is a page of the web, and nothing else is`() throws {
        let page = try page(
            [], .init(runURL: "https://github.com/o/r/actions/runs/7?x=\"<"),
            .init(runURL: "javascript:alert(1)"), .init(runURL: "https://x.example/a b"),
            .init(runURL: "HTTP://runs.example/\"onclick='x"))
        let links = page.matches(of: /<a href="([^"]*)"/).map { String($0.1) }
        #expect(
            Set(links) == [
                "https://github.com/o/r/actions/runs/7?x=&quot;&lt;",
                "HTTP://runs.example/&quot;onclick=&#39;x",
            ])
    }

    @Test func `in Markdown they are links, too, and end neither the link nor the cell`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(
            asked: 0, wait: 0, held: 60, .exit(0),
            .init(sha: "abcdef0123456789", runURL: "https://x.example/a_(b)|c?d=<e>"))
        let text = try ReportTemplate.markdown().render(
            RichLedger.report(ledger), links: LinkTemplates(["commit=https://g.example/{sha}"]))
        #expect(text.contains("[abcdef0123](https://g.example/abcdef0123456789)"))
        #expect(text.contains("| [1](https://x.example/a%5f%28b%29%7cc?d=%3ce%3e) |"))
    }

    @Test func `what is put into an address stays a part of it`() throws {
        let links = try LinkTemplates(["commit=https://x.example/{sha}"])
        #expect(
            links.address("commit", ["sha": "../a?b=c#\u{E9}"])
                == "https://x.example/..%2fa%3fb%3dc%23%c3%a9")
        #expect(links.address("commit", ["sha": nil]) == nil)
        #expect(links.address("deployment", ["number": "1"]) == nil)
    }

    @Test(
        arguments: [
            ("commit", "is not a link"), ("person=https://x/{name}", "is not a link"),
            ("commit=javascript:x({sha})", "must begin with https:// or http://"),
            ("commit=https://x/{sha} y", "have no blanks"),
            ("commit=https://x/{number}", "unknown {number} in"),
            ("deployment=https://x/", "lead everywhere to the same place; use {number} or {id}"),
        ]
    )
    func `a link that cannot be used is said`(text: String, problem: String) throws {
        let error = try #require(throws: LinkTemplates.Mistake.self) { try LinkTemplates([text]) }
        #expect(error.description.contains(problem), "\(error)")
    }
}
