import Crypto

/// The SHA-256 of a library, in hexadecimal.
enum Digest {
    static func sha256(_ bytes: [UInt8]) -> String {
        hexadecimal(SHA256.hash(data: bytes))
    }

    /// As an operator wrote it, in lower case; nil when it is no SHA-256.
    static func pin(_ text: String) -> String? {
        let digits = text.lowercased()
        guard digits.utf8.count == 64, digits.utf8.allSatisfy(isHexadecimal) else { return nil }
        return digits
    }

    private static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in digest { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    private static func isHexadecimal(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }
}
