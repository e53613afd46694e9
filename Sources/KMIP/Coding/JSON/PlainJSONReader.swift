import Secrets

/// Reads what ``PlainJSONWriter`` writes. Types are what the field list asks for; `null` is absent.
struct PlainJSONReader: TTLVReader, ~Copyable, ~Escapable {
    typealias Shape = Cosmian422Dialect

    private var scanner: JSONScanner
    private var tag: Tag = .unknown
    private var isFirst = false
    private var frames: [Tag] = []
    private static let maxDepth = 64

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) { scanner = JSONScanner(bytes) }

    mutating func finish() throws(Failure) { try scanner.expectEnd() }

    /// Guessed from the first character. For a list it is the list's elements that matter, so it counts
    /// as a byte string.
    var type: ItemType {
        var ahead = scanner
        switch ahead.token() {
        case UInt8(ascii: "{"): return .structure
        case UInt8(ascii: "["): return .byteString
        case UInt8(ascii: "\""): return .textString
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        default: return .longInteger
        }
    }

    var path: String {
        (frames + [tag]).map(CosmianTagNames.writing.name(of:)).filter { !$0.isEmpty }
            .joined(separator: "/")
    }

    mutating func enter() throws(Failure) {
        guard frames.count < PlainJSONReader.maxDepth else { throw mismatch("nested too deeply") }
        try scanner.expect(UInt8(ascii: "{"))
        frames.append(tag)
        isFirst = true
    }

    mutating func next() throws(Failure) -> Tag? {
        while true {
            if scanner.token() == UInt8(ascii: "}") {
                scanner.position += 1
                tag = frames.removeLast()
                isFirst = false
                return nil
            }
            if !isFirst { try scanner.expect(UInt8(ascii: ",")) }
            isFirst = false
            let (range, isPlain) = try scanner.string()
            let names = CosmianTagNames.reading
            let value =
                isPlain
                ? names.value(of: scanner.bytes, at: range.lowerBound, length: range.count)
                : names.value(of: try scanner.unescaped(range))
            tag = Tag(rawValue: value ?? 0)
            try scanner.expect(UInt8(ascii: ":"))
            guard scanner.token() == UInt8(ascii: "n"), scanner.matches("null") else { return tag }
        }
    }

    /// What is skipped is only looked at as far as its end.
    mutating func skip() throws(Failure) { try scanner.passValue() }

    mutating func integer() throws(Failure) -> Int32 {
        _ = scanner.token()
        guard let value = Int32(exactly: try scanner.wholeNumber()) else {
            throw mismatch("out of range")
        }
        return value
    }

    mutating func longInteger() throws(Failure) -> Int64 {
        _ = scanner.token()
        return try scanner.wholeNumber()
    }

    mutating func enumeration<E: KMIPEnumeration>(_ type: E.Type) throws(Failure) -> E {
        guard scanner.token() == UInt8(ascii: "\"") else {
            guard let value = UInt32(exactly: try scanner.wholeNumber()) else {
                throw mismatch("out of range")
            }
            return E(rawValue: value)
        }
        guard let value = E.spellings.reading.value(of: Array(try scanner.text().utf8)) else {
            throw mismatch("unknown value")
        }
        return E(rawValue: value)
    }

    mutating func tagName() throws(Failure) -> Tag {
        let text = try scanner.text()
        guard let value = CosmianTagNames.reading.value(of: Array(text.utf8)) else {
            throw mismatch("this is not the name of an attribute")
        }
        return Tag(rawValue: value)
    }

    mutating func placeholder() throws(Failure) -> Identifier { .text(try scanner.text()) }
    mutating func boolean() throws(Failure) -> Bool { try scanner.boolean() }
    mutating func text() throws(Failure) -> String { try scanner.text() }

    mutating func bytes() throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: try countOfNumbers())
        var span = bytes.mutableSpan
        var output = span.mutableBytes
        guard try readNumbers(into: &output) else { throw mismatch("expected numbers up to 255") }
        return bytes
    }

    mutating func secret() throws(Failure) -> SecretBytes {
        var after = scanner.position
        let count = try countOfNumbers()
        let start = scanner
        let secret = try SecretBytes.make(count: count) { memory in
            var numbers = start
            let isComplete = PlainJSONReader.readNumbers(&numbers, into: &memory)
            after = numbers.position
            return isComplete
        }
        guard let secret else { throw mismatch("expected numbers up to 255") }
        scanner.position = after
        return secret
    }

    private mutating func readNumbers(into output: inout MutableRawSpan) throws(Failure) -> Bool {
        PlainJSONReader.readNumbers(&scanner, into: &output)
    }

    /// How many elements the list that comes next has, judged by its commas.
    private func countOfNumbers() throws(Failure) -> Int {
        var ahead = scanner
        try ahead.expect(UInt8(ascii: "["))
        if ahead.token() == UInt8(ascii: "]") { return 0 }
        var count = 1
        var offset = ahead.position
        while true {
            switch ahead.byte(at: offset) {
            case UInt8(ascii: "]"): return count
            case UInt8(ascii: ","): count += 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"), 0x09, 0x0A, 0x0D, 0x20: break
            default: throw mismatch("expected a list of numbers up to 255")
            }
            offset += 1
        }
    }

    /// Reads a list of as many numbers as there is room for; false when it is not such a list.
    private static func readNumbers(
        _ scanner: inout JSONScanner, into output: inout MutableRawSpan
    ) -> Bool {
        do {
            try scanner.expect(UInt8(ascii: "["))
            for offset in 0..<output.byteCount {
                if offset > 0 { try scanner.expect(UInt8(ascii: ",")) }
                _ = scanner.token()
                guard let byte = UInt8(exactly: try scanner.wholeNumber()) else { return false }
                output.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
            }
            try scanner.expect(UInt8(ascii: "]"))
            return true
        } catch {
            return false
        }
    }

    mutating func date() throws(Failure) -> Int64 { try longInteger() }
    mutating func number() throws(Failure) -> Int64 { try longInteger() }
    mutating func interval() throws(Failure) -> Int32 { try integer() }

    mutating func elements(
        _ element: (inout PlainJSONReader) throws(Failure) -> Void
    ) throws(Failure) {
        try scanner.expect(UInt8(ascii: "["))
        if scanner.token() == UInt8(ascii: "]") {
            scanner.position += 1
            return
        }
        while true {
            try element(&self)
            if scanner.token() == UInt8(ascii: "]") { break }
            try scanner.expect(UInt8(ascii: ","))
        }
        scanner.position += 1
    }
}
