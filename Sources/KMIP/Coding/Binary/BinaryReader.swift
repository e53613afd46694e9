import Secrets

/// Reads binary TTLV of KMIP 2.1. Source: KMIP 2.1, section 9.1.1.
///
/// Strict: lengths that the type fixes, lengths within the parent, padding of zeros.
struct BinaryReader: TTLVReader, ~Copyable, ~Escapable {
    typealias Shape = StandardDialect

    private let input: RawSpan
    private var position: Int
    private(set) var type: ItemType = .structure
    private var tag: Tag = .unknown
    /// Of the current item's value, without padding.
    private var length = 0
    /// Where the innermost structure ends.
    private var end: Int
    private var nodes = 0
    private let limits: DecodingLimits
    private var frames: [Frame] = []

    /// A structure that was entered: its tag, and the end of the one around it.
    private struct Frame {
        var tag: UInt32 = 0
        var end: UInt32 = 0
    }

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, from start: Int, limits: DecodingLimits) throws(Failure) {
        input = bytes
        self.limits = limits
        position = start
        end = input.byteCount
        // Frames keep positions in 32 bits.
        guard input.byteCount < Int(UInt32.max) else {
            throw Failure(.invalidRequest, .serverLimitExceeded, "the message is too long")
        }
    }

    /// Goes to the root item.
    mutating func root() throws(Failure) -> Tag {
        try openItem()
        return tag
    }

    /// After the root item was consumed: nothing may follow.
    mutating func finish() throws(Failure) {
        guard position == end else { throw malformed("bytes follow the message") }
    }

    mutating func enter() throws(Failure) {
        try expect(.structure)
        guard frames.count < limits.maxDepth else {
            throw Failure(
                .invalidRequest, .serverLimitExceeded,
                "the message is beyond the limits: nested too deeply")
        }
        frames.append(Frame(tag: tag.rawValue, end: UInt32(truncatingIfNeeded: end)))
        end = position &+ length
    }

    mutating func next() throws(Failure) -> Tag? {
        guard position == end else {
            try openItem()
            return tag
        }
        let frame = frames.removeLast()
        tag = Tag(rawValue: frame.tag)
        type = .structure
        end = Int(frame.end)
        return nil
    }

    mutating func skip() throws(Failure) {
        guard type == .structure else { return try skipScalar() }
        let outside = frames.count
        try enter()
        while frames.count > outside {
            guard try next() != nil else { continue }
            if type == .structure { try enter() } else { try skipScalar() }
        }
    }

    // MARK: Items

    private mutating func openItem() throws(Failure) {
        nodes &+= 1
        guard nodes <= limits.maxNodes else {
            throw Failure(
                .invalidRequest, .serverLimitExceeded,
                "the message is beyond the limits: too many items")
        }
        guard end &- position >= 8 else { throw malformed("an item is cut off") }
        let head = load(UInt64.self, at: position)
        tag = Tag(rawValue: UInt32(truncatingIfNeeded: head &>> 40))
        guard tag.rawValue &>> 16 == 0x42 || tag.rawValue &>> 16 == 0x54 else {
            throw malformed("not a tag")
        }
        guard let type = ItemType(rawValue: UInt8(truncatingIfNeeded: head &>> 32)) else {
            throw malformed("unknown type")
        }
        self.type = type
        length = Int(UInt32(truncatingIfNeeded: head))
        position &+= 8
        // Both fit easily: a length has 32 bits.
        guard (length &+ 7) & ~7 <= end &- position else {
            throw malformed("longer than its parent")
        }
        switch type {
        case .integer, .enumeration, .interval: try require(length == 4)
        case .longInteger, .boolean, .dateTime, .dateTimeExtended: try require(length == 8)
        case .bigInteger: try require(length > 0 && length & 7 == 0)
        case .structure: try require(length & 7 == 0)
        case .textString, .byteString: break
        }
    }

    private func require(_ isRight: Bool) throws(Failure) {
        guard isRight else { throw malformed("wrong length") }
    }

    @inline(__always)
    private func load<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, at offset: Int) -> T {
        input.unsafeLoadUnaligned(fromByteOffset: offset, as: T.self).bigEndian
    }

    @inline(__always)
    private func expect(_ expected: ItemType) throws(Failure) {
        guard type == expected else { throw wrongType(expected: expected.name.description) }
    }

    /// Passes the value and its padding.
    private mutating func closeItem() throws(Failure) {
        let padded = position &+ ((length &+ 7) & ~7)
        position &+= length
        while position < padded {
            guard input.unsafeLoad(fromByteOffset: position, as: UInt8.self) == 0 else {
                throw malformed("the padding is not zero")
            }
            position &+= 1
        }
    }

    private mutating func skipScalar() throws(Failure) {
        switch type {
        case .boolean: _ = try boolean()
        case .textString: _ = try text()
        default: try closeItem()
        }
    }

    // MARK: Values

    private mutating func value32() throws(Failure) -> UInt32 {
        let value = load(UInt32.self, at: position)
        try closeItem()
        return value
    }

    private mutating func value64() throws(Failure) -> Int64 {
        let value = load(Int64.self, at: position)
        try closeItem()
        return value
    }

    mutating func integer() throws(Failure) -> Int32 {
        try expect(.integer)
        return Int32(bitPattern: try value32())
    }

    mutating func longInteger() throws(Failure) -> Int64 {
        try expect(.longInteger)
        return try value64()
    }

    mutating func enumeration<E: KMIPEnumeration>(_ type: E.Type) throws(Failure) -> E {
        try expect(.enumeration)
        return E(rawValue: try value32())
    }

    mutating func tagName() throws(Failure) -> Tag {
        try expect(.enumeration)
        return Tag(rawValue: try value32())
    }

    mutating func placeholder() throws(Failure) -> Identifier {
        try expect(.enumeration)
        return .enumeration(try value32())
    }

    mutating func boolean() throws(Failure) -> Bool {
        try expect(.boolean)
        let value = try value64()
        guard value == 0 || value == 1 else { throw malformed("a Boolean is 0 or 1") }
        return value == 1
    }

    mutating func text() throws(Failure) -> String {
        try expect(.textString)
        let raw = input.extracting(position..<position &+ length)
        guard raw.isUTF8() else { throw malformed("text is not valid UTF-8") }
        let text = raw.decodedText()
        try closeItem()
        return text
    }

    mutating func bytes() throws(Failure) -> [UInt8] {
        try expect(.byteString)
        let value = input.extracting(position..<position &+ length).copied()
        try closeItem()
        return value
    }

    mutating func secret() throws(Failure) -> SecretBytes {
        try expect(.byteString)
        let source = input.extracting(position..<position &+ length)
        let secret = try SecretBytes.make(count: length) { memory in
            for offset in 0..<memory.byteCount {
                memory.storeBytes(
                    of: source.unsafeLoad(fromByteOffset: offset, as: UInt8.self),
                    toByteOffset: offset, as: UInt8.self)
            }
            return true
        }
        guard let secret else { throw malformed("no key material") }
        try closeItem()
        return secret
    }

    mutating func date() throws(Failure) -> Int64 {
        try expect(.dateTime)
        return try value64()
    }

    /// An Integer in the standard; a LongInteger where a 4.22 client gave more than that holds.
    mutating func number() throws(Failure) -> Int64 {
        type == .longInteger ? try longInteger() : Int64(try integer())
    }

    mutating func interval() throws(Failure) -> Int32 {
        try expect(.interval)
        guard let value = Int32(exactly: try value32()) else { throw malformed("out of range") }
        return value
    }

    mutating func elements(
        _ element: (inout BinaryReader) throws(Failure) -> Void
    ) throws(Failure) { try element(&self) }

    // MARK: Failures

    private func malformed(_ text: String) -> Failure {
        Failure(
            .invalidRequest, .invalidMessage, "not TTLV at byte \(position), \(path): \(text)")
    }

    var path: String {
        var tags = frames.map { Tag(rawValue: $0.tag) }
        if tags.last != tag || frames.isEmpty { tags.append(tag) }
        return tags.map { tag in
            let name = CosmianTagNames.writing.name(of: tag)
            return name.isEmpty ? "?" : name
        }.joined(separator: "/")
    }
}
