/// Hexadecimal digits, several at a time within a machine word.
///
/// No table: a table would be read at places that depend on the key bytes.
enum Hex {
    /// The eight upper-case digits of four bytes, in memory order on both sides (little-endian).
    @inline(__always)
    static func digits(of bytes: UInt32) -> UInt64 {
        var word = UInt64(bytes)
        word = (word | word &<< 16) & 0x0000_FFFF_0000_FFFF
        word = (word | word &<< 8) & 0x00FF_00FF_00FF_00FF
        // Each sixteen bits hold a byte: its high nibble becomes the first digit.
        let nibbles = (word &>> 4 | word &<< 8) & 0x0F0F_0F0F_0F0F_0F0F
        let letters = ((nibbles &+ 0x0606_0606_0606_0606) &>> 4) & 0x0101_0101_0101_0101
        return nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 7
    }

    /// The four bytes that eight digits of either case stand for; nil when one is no digit.
    @inline(__always)
    static func bytes(of digits: UInt64) -> UInt32? {
        let top: UInt64 = 0x8080_8080_8080_8080
        // Sums below 0x100 per byte as long as no byte has its top bit, which the last test excludes.
        let lower = digits | 0x2020_2020_2020_2020
        let isDigit = (digits &+ 0x5050_5050_5050_5050) & ~(digits &+ 0x4646_4646_4646_4646)
        let isLetter = (lower &+ 0x1F1F_1F1F_1F1F_1F1F) & ~(lower &+ 0x1919_1919_1919_1919)
        guard (isDigit | isLetter) & ~digits & top == top else { return nil }
        let nibbles =
            (digits & 0x0F0F_0F0F_0F0F_0F0F) &+ ((digits &>> 6) & 0x0101_0101_0101_0101) &* 9
        var word = (nibbles &<< 4 | nibbles &>> 8) & 0x00FF_00FF_00FF_00FF
        word = (word | word &>> 8) & 0x0000_FFFF_0000_FFFF
        word |= word &>> 16
        return UInt32(truncatingIfNeeded: word)
    }

    /// Decodes `text` into `output`, which has room for half its size.
    ///
    /// - Returns: false when the number of digits is odd or one of them is none.
    static func decode(_ text: borrowing RawSpan, into output: inout MutableRawSpan) -> Bool {
        let size = text.byteCount
        guard size & 1 == 0 else { return false }
        var offset = 0
        while offset &+ 8 <= size {
            let word = text.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard let bytes = bytes(of: word) else { return false }
            output.storeBytes(of: bytes, toByteOffset: offset &>> 1, as: UInt32.self)
            offset &+= 8
        }
        while offset < size {
            guard let byte = byte(at: offset, of: text) else { return false }
            output.storeBytes(of: byte, toByteOffset: offset &>> 1, as: UInt8.self)
            offset &+= 2
        }
        return true
    }

    static func isValid(_ text: borrowing RawSpan) -> Bool {
        let size = text.byteCount
        guard size & 1 == 0 else { return false }
        var offset = 0
        while offset &+ 8 <= size {
            let word = text.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard bytes(of: word) != nil else { return false }
            offset &+= 8
        }
        while offset < size {
            guard byte(at: offset, of: text) != nil else { return false }
            offset &+= 2
        }
        return true
    }

    /// The byte that two digits stand for.
    private static func byte(at offset: Int, of text: borrowing RawSpan) -> UInt8? {
        let pair = text.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self)
        // The other six digits are zeros.
        let digits = 0x3030_3030_3030_0000 | UInt64(pair.littleEndian)
        return bytes(of: digits).map { UInt8(truncatingIfNeeded: $0) }
    }

    /// The number that up to sixteen digits stand for, most significant first.
    static func number(_ text: borrowing RawSpan) -> UInt64? {
        guard text.byteCount <= 16 else { return nil }
        var value: UInt64 = 0
        for offset in 0..<text.byteCount {
            let byte = text.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            guard let bytes = bytes(of: 0x3030_3030_3030_3000 | UInt64(byte)) else { return nil }
            // The byte is the first digit of a pair, thus the high nibble.
            value = value << 4 | UInt64(bytes & 0xF0) >> 4
        }
        return value
    }
}
