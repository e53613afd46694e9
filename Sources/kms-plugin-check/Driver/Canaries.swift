import Synchronization

/// Values of this process that must show up nowhere: secret options, and keys that cases put into
/// the database to look for them.
final class Canaries: Sendable {
    /// One process runs one driver.
    static let ofThisProcess = Canaries()

    /// Shorter ones would be found by chance.
    private static let least = 6
    /// The encodings of each secret in which it is looked for.
    private let forms = Mutex<Set<[UInt8]>>([])
    /// Personal, and not secret: not for a log above DEBUG.
    private let personal = Mutex<Set<[UInt8]>>([])

    /// A new secret, which is printable; lookout for it starts.
    func make() -> String {
        let letters = Array("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        let text = "cNry" + String((0..<20).compactMap { _ in letters.randomElement() })
        add(Array(text.utf8))
        return text
    }

    func add(_ secret: [UInt8]) {
        guard secret.count >= Self.least else { return }
        forms.withLock { $0.formUnion(Self.encodings(of: secret)) }
    }

    func addPersonal(_ text: String) { personal.withLock { _ = $0.insert(Array(text.utf8)) } }

    /// Whether a secret lies in these bytes, as it is or as programs print bytes.
    func areFound(in bytes: some Collection<UInt8>) -> Bool {
        guard bytes.count >= Self.least else { return false }
        let bytes = Array(bytes)
        return forms.withLock { forms in forms.contains { bytes.holds($0) } }
    }

    func areFound(in text: String) -> Bool { areFound(in: text.utf8) }

    func isPersonal(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return personal.withLock { texts in texts.contains { bytes.holds($0) } }
    }

    private static func encodings(of secret: [UInt8]) -> [[UInt8]] {
        let digits = Array("0123456789abcdef".utf8)
        let hex = secret.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        let upper = hex.map { $0 >= 0x61 ? $0 - 0x20 : $0 }
        let decimal = secret.map { "\($0)" }.joined(separator: ", ")
        return [secret, hex, upper, Array(decimal.utf8)]
            + (0..<3).map { base64(Array(secret.dropFirst($0))) }
    }

    /// The part of the text that does not depend on what lies behind the bytes.
    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        return stride(from: 0, to: bytes.count / 3 * 3, by: 3).flatMap { start in
            let group =
                Int(bytes[start]) << 16 | Int(bytes[start + 1]) << 8 | Int(bytes[start + 2])
            return [18, 12, 6, 0].map { alphabet[(group >> $0) & 63] }
        }
    }
}
