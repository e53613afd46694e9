import Foundation
import Secrets
import Testing

/// A file of `Tests/Vectors/wycheproof`.
struct WycheproofFile: Decodable {
    let numberOfTests: Int
    let testGroups: [Group]

    struct Group: Decodable {
        let tests: [Case]
    }

    struct Case: Decodable, CustomStringConvertible {
        let tcId: Int
        let comment: String
        let key: Hex
        let iv: Hex?
        let aad: Hex?
        let msg: Hex
        let ct: Hex
        let tag: Hex?
        let result: String

        var secretKey: SecretBytes { SecretBytes(copying: key.bytes) }
        var description: String { "case \(tcId), \(result): \(comment)" }
    }

    static func load(_ name: String) throws -> WycheproofFile {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Vectors/wycheproof/\(name).json")
        return try JSONDecoder().decode(WycheproofFile.self, from: Data(contentsOf: file))
    }

    /// All cases; fails when there are not as many as the file says, or none.
    func cases() throws -> [Case] {
        let cases = testGroups.flatMap(\.tests)
        try #require(!cases.isEmpty && cases.count == numberOfTests)
        return cases
    }
}

/// Bytes written in hexadecimal.
struct Hex: Decodable {
    let bytes: [UInt8]

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        let digits = try text.map { try #require($0.hexDigitValue) }
        try #require(digits.count.isMultiple(of: 2))
        bytes = stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }
}
