/// Base64 as bytes, which can be overwritten where a string cannot. Source: RFC 4648.
enum Base64 {
    private static let standard = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let url = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// With padding. Source: RFC 4648, section 4.
    static func encode(_ bytes: [UInt8]) -> [UInt8] { encode(bytes, standard, isPadded: true) }

    /// The alphabet for URLs, without padding. Source: RFC 4648, section 5.
    static func encodeForURL(_ bytes: [UInt8]) -> [UInt8] {
        encode(bytes, url, isPadded: false)
    }

    /// Undoes ``encodeForURL(_:)``; nil for anything that it would not have made.
    static func decodeFromURL(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for character in text {
            guard let value = value(of: character) else { return nil }
            bits = bits << 6 | value
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            bits &= (1 << UInt32(count)) - 1
        }
        // What is left over is padding of less than a character, all zero.
        return count < 6 && bits == 0 ? bytes : nil
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }

    private static func encode(_ bytes: [UInt8], _ alphabet: [UInt8], isPadded: Bool) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var bits: UInt32 = 0
            for at in 0..<3 {
                let byte: UInt8 = at < count ? bytes[start + at] : 0
                bits = bits << 8 | UInt32(byte)
            }
            for at in 0...count {
                text.append(alphabet[Int(bits >> UInt32(18 - 6 * at) & 63)])
            }
            if isPadded { text += [UInt8](repeating: UInt8(ascii: "="), count: 3 - count) }
        }
        return text
    }
}
