import Cryptography
import KMIP

/// One line of the audit log as it stands in the file: JSON, of which verification needs only the frame.
///
/// A line begins with its number and ends with the hash of the line before and its own, which is the
/// SHA-256 of all that stands before it. Values in between are JSON texts, in which no quotation mark and
/// no line break can stand, so that no value looks like the frame.
struct AuditLine: Equatable {
    var sequence: UInt64
    var previous: String
    var hash: String

    /// The hash before the first line of all.
    static let origin = String(repeating: "0", count: 64)
    /// Bytes that a line may have, its line break included.
    static let sizeMax = 16 * 1024

    private static let previousKey = Array(",\"previous\":\"".utf8)
    private static let hashKey = Array("\",\"hash\":\"".utf8)
    private static let end = Array("\"}".utf8)
    private static let begin = Array("{\"seq\":".utf8)

    /// The bytes of a line with its line break, and its own hash.
    ///
    /// - Parameter body: The members between the number and the hashes, with a comma before each.
    static func encode(
        sequence: UInt64, body: [UInt8], previous: String
    ) -> (bytes: [UInt8], hash: String) {
        var bytes = begin + Array(String(sequence).utf8) + body + previousKey + Array(previous.utf8)
        let hash = hex(Digest.sha256(bytes))
        bytes += hashKey + Array(hash.utf8) + end
        bytes.append(UInt8(ascii: "\n"))
        return (bytes, hash)
    }

    /// A line without its line break; nil when its frame or its own hash is not right.
    init?(_ line: ArraySlice<UInt8>) {
        let tail = Self.hashKey.count + 64 + Self.end.count
        guard line.count > tail, line.count < Self.sizeMax, line.starts(with: Self.begin),
            line.suffix(Self.end.count).elementsEqual(Self.end)
        else { return nil }
        let signed = line.dropLast(tail)
        let behind = line.suffix(tail)
        guard behind.starts(with: Self.hashKey), signed.count > Self.previousKey.count + 64,
            signed.dropLast(64).suffix(Self.previousKey.count).elementsEqual(Self.previousKey)
        else { return nil }
        hash = String(decoding: behind.dropFirst(Self.hashKey.count).prefix(64), as: UTF8.self)
        previous = String(decoding: signed.suffix(64), as: UTF8.self)
        let digits = line.dropFirst(Self.begin.count).prefix { $0 != UInt8(ascii: ",") }
        guard hash == Self.hex(Digest.sha256(Array(signed))),
            let number = UInt64(String(decoding: digits, as: UTF8.self))
        else { return nil }
        sequence = number
    }

    static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
