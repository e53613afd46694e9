import PluginKit

/// Just as much of DER as writing keys needs.
///
/// Source: ITU-T X.690; RFC 5280 (SubjectPublicKeyInfo), RFC 5208 (PKCS #8), RFC 8017, RFC 5915,
/// RFC 8410.
indirect enum DER: Sendable {
    case sequence([DER])
    /// Unsigned; leading zeroes do not matter.
    case integer(ReadAttributes, UInt)
    case small(UInt8)
    case bits(Content)
    case octets(Content)
    /// Encoded already.
    case raw([UInt8])

    enum Content: Sendable {
        case nested(DER)
        case value(ReadAttributes, UInt, size: Int)
        case bytes([UInt8])
    }

    static let rsaEncryption = DER.sequence([
        .raw([6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1]), .raw([5, 0]),
    ])
    static let ecPublicKey = DER.raw([6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1])

    /// The encoding, in memory that is zeroed in the end.
    func encoded() throws(TokenFailure) -> SecretBuffer {
        let buffer = try SecretBuffer(count: size)
        var place = 0
        write(to: buffer, &place)
        return buffer
    }

    private var contentSize: Int {
        switch self {
        case .sequence(let items): items.reduce(0) { $0 + $1.size }
        case .integer(let attributes, let type): attributes.withBytes(type, Self.integerSize)
        case .small: 1
        case .bits(let content): 1 + content.size
        case .octets(let content): content.size
        case .raw(let bytes): bytes.count
        }
    }

    fileprivate var size: Int {
        if case .raw(let bytes) = self { return bytes.count }
        let content = contentSize
        return 1 + Self.length(content).count + content
    }

    private var tag: UInt8 {
        switch self {
        case .sequence: 0x30
        case .integer, .small: 2
        case .bits: 3
        case .octets: 4
        case .raw: 0
        }
    }

    fileprivate func write(to buffer: SecretBuffer, _ place: inout Int) {
        if case .raw(let bytes) = self { return Self.put(bytes, to: buffer, &place) }
        Self.put([tag] + Self.length(contentSize), to: buffer, &place)
        switch self {
        case .sequence(let items): for item in items { item.write(to: buffer, &place) }
        case .integer(let attributes, let type):
            attributes.withBytes(type) { bytes in
                let size = Self.integerSize(bytes)
                let significant = bytes.drop { $0 == 0 }
                place += size - significant.count  // zeroes are there
                buffer.write(bytes.slice(significant.startIndex..<bytes.count), at: place)
                place += significant.count
            }
        case .small(let number): Self.put([number], to: buffer, &place)
        case .bits(let content):
            Self.put([0], to: buffer, &place)
            content.write(to: buffer, &place)
        case .octets(let content): content.write(to: buffer, &place)
        case .raw: break
        }
    }

    /// Without leading zeroes, save one that keeps it positive, and one that is all there is.
    private static func integerSize(_ bytes: BorrowedBytes) -> Int {
        let significant = bytes.drop { $0 == 0 }
        guard let first = significant.first else { return 1 }
        return significant.count + (first >= 0x80 ? 1 : 0)
    }

    private static func length(_ count: Int) -> [UInt8] {
        if count < 0x80 { return [UInt8(count)] }
        var digits: [UInt8] = []
        var rest = count
        while rest > 0 {
            digits.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(digits.count)] + digits
    }

    fileprivate static func put(_ bytes: [UInt8], to buffer: SecretBuffer, _ place: inout Int) {
        bytes.withBorrowedBytes { buffer.write($0, at: place) }
        place += bytes.count
    }
}

extension DER.Content {
    fileprivate var size: Int {
        switch self {
        case .nested(let node): node.size
        case .value(_, _, let size): size
        case .bytes(let bytes): bytes.count
        }
    }

    fileprivate func write(to buffer: SecretBuffer, _ place: inout Int) {
        switch self {
        case .nested(let node): node.write(to: buffer, &place)
        case .bytes(let bytes): DER.put(bytes, to: buffer, &place)
        case .value(let attributes, let type, let size):
            attributes.withBytes(type) { bytes in
                // Right-aligned: some tokens drop leading zeroes of a scalar, some add them.
                let tail = bytes.slice(max(0, bytes.count - size)..<bytes.count)
                buffer.write(tail, at: place + size - tail.count)
                place += size
            }
        }
    }
}
