import Testing
import Wording

@Suite("PluralText things")
struct PluralTextTests {
    @Test func `one is singular, none and several are plural`() {
        let events = [0, 1, 2].map { PluralText.text($0, "event") }
        #expect(events == ["0 events", "1 event", "2 events"])
        #expect(
            [1, 21].map { PluralText.text($0, "event waits", "events wait") }
                == ["1 event waits", "21 events wait"])
    }
}
