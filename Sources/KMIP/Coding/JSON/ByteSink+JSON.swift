extension ByteSink {
    /// Appends text as the inside of a JSON string.
    mutating func append(escaped text: String) {
        let bytes = text.utf8Span.span.bytes
        if ByteSink.isPlain(bytes) {
            append(contentsOf: bytes)
        } else {
            appendEscaping(bytes)
        }
    }

    /// Whether nothing needs an escape. Bytes above ASCII need none.
    private static func isPlain(_ bytes: borrowing RawSpan) -> Bool {
        for offset in 0..<bytes.byteCount {
            let byte = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                return false
            }
        }
        return true
    }

    @inline(never)
    private mutating func appendEscaping(_ bytes: borrowing RawSpan) {
        for offset in 0..<bytes.byteCount {
            let byte = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0x08: append("\\b")
            case 0x09: append("\\t")
            case 0x0A: append("\\n")
            case 0x0C: append("\\f")
            case 0x0D: append("\\r")
            case 0..<0x20:
                append("\\u")
                append(UInt8(ascii: "0"))
                append(UInt8(ascii: "0"))
                append(word: Hex.digits(of: UInt32(byte)), size: 2)
            default: append(byte)
            }
        }
    }
}
