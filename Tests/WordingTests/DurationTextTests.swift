import Testing
import Wording

@Suite("Lengths of time")
struct DurationTextTests {
    @Test(
        arguments: [
            (0, "0s"), (999, "<1ms"), (1000, "1ms"), (999_999, "999ms"), (1_000_000, "1s"),
            (3_250_000, "3.2s"), (9_999_999, "9.9s"), (10_900_000, "10s"), (42_000_000, "42s"),
            (252_000_000, "4m12s"), (299_999_999, "4m59s"), (300_000_000, "5m"),
            (3_900_000_000, "1h05m"), (183_600_000_000, "2d03h"), (-1_000_000, "-1s"),
            (.min, "-106751991d04h"),
        ] as [(Int64, String)]
    )
    func `lengths are cut to two units, never rounded up to a limit`(
        microseconds: Int64, expected: String
    ) {
        #expect(DurationText.text(microseconds: microseconds) == expected)
    }

    private static let forms: [(String, Int64)] = [
        ("90s", 90_000_000), ("5m", 300_000_000), ("1h30m", 5_400_000_000),
        ("2d", 172_800_000_000), ("2w", 1_209_600_000_000), ("0s", 0), ("1m0.5s", 60_500_000),
        ("0.0000019s", 1), ("3650000d", 315_360_000_000_000_000),
    ]

    @Test(arguments: forms)
    func `options and relative times are read alike`(text: String, microseconds: Int64) {
        #expect(DurationText.parse(option: text) == microseconds)
        #expect(DurationText.parse(relative: text[...]) == microseconds)
    }

    @Test(
        arguments: [("90", 90_000_000), ("0", 0), ("0.2", 200_000)] as [(String, Int64)]
    )
    func `a bare number is seconds in an option and nothing in a relative time`(
        text: String, microseconds: Int64
    ) {
        #expect(DurationText.parse(option: text) == microseconds)
        #expect(DurationText.parse(relative: text[...]) == nil)
    }

    @Test(
        arguments: [
            "", "abc", "-5", "-5s", "5x", "m", "5m5m", "5s5m", "1m30", "0m30", "1.5h", "1.0h", ".",
            ".5", "5.", "5.s", "1..2s", "5 m", " 5m", "5m ", "٣s", "1h0.5", "3650001d",
            "99999999999999999999", "999999999999999999w",
        ]
    )
    func `any other length is refused`(text: String) {
        #expect(DurationText.parse(option: text) == nil)
        #expect(DurationText.parse(relative: text[...]) == nil)
    }
}
