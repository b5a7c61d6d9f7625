import CommandSupport
import Testing

@Suite struct DurationTextTests {
    @Test(arguments: [
        ("90", 90_000_000), ("90s", 90_000_000), ("5m", 300_000_000), ("1h30m", 5_400_000_000),
        ("2d", 172_800_000_000), ("0", 0), ("0.2", 200_000), ("1m0.5s", 60_500_000),
    ])
    func readsLengthsOfTime(_ text: String, _ microseconds: Int) {
        #expect(DurationText.parse(text) == Int64(microseconds))
    }

    @Test(arguments: [
        "", "abc", "-5", "5x", "m", "5m5m", "5s5m", "1m30", "1.5h", ".", "1..2s", "5 m", "٣s",
        "99999999999999999999",
    ])
    func refusesEverythingElse(_ text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(arguments: [
        (0, "0.0s"), (49_999, "0.0s"), (50_000, "0.1s"), (9_949_999, "9.9s"), (9_950_000, "10s"),
        (59_499_999, "59s"), (59_500_000, "1m0s"), (310_000_000, "5m10s"),
        (5_400_000_000, "1h30m"), (183_600_000_000, "2d3h"), (-5, "0.0s"),
    ])
    func writesThemForPeople(_ microseconds: Int, _ text: String) {
        #expect(DurationText.format(Int64(microseconds)) == text)
    }
}
