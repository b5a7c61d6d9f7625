import JSON
import Testing

@Suite struct JSONLineTests {
    @Test func `members are sorted and nil is absent`() {
        #expect(Sample(texts: ["x", "y/z"], number: 2).json == #"{"a":["x","y/z"],"b":2}"#)
        #expect(Sample().json == "{}")
    }

    @Test func `texts in an array come back as they were written, in any number`() throws {
        for texts in [[], [""], ["a,b", "]", "\"", "\\", "x\ny"], ["ü", "🚀"]] {
            let json = Sample(texts: texts).json
            var read = Sample(texts: ["before"])
            try read.read(try #require(CanonicalMembers(Array(json.utf8))))
            #expect(read.texts == texts, "\(json)")
        }
    }

    @Test(arguments: [#"{"a":"x"}"#, #"{"a":[1]}"#, #"{"a":["x",1]}"#, #"{"a":{"b":"x"}}"#])
    func `what is no array of texts is refused`(json: String) throws {
        var sample = Sample()
        let members = try #require(CanonicalMembers(Array(json.utf8)))
        #expect(throws: RecordFlaw.self) { try sample.read(members) }
    }

    @Test func `every text comes back as it was written`() throws {
        let texts = [
            "", "plain", "\"quoted\" \\ back", "tab\tline\nreturn\r", "ünïcödé 🚀", "a/b",
            String((0..<0x80).map { Character(UnicodeScalar(UInt8($0))) }),
        ]
        for text in texts {
            let json = Sample(text: text).json
            let members = try #require(CanonicalMembers(Array(json.utf8)))
            #expect(members.text("c") == text)
        }
    }

    @Test func `a number is not a text`() throws {
        let members = try #require(CanonicalMembers(Array(#"{"n":-5}"#.utf8)))
        #expect(members.integer("n") == -5)
        #expect(members.text("n") == nil)
    }

    @Test(arguments: [
        #"{"b":1,"a":2}"#, #"{"a":1,"a":1}"#, #"{"a": 1}"#, #"{"a":01}"#, #"{"a":1.0}"#,
        #"{"a":"\/"}"#, #"{"a":"\u000A"}"#, #"{"a":1}x"#, #"{"a":1"#, "[]", "", #"{"a":-0}"#,
        "{\"a\":\"\u{1}\"}", #"{"a":"\u0061"}"#,
    ])
    func `other spellings of the same fact are not canonical`(text: String) {
        #expect(CanonicalMembers(Array(text.utf8)) == nil)
    }

    @Test func `64 levels are canonical, more never are, however many`() {
        func nested(_ levels: Int, closed: Bool = true) -> [UInt8] {
            let open = #"{"a":"# + String(repeating: "[", count: levels - 1)
            return Array(
                (open + (closed ? String(repeating: "]", count: levels - 1) + "}" : "")).utf8)
        }
        #expect(CanonicalMembers(nested(64)) != nil)
        #expect(CanonicalMembers(nested(65)) == nil)
        #expect(CanonicalMembers(nested(400_000)) == nil)
        #expect(CanonicalMembers(nested(400_000, closed: false)) == nil)
        let objects = String(repeating: #"{"a":"#, count: 400_000)
        #expect(CanonicalMembers(Array(objects.utf8)) == nil)
    }
}

private struct Sample: RecordFields {
    var texts: [String] = []
    var number: Int64?
    var text: String?

    mutating func visit<Visitor: MemberVisitor>(_ visitor: inout Visitor) {
        visitor.visit("a", &texts)
        visitor.visit("b", &number)
        visitor.visit("c", &text)
    }
}
