import Testing

@testable import Dashboard

@Suite("Places in a ledger")
struct EventCursorTests {
    @Test func `are read as they are written`() {
        for text in ["0123456789abcdef:12", "none:0"] {
            #expect(EventCursor(text)?.description == text)
        }
        #expect(EventCursor("7") == EventCursor(ledger: nil, seq: 7))
    }

    @Test(arguments: [
        "", ":", "-1", "+1", "a", "1:2:3", "0123:4", "0123456789ABCDEF:1", "0123456789abcdef:",
        "0123456789abcdef:-1", "99999999999999999999",
    ])
    func `are refused when they are none`(text: String) {
        #expect(EventCursor(text) == nil)
    }
}
