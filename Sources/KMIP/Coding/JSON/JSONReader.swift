/// Reads JSON TTLV of the 4.22 dialect without building a tree.
///
/// The usual order of members (`tag`, `type`, `value`, compact) is matched a word at a time; any other
/// order and white space take a slower path. Source: wire format notes, section 2.
struct JSONReader: TTLVReader, ~Copyable, ~Escapable {
    typealias Shape = Cosmian422Dialect

    var scanner: JSONScanner
    private(set) var type: ItemType = .structure
    private(set) var tag: Tag = .unknown
    /// The name of the current item as it stands in the text.
    private var name: Range<Int> = 0..<0
    /// Where to go on after the current item's value when other members came after it; else zero.
    private var resume = 0
    private var isFirst = false
    private var nodes = 0
    /// Bytes of values that were passed over to find the members behind them.
    private var passed = 0
    /// Each level may pass over all that is in it; the messages of the protocol nest ten deep.
    private static let maxPasses = 16
    private let limits: DecodingLimits
    let tags = CosmianTagNames.reading
    private var frames: [Frame] = []

    /// A structure that was entered, packed since all of them are cleared for each message.
    private struct Frame {
        var tag: UInt32 = 0
        var resume: UInt32 = 0
    }

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, limits: DecodingLimits) throws(Failure) {
        scanner = JSONScanner(bytes)
        self.limits = limits
        // Frames keep positions in 32 bits.
        guard bytes.byteCount < Int(UInt32.max) else {
            throw Failure(.invalidRequest, .serverLimitExceeded, "the message is too long")
        }
    }

    // MARK: Structure

    /// Goes to the root item, the only one that is no child.
    mutating func root() throws(Failure) -> Tag {
        try openItem()
        let roots = CosmianTagNames.rootReading
        var root = roots.value(of: scanner.bytes, at: name.lowerBound, length: name.count)
        // An unknown name may be one with escapes.
        if root == nil { root = roots.value(of: try scanner.unescaped(name)) }
        tag = root.map(Tag.init(rawValue:)) ?? .unknown
        return tag
    }

    /// After the root item was consumed: nothing may follow.
    mutating func finish() throws(Failure) { try scanner.expectEnd() }

    /// The name of the current item, made harmless.
    var itemName: String {
        JSONReader.harmless(name.map { scanner.byte(at: $0) })
    }

    /// A name from a message for use in an answer, which a browser might show: cut, and reduced to
    /// characters of names.
    static func harmless(_ name: [UInt8]) -> String {
        let shown = name.prefix(64).map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
                UInt8(ascii: "."):
                byte
            default: UInt8(ascii: "?")
            }
        }
        return String(decoding: shown, as: UTF8.self)
    }

    mutating func enter() throws(Failure) {
        try expect(.structure)
        guard frames.count < limits.maxDepth else { throw exceeded("nested too deeply") }
        try scanner.expect(UInt8(ascii: "["))
        frames.append(Frame(tag: tag.rawValue, resume: UInt32(truncatingIfNeeded: resume)))
        isFirst = true
    }

    mutating func next() throws(Failure) -> Tag? {
        var byte = scanner.token()
        if byte == UInt8(ascii: "]") {
            scanner.position &+= 1
            try leave()
            return nil
        }
        if !isFirst {
            guard byte == UInt8(ascii: ",") else { throw scanner.malformed("expected ',' or ']'") }
            scanner.position &+= 1
            byte = scanner.token()
        }
        isFirst = false
        guard byte == UInt8(ascii: "{") else { throw notTTLV("expected an item") }
        try openItem()
        return tag
    }

    private mutating func leave() throws(Failure) {
        let frame = frames.removeLast()
        tag = Tag(rawValue: frame.tag)
        type = .structure
        resume = Int(frame.resume)
        name = 0..<0
        isFirst = false
        try closeItem()
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

    /// Reads the members before the value. The scanner stands at the value afterwards.
    @inline(__always)
    private mutating func openItem() throws(Failure) {
        nodes &+= 1
        guard nodes <= limits.maxNodes else { throw exceeded("too many items") }
        resume = 0
        if try !openUsualItem() { try openUnusualItem() }
    }

    /// Matches `{"tag":"Name","type":"Type","value":` without white space; false, and nothing read,
    /// when the text is otherwise.
    @inline(__always)
    private mutating func openUsualItem() throws(Failure) -> Bool {
        let start = scanner.position
        guard scanner.word(at: start) == JSONReader.tagOpening else { return false }
        let nameStart = start &+ 8
        guard let nameEnd = endOfName(from: nameStart),
            scanner.word(at: nameEnd) == JSONReader.typeOpening,
            scanner.byte(at: nameEnd &+ 8) == UInt8(ascii: ":"),
            scanner.byte(at: nameEnd &+ 9) == UInt8(ascii: "\"")
        else { return false }
        let typeStart = nameEnd &+ 10
        guard let (type, length) = scanner.itemType(at: typeStart) else { return false }
        let typeEnd = typeStart &+ length
        guard scanner.word(at: typeEnd) == JSONReader.valueOpening,
            scanner.byte(at: typeEnd &+ 8) == UInt8(ascii: "\""),
            scanner.byte(at: typeEnd &+ 9) == UInt8(ascii: ":")
        else { return false }
        self.type = type
        setName(nameStart..<nameEnd)
        scanner.position = typeEnd &+ 10
        return true
    }

    // Eight bytes in memory order.
    private static let tagOpening: UInt64 = 0x223A_2267_6174_227B  // {"tag":"
    private static let typeOpening: UInt64 = 0x2265_7079_7422_2C22  // ","type"
    private static let valueOpening: UInt64 = 0x6575_6C61_7622_2C22  // ","value

    /// The quotation mark after a name without escapes.
    @inline(__always)
    private func endOfName(from start: Int) -> Int? {
        var end = start
        while true {
            let byte = scanner.byte(at: end)
            if byte == UInt8(ascii: "\"") { return end }
            guard byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else { return nil }
            end &+= 1
        }
    }

    @inline(__always)
    private mutating func setName(_ range: Range<Int>) {
        name = range
        let value = tags.value(of: scanner.bytes, at: range.lowerBound, length: range.count)
        tag = Tag(rawValue: value ?? 0)
    }

    /// Any order of members, white space, escapes; a missing type means Structure.
    @inline(never)
    private mutating func openUnusualItem() throws(Failure) {
        var itemType: ItemType?
        var value: Int?
        var hasTag = false
        try scanner.expect(UInt8(ascii: "{"))
        if scanner.token() == UInt8(ascii: "}") { throw notTTLV("an item needs tag and value") }
        while true {
            switch try member() {
            case .tag where !hasTag:
                hasTag = true
                try readTag()
            case .type where itemType == nil: itemType = try readType()
            case .value where value == nil:
                try scanner.expect(UInt8(ascii: ":"))
                _ = scanner.token()
                value = scanner.position
                if hasTag, let itemType {
                    // The usual case but for white space: nothing may follow the value.
                    self.type = itemType
                    return
                }
                let start = scanner.position
                try scanner.passValue()
                passed += scanner.position - start
                guard passed <= JSONReader.maxPasses * scanner.bytes.byteCount else {
                    throw exceeded("types come after their values too often")
                }
            default: throw notTTLV("a member is there twice")
            }
            if scanner.token() == UInt8(ascii: "}") { break }
            try scanner.expect(UInt8(ascii: ","))
        }
        guard hasTag, let value else { throw notTTLV("an item needs tag and value") }
        resume = scanner.position + 1
        scanner.position = value
        type = itemType ?? .structure
    }

    private enum Member { case tag, type, value }

    private mutating func member() throws(Failure) -> Member {
        let (range, isPlain) = try scanner.string()
        let name = isPlain ? range.map { scanner.byte(at: $0) } : try scanner.unescaped(range)
        if name.elementsEqual("tag".utf8) { return .tag }
        if name.elementsEqual("type".utf8) { return .type }
        if name.elementsEqual("value".utf8) { return .value }
        throw notTTLV("an item has no members but tag, type and value")
    }

    private mutating func readTag() throws(Failure) {
        try scanner.expect(UInt8(ascii: ":"))
        let (range, isPlain) = try scanner.string()
        setName(range)
        if !isPlain {
            tag = Tag(rawValue: tags.value(of: try scanner.unescaped(range)) ?? 0)
        }
    }

    private mutating func readType() throws(Failure) -> ItemType {
        try scanner.expect(UInt8(ascii: ":"))
        let (range, isPlain) = try scanner.string()
        guard isPlain, let (type, length) = scanner.itemType(at: range.lowerBound),
            length == range.count
        else { throw notTTLV("unknown type") }
        return type
    }

    /// What follows a value: the end of its item.
    @inline(__always)
    mutating func closeItem() throws(Failure) {
        let byte = scanner.token()
        if resume == 0 {
            guard byte == UInt8(ascii: "}") else {
                throw notTTLV("an item has no members but tag, type and value")
            }
            scanner.position &+= 1
            return
        }
        // The value was passed over once already, to find the members behind it.
        guard byte == UInt8(ascii: "}") || byte == UInt8(ascii: ",") else {
            throw scanner.malformed("expected the end of a value")
        }
        scanner.position = resume
        resume = 0
    }

    // MARK: Failures

    func notTTLV(_ text: String) -> Failure {
        Failure(
            .invalidRequest, .invalidMessage,
            "not JSON TTLV at byte \(scanner.position), \(path): \(text)")
    }

    func notHex() -> Failure {
        notTTLV("a \(type.name) is a string of hexadecimal digits, two for each byte")
    }

    private func exceeded(_ text: String) -> Failure {
        Failure(.invalidRequest, .serverLimitExceeded, "the message is beyond the limits: \(text)")
    }

    var path: String {
        var names = frames.map { CosmianTagNames.writing.name(of: Tag(rawValue: $0.tag)) }
        names.append(name.isEmpty ? CosmianTagNames.writing.name(of: tag) : itemName)
        return names.joined(separator: "/")
    }
}
