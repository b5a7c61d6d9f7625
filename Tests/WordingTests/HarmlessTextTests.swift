import TestSupport
import Testing
import Wording

@Suite struct HarmlessTextTests {
    private static let samples: [(String, String)] = [
        ("plain\ttext\n", "plain\ttext\n"), ("\u{1b}[1;31mred\u{1b}[0m", "red"),
        ("\u{1b}[2K\u{1b}[1Aup", "up"), ("\u{1b}]0;title\u{7}", "\\e]0;title\\u{7}"),
        ("\u{1b}", "\\e"), ("\u{1b}[12", "\\e[12"), ("10%\r20%\r", "10%\n20%\n"),
        ("dos\r\n", "dos\n"),
        ("twice\r\r\n", "twice\n"), ("\rfirst", "first"), ("bell\u{7}\u{8}", "bell\\u{7}\\u{8}"),
        ("grün — 🚀", "grün — 🚀"), ("\u{202e}turned", "\\u{202e}turned"),
        ("\u{9b}31m", "\\u{9b}31m"),
        ("nul\0", "nul\\u{0}"),
    ]

    @Test(arguments: samples)
    func `nothing acts on a terminal`(text: String, expected: String) {
        #expect(String(decoding: HarmlessText.of(Array(text.utf8)), as: UTF8.self) == expected)
    }

    @Test(
        arguments: [
            ([0xff, 0x41], "�A"), ([0xc3], "�"), ([0xe2, 0x82, 0x41], "�A"),
            ([0xed, 0xa0, 0x80], "�"), ([0xc0, 0xaf], "��"), ([0xf0, 0x9f, 0x9a], "�"),
        ] as [([UInt8], String)]
    )
    func `what is not UTF-8 is replaced`(bytes: [UInt8], expected: String) {
        let text = String(decoding: HarmlessText.of(bytes), as: UTF8.self)
        #expect(text.hasPrefix("�"))
        #expect(text.last == expected.last)
        #expect(!text.unicodeScalars.contains { $0.isDangerousOnTerminal })
    }

    @Test func `pieces give the same as the whole`() {
        var random = SeededRandom(state: 13)
        let alphabet: [UInt8] = [
            0x1b, 0x5b, 0x33, 0x3b, 0x6d, 0x0d, 0x0a, 0x41, 0xc3, 0xbc, 0xf0, 0x9f, 0x9a, 0x80,
            0xff,
            0x00, 0x07, 0x09, 0xe2, 0x80, 0xae,
        ]
        for _ in 1...500 {
            let bytes = (0..<60).map { _ in random.one(of: alphabet) }
            let whole = HarmlessText.of(bytes)
            var text = HarmlessText()
            var pieces: [UInt8] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...7, using: &random)
                pieces += text.next(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            pieces += text.end()
            #expect(pieces == whole, "\(bytes)")
            let scalars = String(decoding: whole, as: UTF8.self).unicodeScalars
            #expect(!scalars.contains { $0.isDangerousOnTerminal && $0 != "\n" && $0 != "\t" })
        }
    }
}
