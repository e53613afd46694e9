extension Random {
    /// A random unique identifier in lower case. Source: RFC 9562, section 5.4 (version 4).
    public static func uuid() throws(CryptographyError) -> String {
        var bytes = try bytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(hexDigit(byte >> 4))
            text.append(hexDigit(byte & 0x0F))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A random number to tell versions of a record apart; never 0, which means none.
    public static func revision() throws(CryptographyError) -> UInt64 {
        while true {
            let revision = try bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
            if revision != 0 { return revision }
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
