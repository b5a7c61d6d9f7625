import SystemCalls
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("0:0:0:0:0:0:0:1", "::1"), ("2001:DB8::0:1", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
    ])
    func `an address has one text`(_ text: String, _ short: String) {
        #expect(IPAddress(text)?.text == short)
        #expect(IPAddress(text) == IPAddress(short))
    }

    @Test(arguments: ["", "localhost", "127.1", "127.0.0.1 ", "256.0.0.1", "[::1]", "::1%lo", "1"])
    func `a name is none`(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func `loopback and every address are told apart from others`() throws {
        for (text, isLoopback, isUnspecified) in [
            ("127.0.0.1", true, false), ("127.9.9.9", true, false), ("::1", true, false),
            ("::ffff:127.0.0.1", true, false), ("0.0.0.0", false, true), ("::", false, true),
            ("192.0.2.1", false, false), ("::2", false, false), ("1::1", false, false),
        ] {
            let address = try #require(IPAddress(text))
            #expect(address.isLoopback == isLoopback, "\(text)")
            #expect(address.isUnspecified == isUnspecified, "\(text)")
        }
    }
}
