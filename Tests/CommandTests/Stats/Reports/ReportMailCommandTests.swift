import TestSupport
import Testing

@Suite("deploystats report --format mail")
struct ReportMailCommandTests {
    @Test(
        arguments: [
            ["--format", "mail"], ["--to", "a@b"], ["--format", "html", "--from", "a@b"],
            ["--format", "mail", "--to", "a@b\nBcc: c@d"], ["--format", "mail", "--to", "a@b\r\n"],
            ["--format", "mail", "--to", "a@b", "--from", "x\ny <a@b>"],
            ["--format", "mail", "--to", ""], ["--format", "mail", "--to", "a@b", "--summary"],
            ["--format", "mail", "--to", "a@b", "--template", "x"],
            ["--link-template", "commit=https://x/{sha}"],
            ["--format", "html", "--link-template", "commit=javascript:{sha}"],
        ]
    )
    func `a mistake is a usage error, before anything is written`(options: [String]) throws {
        let result = try Fixture().stats(["report"] + options)
        #expect(result.code == 64)
        #expect(result.output.isEmpty)
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    }

    @Test func `a mail has its headers first and ends with its last boundary`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let result = try fixture.stats(
            "report", "--since", "-1h", "--format", "mail", "--to", "Jürgen <a@b.example>", "--to",
            "c@d.example", "--from", "deploy@b.example")
        #expect(result.code == 0, "\(result.errors)")
        #expect(
            result.output.hasPrefix(
                """
                From: deploy@b.example
                To: =?utf-8?Q?J=C3=BCrgen?= <a@b.example>,
                 c@d.example
                Subject: [OK] Deployments
                """), "\(result.output.prefix(300))")
        #expect(result.output.hasSuffix("--\n"))
        #expect(result.output.contains("\n1 deployment, none failed"))
    }
}
