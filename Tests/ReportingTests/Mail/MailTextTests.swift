@testable import Reporting
import SystemCalls
import TestSupport
import Testing
import Wording

@Suite("Text of mails")
struct MailTextTests {
    /// What Python's email package makes of a message.
    private func parsed(_ message: String, _ script: String) throws -> String {
        let place = try TemporaryDirectory()
        try FileReplacement.write(Array(message.utf8), to: place.file("mail"))
        let program = """
            import email, email.policy, sys
            raw = open(sys.argv[1], "rb").read()
            mail = email.message_from_bytes(raw, policy=email.policy.default)
            assert not mail.defects, mail.defects
            """
        let result = try ChildProcess.run([
            "python3", "-c", program + "\n" + script, place.file("mail"),
        ])
        #expect(result.code == 0, "\(result.errors)")
        return result.output
    }

    @Test(
        arguments: [
            "plain", "with  two   blanks", "a = b=", "trailing blank ", "tab\t", ".", "..",
            "From me",
            "=46rom", "漢字 und Käse \u{1F600}", "x" + String(repeating: "é", count: 200), "",
            String(repeating: "y", count: 500), "a\n\n.\nFrom b\nc \n", "\u{0}\u{7F}\u{85}",
        ]
    )
    func `a body comes back as it was, in lines that every server takes`(text: String) throws {
        let encoded = MailText.quotedPrintable(text)
        for line in encoded.split(separator: "\n", omittingEmptySubsequences: false) {
            #expect(line.utf8.count <= 76)
            #expect(line.utf8.allSatisfy { (0x20...0x7E).contains($0) })
            #expect(line.last != " " && line.first != "." && !line.hasPrefix("From "))
        }
        let message = """
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            \(encoded)
            """
        let script = "sys.stdout.buffer.write(mail.get_payload(decode=True))"
        #expect(try parsed(message, script) == text)
    }

    @Test(
        arguments: [
            "Deployments 2026-W38: 8 deployments", "≤ 5m, 漢字", "=?utf-8?Q?not_encoded?=",
            String(repeating: "Käse und Brot ", count: 20), String(repeating: "long ", count: 40),
            String(repeating: "x", count: 70) + "é",
        ]
    )
    func `a header comes back as it was, in folded lines of ASCII`(value: String) throws {
        let header = MailText.header("Subject", value)
        for line in header.split(separator: "\n") {
            #expect(line.utf8.count <= 76)
            #expect(line.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        }
        let subject = try parsed(header + "\nbody", "sys.stdout.write(mail['Subject'])")
        #expect(subject.split(separator: " ") == value.split(separator: " "))
    }

    @Test(
        arguments: [
            ("ops@example.org", "ops@example.org"), ("<ops@example.org>", "ops@example.org"),
            ("Ops <ops@example.org>", "Ops <ops@example.org>"),
            ("\"O'Hara, Ann\" <ann@x>", "\"O'Hara, Ann\" <ann@x>"),
            ("Jürgen <j+x@x.example>", "=?utf-8?Q?J=C3=BCrgen?= <j+x@x.example>"),
        ]
    )
    func `an address may have a name`(text: String, header: String) throws {
        #expect(try MailAddress(text).encoded == header)
    }

    @Test(
        arguments: [
            "", "ops", "@x", "ops@", "a@b@c", "a b@c", "a@b c", "a@b\nBcc: c@d", "a@b\r\nBcc: c@d",
            "A\nX: y <a@b>", "a@b,c@d", "a@b;c@d", "A <a@b", "a@b>", "-f@x", "a@-x", "a@b\u{2028}x",
            "a@b\u{85}", "ü@x", "a@b\0", "a@.b", "\"a b\"@c",
            String(repeating: "a", count: 320) + "@b",
        ]
    )
    func `what is no address, or would write headers of its own, is refused`(text: String) {
        #expect(throws: MailAddress.Mistake.self) { try MailAddress(text) }
    }

    @Test func `lines are wrapped below their text, long words cut, wide signs counted`() {
        let line = "  ! " + Array(repeating: "word", count: 30).joined(separator: " ")
        let lines = MailText.wrapped(line, columns: 40).split(separator: "\n").map(String.init)
        #expect(lines.allSatisfy { $0.columnWidth <= 40 })
        #expect(lines[0].hasPrefix("  ! word") && lines[1].hasPrefix("    word"))
        let words = lines.flatMap { $0.split(separator: " ") }
        #expect(words.count { $0 == "word" } == 30)
        let wide = MailText.wrapped(String(repeating: "漢", count: 50), columns: 20)
        #expect(wide.split(separator: "\n").allSatisfy { String($0).columnWidth <= 20 })
        #expect(wide.count { $0 == "漢" } == 50)
        #expect(MailText.wrapped("a\n\n b", columns: 20) == "a\n\n b")
    }
}
