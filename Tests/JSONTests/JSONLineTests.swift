import JSON
import Testing

@Suite struct JSONLineTests {
    @Test func `members are sorted and nil is absent`() {
        var object = JSONObject()
        object.set("b", 2)
        object.set("c", nil as String?)
        object.set("a", ["x", "y/z"])
        #expect(object.text == #"{"a":["x","y/z"],"b":2}"#)
        #expect(JSONObject().text == "{}")
    }

    @Test func `every text comes back as it was written`() throws {
        let texts = [
            "", "plain", "\"quoted\" \\ back", "tab\tline\nreturn\r", "ünïcödé 🚀", "a/b",
            String((0..<0x80).map { Character(UnicodeScalar(UInt8($0))) }),
        ]
        for text in texts {
            var object = JSONObject()
            object.set("text", text)
            let members = try #require(CanonicalMembers(Array(object.text.utf8)))
            #expect(members.text("text") == text)
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
