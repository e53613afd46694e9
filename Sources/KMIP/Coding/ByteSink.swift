import Secrets

/// The growing output of a writer.
///
/// What a grown buffer leaves behind is overwritten first, since the bytes may be a key's.
struct ByteSink: ~Copyable {
    /// Its count is the capacity.
    private var storage: [UInt8]
    private(set) var count = 0

    init(capacity: Int) { storage = [UInt8](repeating: 0, count: max(capacity, 64)) }

    /// Makes room for `size` bytes and a word more, so that whole words can be written.
    @inline(__always)
    private mutating func reserve(_ size: Int) {
        if storage.count &- count < size &+ 8 { grow(size) }
    }

    @inline(never)
    private mutating func grow(_ size: Int) {
        let used = count
        var larger = [UInt8](repeating: 0, count: max(storage.count * 2, used + size + 64))
        larger.replaceSubrange(0..<used, with: storage[0..<used])
        storage.zeroize()
        storage = larger
    }

    /// Appends `size` bytes of `source`, which goes on for at least seven bytes after them.
    @inline(__always)
    mutating func appendPadded(_ source: borrowing RawSpan, at origin: Int, size: Int) {
        reserve(size)
        let start = count
        var span = storage.mutableSpan
        var bytes = span.mutableBytes
        var offset = 0
        while offset < size {
            let word = source.unsafeLoadUnaligned(fromByteOffset: origin &+ offset, as: UInt64.self)
            bytes.storeBytes(of: word, toByteOffset: start &+ offset, as: UInt64.self)
            offset &+= 8
        }
        count &+= size
    }

    /// Appends up to eight bytes: the low ones of `word`, the first one lowest.
    @inline(__always)
    mutating func append(word: UInt64, size: Int) {
        reserve(8)
        let start = count
        var span = storage.mutableSpan
        var bytes = span.mutableBytes
        bytes.storeBytes(of: word.littleEndian, toByteOffset: start, as: UInt64.self)
        count &+= size
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) { append(word: UInt64(byte), size: 1) }

    mutating func append(_ text: StaticString) {
        append(contentsOf: text.description)
    }

    mutating func append(contentsOf text: String) {
        append(contentsOf: text.utf8Span.span.bytes)
    }

    mutating func append(contentsOf source: borrowing RawSpan) {
        let size = source.byteCount
        reserve(size)
        let start = count
        var span = storage.mutableSpan
        var bytes = span.mutableBytes
        var offset = 0
        while offset &+ 8 <= size {
            let word = source.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            bytes.storeBytes(of: word, toByteOffset: start &+ offset, as: UInt64.self)
            offset &+= 8
        }
        while offset < size {
            let byte = source.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            bytes.storeBytes(of: byte, toByteOffset: start &+ offset, as: UInt8.self)
            offset &+= 1
        }
        count &+= size
    }

    /// Appends two upper-case hexadecimal digits for each byte.
    mutating func appendHex(_ source: borrowing RawSpan) {
        let size = source.byteCount
        reserve(size &* 2)
        let start = count
        var span = storage.mutableSpan
        var bytes = span.mutableBytes
        var offset = 0
        while offset &+ 4 <= size {
            let word = source.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
            bytes.storeBytes(
                of: Hex.digits(of: word), toByteOffset: start &+ offset &* 2, as: UInt64.self)
            offset &+= 4
        }
        while offset < size {
            let byte = source.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            let digits = UInt16(truncatingIfNeeded: Hex.digits(of: UInt32(byte)))
            bytes.storeBytes(of: digits, toByteOffset: start &+ offset &* 2, as: UInt16.self)
            offset &+= 1
        }
        count &+= size &* 2
    }

    mutating func append(decimal value: Int64) {
        if value >= 0, value < 10 { return append(UInt8(ascii: "0") &+ UInt8(value)) }
        if value < 0 { append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = 20
        repeat {
            first -= 1
            digits[first] = UInt8(ascii: "0") &+ UInt8(rest % 10)
            rest /= 10
        } while rest > 0
        while first < 20 {
            append(digits[first])
            first += 1
        }
    }

    /// Overwrites four bytes that were written before, most significant first.
    mutating func patch(at position: Int, bigEndian value: UInt32) {
        var span = storage.mutableSpan
        var bytes = span.mutableBytes
        bytes.storeBytes(of: value.bigEndian, toByteOffset: position, as: UInt32.self)
    }

    /// Drops the last byte.
    mutating func removeLast() { count -= 1 }

    var last: UInt8 { count == 0 ? 0 : storage[count - 1] }

    /// The bytes written so far.
    consuming func finish() -> [UInt8] {
        storage.removeLast(storage.count - count)
        return storage
    }

    /// The bytes written so far as a secret; the buffer is overwritten.
    ///
    /// - Throws: A failure when there is no memory for secrets left.
    consuming func finishAsSecret() throws(Failure) -> SecretBytes {
        let secret = SecretBytes.copied(storage.span.bytes.extracting(0..<count))
        storage.zeroize()
        guard let secret else {
            throw Failure(.unavailable, .generalFailure, "no memory for key material")
        }
        return secret
    }
}
