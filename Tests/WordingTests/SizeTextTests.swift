import Testing
import Wording

@Suite struct SizeTextTests {
    @Test(
        arguments: [
            ("0", 0), ("4096", 4096), ("512K", 524_288), ("64M", 67_108_864), ("64MiB", 67_108_864),
            ("64mb", 67_108_864), ("1G", 1 << 30), ("1.5G", 1_610_612_736), ("2T", 2 << 40),
            ("12B", 12), ("0.5K", 512),
        ] as [(String, Int)]
    )
    func `amounts are read`(text: String, bytes: Int) {
        #expect(SizeText.parse(text) == bytes)
    }

    @Test(arguments: [
        "", "M", "-1", "1.5", "1..5G", "64 M", "64X", "9999999999999999999", "9999999T", "1.G",
        "+1",
        "1e3", "0x10",
    ])
    func `what is no amount is none`(text: String) {
        #expect(SizeText.parse(text) == nil)
    }

    @Test(
        arguments: [
            (0, "0 bytes"), (1, "1 byte"), (1023, "1023 bytes"), (1024, "1 KiB"), (1536, "1.5 KiB"),
            (67_108_864, "64 MiB"), (1_073_741_823, "1023 MiB"), (1 << 30, "1 GiB"),
            (1_610_612_736, "1.5 GiB"), (104_857_599, "99.9 MiB"),
        ] as [(Int, String)]
    )
    func `amounts are cut to one place`(bytes: Int, text: String) {
        #expect(SizeText.text(bytes: bytes) == text)
    }
}
