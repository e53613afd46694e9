import PluginLoader
import Testing

@Suite struct QuantityTests {
    @Test(
        arguments: [
            ("250ms", 250_000_000), ("30s", 30_000_000_000), ("5m", 300_000_000_000),
            ("1h", 3_600_000_000_000),
            ("2d", 172_800_000_000_000), ("7us", 7_000), ("1ns", 1), ("0s", 0),
            ("30 s", 30_000_000_000),
        ] as [(String, Int64)])
    func readsDurations(_ text: String, _ expected: Int64) {
        #expect(Quantity.nanoseconds(text) == expected)
    }

    @Test(
        arguments: [
            ("512", 512), ("64k", 65_536), ("64K", 65_536), ("16MiB", 16 << 20),
            ("16mib", 16 << 20), ("1G", 1 << 30),
            ("2MB", 2_000_000), ("1kB", 1_000), ("8 KiB", 8192), ("1TiB", 1 << 40), ("3b", 3),
        ] as [(String, Int64)])
    func readsSizes(_ text: String, _ expected: Int64) {
        #expect(Quantity.bytes(text) == expected)
    }

    @Test(arguments: [
        "", "s", "30", "30x", "-1s", "1.5s", "1m30s", "30S", "99999999999999999999s",
        "300000000000m", "٣s",
    ])
    func refusesDurations(_ text: String) {
        #expect(Quantity.nanoseconds(text) == nil)
    }

    @Test(arguments: ["", "k", "-1", "1.5M", "16Mi", "1X", "9999999999TiB", "9223372036854775808"])
    func refusesSizes(_ text: String) {
        #expect(Quantity.bytes(text) == nil)
    }

    @Test(
        arguments: [0, 1, 999, 1_000, 1_500_000, 30_000_000_000, 90_000_000_000, 7_200_000_000_000]
            as [Int64])
    func printsWhatItReads(_ number: Int64) {
        #expect(Quantity.nanoseconds(Quantity.text(nanoseconds: number)) == number)
        #expect(Quantity.bytes(Quantity.text(bytes: number)) == number)
    }
}
