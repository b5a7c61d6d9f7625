import TestSupport
import Testing
import Wording

@Suite("Commands as a person would type them")
struct ShellTextTests {
    /// What bash makes of a command line; no command is found, so every one reaches the handler.
    private func words(inBash line: String) throws -> [String] {
        let handler = "PATH=/nowhere; command_not_found_handle() { printf '<%s>\\0' \"$@\"; }\n"
        let result = try ChildProcess.run(["bash", "-c", handler + line])
        return result.output.split(separator: "\0").map { String($0.dropFirst().dropLast()) }
    }

    private static let awkward = [
        "", " ", "a b", "it's", "''", "\"", "\\", "$HOME", "`x`", "~", "~root", "a=~", "A=1", "=ls",
        "-n", "--", "--port=80", "*", "?", "[a]", "{a,b}", "!", "!!", "#", "a#b", "&", ";", "|",
        ">", "<(x)", "(", "+%F", "^a^b", "a\nb", "\n", "\ttab", "\r\n", "if", "time", "in", "}",
        "naïve", "日本", "a\u{a0}b", "'\u{301}", "e\u{301}", "\u{1b}[31m", "@",
    ]

    @Test func `bash reads the same words again, in the first place as in any other`() throws {
        for word in Self.awkward {
            let asCommand = [word, "x"]
            #expect(try words(inBash: ShellText.quoted(asCommand)) == asCommand, "\(word)")
        }
        let asArguments = ["no-such-command", "%1", "user@host:/p,q_1.x"] + Self.awkward
        #expect(try words(inBash: ShellText.quoted(asArguments)) == asArguments)
    }

    @Test func `quoted text is read back as the same words`() {
        #expect(ShellText.words(ShellText.quoted(Self.awkward)) == Self.awkward)
        #expect(ShellText.words("a  b") == ["a", "b"])
        #expect(ShellText.words("") == [])
        #expect(ShellText.words("it's") == nil)
    }

    @Test(
        arguments: [
            (["docker", "compose", "up", "-d", "web"], "docker compose up -d web"),
            (["/srv/app/deploy.sh", "--port=80", "v1.2,x"], "/srv/app/deploy.sh --port=80 v1.2,x"),
            (["sh", "-c", "exit 3"], "sh -c 'exit 3'"), (["echo", ""], "echo ''"),
            (["A=1", "A=1"], "'A=1' A=1"), (["date", "+%F", "if"], "date +%F if"),
            (["=ls", "=ls"], "'=ls' '=ls'"), (["it's"], #"'it'\''s'"#), ([], ""),
        ] as [([String], String)]
    )
    func `only words that need quotes get them`(words: [String], expected: String) {
        #expect(ShellText.quoted(words) == expected)
    }
}
