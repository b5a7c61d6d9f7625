@testable import Reporting
import Queries
import SystemCalls
import TestSupport
import Testing

@Suite("A report by mail")
struct ReportMailTests {
    private func message(_ ledger: LedgerFixture, _ week: String = "2026-W38") throws -> String {
        let mail = ReportMail(
            to: [try MailAddress("Ops <ops@example.org>"), try MailAddress("ann@example.org")],
            from: try MailAddress("deploy@example.org"))
        return try mail.text(
            RichLedger.report(ledger, week: week),
            links: LinkTemplates(["deployment=https://deploy.example/{number}"]))
    }

    /// Runs checks on the parsed message in Python, which prints `text` and `html`.
    private func check(_ message: String, _ checks: String) throws -> String {
        let place = try TemporaryDirectory()
        try FileReplacement.write(Array(message.utf8), to: place.file("mail"))
        let program = """
            import email, email.policy, re, sys, unicodedata
            raw = open(sys.argv[1], "rb").read()
            mail = email.message_from_bytes(raw, policy=email.policy.default)
            for part in mail.walk(): assert not part.defects, part.defects
            plain, html = [part.get_content() for part in mail.iter_parts()]
            def columns(line):
                return sum(0 if unicodedata.combining(c) else
                           2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
            """
        let result = try ChildProcess.run([
            "python3", "-c", program + "\n" + checks, place.file("mail"),
        ])
        #expect(result.code == 0, "\(result.errors)")
        return result.output
    }

    @Test(arguments: ["2026-W38", "2026-W35", "this-week"])
    func `it is a multipart message that Python reads without a defect`(week: String) throws {
        let message = try message(RichLedger.make(), week)
        #expect(message.utf8.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) })
        #expect(message.split(separator: "\n").allSatisfy { $0.utf8.count <= 78 })
        let output = try check(
            message,
            """
            assert mail.get_content_type() == "multipart/alternative"
            assert [p.get_content_type() for p in mail.iter_parts()] == ["text/plain", "text/html"]
            assert all(p["Content-Transfer-Encoding"] == "quoted-printable" for p in mail.iter_parts())
            assert mail["MIME-Version"] == "1.0" and mail["Auto-Submitted"] == "auto-generated"
            assert [a.addr_spec for a in mail["To"].addresses] == ["ops@example.org", "ann@example.org"]
            assert mail["From"].addresses[0].addr_spec == "deploy@example.org"
            assert mail["Date"].datetime.isoformat() == "2026-09-22T12:00:00+02:00", mail["Date"]
            assert re.fullmatch(r"<[0-9a-z]+@[A-Za-z0-9.-]+>", mail["Message-ID"])
            assert len(set(map(str.lower, mail.keys()))) == len(mail.keys())
            wide = [l for l in plain.splitlines() if columns(l) > 72]
            assert not wide, wide
            for word in ("<svg", "<style", "var(", "<img", "<script", "<link", "class=", "url(", "@media"):
                assert word not in html, word
            assert len(html.encode()) < 102_000
            print(mail["Subject"])
            """)
        #expect(output.hasPrefix("["))
    }

    @Test func `the subject has the verdict, and both parts say what the page says`() throws {
        let ledger = try RichLedger.make()
        let report = try RichLedger.report(ledger)
        let output = try check(
            message(ledger),
            """
            import html.parser
            class Words(html.parser.HTMLParser):
                text = ""
                def handle_data(self, data): self.text += data
            words = Words(); words.feed(html)
            def flat(text): return " ".join(text.split())
            print(mail["Subject"]); print(flat(plain)); print(flat(words.text)); print(html)
            """.replacing("html.parser", with: "html_parser").replacing(
                "import html_parser", with: "import html.parser as html_parser"))
        let lines = output.split(separator: "\n", maxSplits: 3).map(String.init)
        #expect(lines[0] == ReportMail.subject(report))
        #expect(lines[0].hasPrefix("[\(report.attention.count) to look at] Deployments 2026-W38: "))
        for sentence in report.attention + report.changes + [report.headline] {
            #expect(lines[1].contains(sentence), "\(sentence)")
            #expect(lines[2].contains(sentence), "\(sentence)")
        }
        // Text from outside is text.
        #expect(lines[2].contains("<script>alert(1)</script>"))
        #expect(!lines[3].contains("<script>") && !lines[3].contains("<b>&"))
        // A bar for each day, and links.
        #expect(lines[1].contains("2026-09-15 2, 1 failed"))
        #expect(lines[3].ranges(of: "bgcolor=\"#c2262f\"").count == 4)
        #expect(lines[3].contains("href=\"https://deploy.example/20\""))
    }

    @Test func `a quiet week is OK, and a long one is cut to what mail programs show`() throws {
        let quiet = try LedgerFixture()
        try quiet.add(asked: 100, wait: 0, held: 5, .exit(0))
        #expect(
            ReportMail.subject(try RichLedger.report(quiet)).hasPrefix("[OK] Deployments 2026-W38"))
        let long = try LedgerFixture()
        for index in 0..<400 {
            let facts = LedgerFixture.Facts(
                tier: "tier \(index)", actor: "person \(index)",
                command: [String(repeating: "x", count: 100)])
            try long.add(asked: Double(index * 100), wait: 0, held: 60, .exit(1), facts)
        }
        _ = try check(message(long), "assert len(html.encode()) < 102_000, len(html)")
    }

    @Test func `the date is that of the zone, also where offsets have minutes`() throws {
        let at = Instant(microseconds: 1_789_740_187_000_000)
        #expect(ReportMail.date(at, .utc) == "Fri, 18 Sep 2026 14:03:07 +0000")
        #expect(
            ReportMail.date(at, try Zone(named: "America/St_Johns"))
                == "Fri, 18 Sep 2026 11:33:07 -0230")
    }
}
