import PluginABI

/// Bytes that somebody else owns.
///
/// Those that come from the host are valid until the driver's function returns; those that come
/// from a client library as long as it says. Make an array to keep them: `Array(borrowed)`.
public struct BorrowedBytes: RandomAccessCollection {
    // Never dereferenced beyond `count`; nil exactly when `count` is 0.
    @usableFromInline let base: UnsafeRawPointer?
    public let count: Int

    @inlinable public init() {
        base = nil
        count = 0
    }

    /// The memory must outlive this value; boundary files vouch for that.
    @inlinable public init(_ base: UnsafeRawPointer?, count: Int) {
        self.base = count > 0 ? base : nil
        self.count = base == nil ? 0 : count
    }

    @inlinable public var startIndex: Int { 0 }
    @inlinable public var endIndex: Int { count }
    @inlinable public subscript(position: Int) -> UInt8 {
        precondition(position >= 0 && position < count, "index out of range")
        // In range, so `base` is there and the byte belongs to the owner's memory.
        return base.unsafelyUnwrapped.load(fromByteOffset: position, as: UInt8.self)
    }

    /// Eight bytes from `offset` as a little-endian number, for checksums.
    @inlinable public func word(at offset: Int) -> UInt64 {
        precondition(offset >= 0 && count - offset >= 8, "index out of range")
        let word = base.unsafelyUnwrapped.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        return UInt64(littleEndian: word)
    }

    /// The bytes from `range`, still borrowed.
    public func slice(_ range: Range<Int>) -> BorrowedBytes {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "index out of range")
        return BorrowedBytes(base.map { $0 + range.lowerBound }, count: range.count)
    }

    /// For boundary files that hand the bytes to a client library.
    @inlinable public func withUnsafeBytes<R, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    @inlinable public func withContiguousStorageIfAvailable<R>(
        _ body: (UnsafeBufferPointer<UInt8>) throws -> R
    ) rethrows -> R? {
        try body(
            UnsafeBufferPointer(
                start: base?.assumingMemoryBound(to: UInt8.self), count: count))
    }

    /// Byte for byte; not for secrets, since it stops at the first difference.
    public static func == (left: BorrowedBytes, right: BorrowedBytes) -> Bool {
        left.count == right.count
            && left.withUnsafeBytes { l in
                right.withUnsafeBytes { r in l.elementsEqual(r) }
            }
    }
}

/// UTF-8 text that somebody else owns, compared byte for byte. Never contains U+0000.
///
/// Valid as long as ``BorrowedBytes`` are.
public struct BorrowedText {
    public let utf8: BorrowedBytes

    @inlinable public init() { utf8 = BorrowedBytes() }
    @inlinable public init(utf8: BorrowedBytes) { self.utf8 = utf8 }

    /// A literal lives as long as the library.
    @inlinable public init(_ literal: StaticString) {
        utf8 =
            literal.hasPointerRepresentation
            ? BorrowedBytes(literal.utf8Start, count: literal.utf8CodeUnitCount) : BorrowedBytes()
    }

    @inlinable public var isEmpty: Bool { utf8.count == 0 }

    public static func == (left: BorrowedText, right: BorrowedText) -> Bool {
        left.utf8 == right.utf8
    }
    /// The order of the bytes.
    public static func < (left: BorrowedText, right: BorrowedText) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

extension BorrowedText: Comparable {}

extension BorrowedText: ExpressibleByStringLiteral {
    public init(stringLiteral literal: StaticString) { self.init(literal) }
}

extension String {
    /// A copy; broken UTF-8 is repaired, which the contract rules out for what the host sends.
    public init(_ text: BorrowedText) { self.init(decoding: text.utf8, as: UTF8.self) }
}

extension Array where Element == UInt8 {
    /// Calls `body` with the array as borrowed bytes, valid during `body` only.
    public func withBorrowedBytes<R, E: Error>(
        _ body: (BorrowedBytes) throws(E) -> R
    ) throws(E) -> R {
        // The buffer lives for the call of the closure, which is what `body` is promised.
        let outcome: Result<R, E> = withUnsafeBytes { buffer in
            do throws(E) {
                return .success(
                    try body(BorrowedBytes(buffer.baseAddress, count: buffer.count)))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}

extension String {
    /// Calls `body` with the text as borrowed UTF-8, valid during `body` only.
    public func withBorrowedText<R, E: Error>(
        _ body: (BorrowedText) throws(E) -> R
    ) throws(E) -> R {
        try Array(utf8).withBorrowedBytes { (bytes) throws(E) in
            try body(BorrowedText(utf8: bytes))
        }
    }
}

extension BorrowedBytes {
    init(_ slice: kms_bytes) { self.init(slice.data, count: slice.size) }
}

extension BorrowedText {
    init(_ slice: kms_text) {
        self.init(utf8: BorrowedBytes(slice.data, count: slice.size))
    }
}

/// A list of borrowed texts, none twice.
public struct BorrowedTexts: RandomAccessCollection {
    // The host's array of `count` texts, alive until the driver's function returns.
    private let items: UnsafePointer<kms_text>?
    public let count: Int

    init(_ list: kms_text_list) {
        items = list.items
        count = list.items == nil ? 0 : list.count
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }
    public subscript(position: Int) -> BorrowedText {
        precondition(position >= 0 && position < count, "index out of range")
        guard let items else { return BorrowedText() }
        return BorrowedText(items[position])
    }
}
