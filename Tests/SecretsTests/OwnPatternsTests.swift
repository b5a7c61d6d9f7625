import Testing

@testable import Secrets

/// One process has one set of patterns, so these are tried one after another and on names that no
/// other test uses.
@Suite(.serialized) struct OwnPatternsTests {
    @Test func `a team's own names and words are hidden`() {
        #expect(OwnPatterns.use("ZORK_*=, zork-*-key zorkid=").isEmpty)
        defer { _ = OwnPatterns.use("") }
        let arguments = [
            "run", "ZORK_LICENSE=abc", "--zork-seat", "abc", "--zorkid=4 2", "ZORK-77-KEY",
            "zork-77", "x zork-77-key", "http://x/zork-1-key/y",
        ]
        #expect(
            Masking.mask(arguments: arguments) == [
                "run", "ZORK_LICENSE=***", "--zork-seat", "***", "--zorkid=***", "***",
                "zork-77", "x ***", "http://x/***/y",
            ])
        #expect(Masking.mask(#"{"zork_seat": "abc"}"#) == #"{"zork_seat": "***"}"#)
    }

    @Test(arguments: [
        ("*", "would hide too much"), ("a*=", "would hide too much"), ("=", "would hide too much"),
        ("[a-z]+", "has a sign"), ("zork*;", "has a sign"),
    ])
    func `a pattern that would hide everything is reported, and the rest applies`(
        pattern: String, why: String
    ) throws {
        let flaws = OwnPatterns.use("\(pattern) zork_seat=")
        defer { _ = OwnPatterns.use("") }
        #expect(flaws.count == 1)
        let words = try #require(flaws.first?.description)
        #expect(words.hasPrefix("'\(pattern)' \(why)"))
        #expect(Masking.mask("ZORK_SEAT=abc run") == "ZORK_SEAT=*** run")
        // Once.
        #expect(OwnPatterns.use("\(pattern) zork_seat=").isEmpty)
    }
}
