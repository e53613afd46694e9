import PluginKit

/// One searchable fact as bytes whose order is the order of the values.
///
/// A tag is `1, tag`. A term is `2, path, 0, type, value`: paths hold no zero byte, so all values of
/// a path and type are neighbours; integers are eight bytes, largest first, with the sign flipped.
struct TermKey: Comparable {
    private(set) var bytes: [UInt8]
    /// For questions about bits; integers only.
    private(set) var number: Int64?
    var isUnique = false

    private enum Kind { static let tag: UInt8 = 1, term: UInt8 = 2, end: UInt8 = 3 }
    private enum ValueType { static let integer: UInt8 = 1, text: UInt8 = 2, bytes: UInt8 = 3 }

    static func tag(_ tag: BorrowedBytes) -> TermKey {
        TermKey(bytes: [Kind.tag] + tag, number: nil)
    }

    /// The key as an index with that limit holds it: of one that reaches the limit the beginning and
    /// a digest of the whole. Equal keys stay equal, and what begins alike does so up to the digest.
    func fitting(_ limit: Int) -> TermKey {
        guard bytes.count >= limit else { return self }
        var short = self
        short.bytes = bytes.prefix(limit - Digest.size) + Digest.sha256(bytes)
        return short
    }

    /// Whether all keys that begin with this one do so where they are cut to `limit`.
    func isPrefix(within limit: Int) -> Bool { bytes.count <= limit - Digest.size }

    /// Nil when the value has a type that this version does not know.
    init?(path: BorrowedText, value: Value) {
        bytes = TermKey.prefix(path)
        bytes.reserveCapacity(bytes.count + 9 + value.bytes.count)
        switch value.content {
        case .integer(let number):
            self.number = number
            bytes.append(ValueType.integer)
            let ordered = UInt64(bitPattern: number) ^ (1 << 63)
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: ordered >> UInt64(shift)))
            }
        case .text(let text):
            bytes.append(ValueType.text)
            bytes.append(contentsOf: text.utf8)
        case .bytes(let value):
            bytes.append(ValueType.bytes)
            bytes.append(contentsOf: value)
        case .unknown:
            return nil
        }
    }

    private init(bytes: [UInt8], number: Int64?) {
        self.bytes = bytes
        self.number = number
    }

    static func < (left: TermKey, right: TermKey) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
    static func == (left: TermKey, right: TermKey) -> Bool { left.bytes == right.bytes }

    private static func prefix(_ path: BorrowedText) -> [UInt8] { [Kind.term] + path.utf8 + [0] }

    /// A range of keys, the upper end excluded.
    typealias Bounds = (lower: [UInt8], upper: [UInt8])

    static let allTags: Bounds = ([Kind.tag], [Kind.term])
    static let allTerms: Bounds = ([Kind.term], [Kind.end])

    /// All values of a path.
    static func all(of path: BorrowedText) -> Bounds {
        let lower = prefix(path)
        return (lower, successor(of: lower))
    }

    /// Values of the same path and type, up to and including this one.
    func andBelow(path: BorrowedText) -> Bounds {
        // The successor of a key is the key with a zero byte behind it.
        (Array(bytes[..<typeEnd(path)]), bytes + [0])
    }

    /// Values of the same path and type, from this one on.
    func andAbove(path: BorrowedText) -> Bounds {
        (bytes, TermKey.successor(of: Array(bytes[..<typeEnd(path)])))
    }

    /// Values of the same path and type that begin with this one.
    func andLonger() -> Bounds { (bytes, TermKey.successor(of: bytes)) }

    /// All integers of a path.
    static func integers(of path: BorrowedText) -> Bounds {
        let lower = prefix(path) + [ValueType.integer]
        return (lower, successor(of: lower))
    }

    /// Where the value begins: behind the kind, the path, the zero byte and the type.
    private func typeEnd(_ path: BorrowedText) -> Int { path.utf8.count + 3 }

    /// The first key behind all that begin with `bytes`. There is one, as the first byte is small.
    private static func successor(of bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        while let last = bytes.popLast() {
            if last < .max {
                bytes.append(last + 1)
                return bytes
            }
        }
        return [Kind.end]
    }
}
