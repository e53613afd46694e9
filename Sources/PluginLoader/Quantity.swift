/// Numbers with a unit, as people write them: `30s`, `250ms`, `16MiB`, `64k`.
package enum Quantity {
    /// Nanoseconds per unit of time, smallest first.
    private static let times: [(unit: String, factor: Int64)] = [
        ("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000),
        ("m", 60_000_000_000), ("h", 3_600_000_000_000), ("d", 86_400_000_000_000),
    ]

    /// Bytes per unit of size. A bare letter is binary, like `MiB`; `MB` is decimal.
    private static let sizes: [(unit: String, factor: Int64)] = [
        ("", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
        ("b", 1), ("k", 1 << 10), ("m", 1 << 20), ("g", 1 << 30), ("t", 1 << 40),
        ("kb", 1_000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("tb", 1_000_000_000_000),
    ]

    /// Nanoseconds; nil when there is no unit or it does not fit.
    package static func nanoseconds(_ text: String) -> Int64? {
        scaled(text) { unit in times.first { $0.unit == unit }?.factor }
    }

    /// Bytes; nil when it is not a size or does not fit.
    package static func bytes(_ text: String) -> Int64? {
        scaled(text) { unit in
            sizes.first { $0.unit.lowercased() == unit.lowercased() }?.factor
        }
    }

    private static func scaled(_ text: String, factor: (String) -> Int64?) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        guard let number = Int64(digits), let factor = factor(String(unit)) else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    /// The shortest exact form of a duration.
    package static func text(nanoseconds: Int64) -> String {
        let exact = times.last { nanoseconds % $0.factor == 0 && $0.unit != "d" } ?? times[0]
        return nanoseconds == 0 ? "0s" : "\(nanoseconds / exact.factor)\(exact.unit)"
    }

    /// The shortest exact form of a size.
    package static func text(bytes: Int64) -> String {
        let exact = sizes.prefix(5).last { bytes % $0.factor == 0 } ?? sizes[0]
        return bytes == 0 ? "0" : "\(bytes / exact.factor)\(exact.unit)"
    }
}
