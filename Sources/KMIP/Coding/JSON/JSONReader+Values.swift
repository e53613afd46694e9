import Secrets

// The values of items. Source: wire format notes, "Types".

extension JSONReader {
    /// The current item must have this type.
    @inline(__always)
    func expect(_ expected: ItemType) throws(Failure) {
        guard type == expected else { throw wrongType(expected: expected.name.description) }
    }

    mutating func integer() throws(Failure) -> Int32 {
        try expect(.integer)
        return try integerValue()
    }

    private mutating func integerValue() throws(Failure) -> Int32 {
        let value: Int32
        if scanner.token() == UInt8(ascii: "\"") {
            let (range, _) = try scanner.string()
            guard let mask = prefixedHex(range, digits: 8) else {
                throw notTTLV("an Integer is a number, or 0x and 8 hexadecimal digits")
            }
            value = Int32(bitPattern: UInt32(truncatingIfNeeded: mask))
        } else {
            guard let number = Int32(exactly: try scanner.wholeNumber()) else {
                throw notTTLV("the Integer is out of range")
            }
            value = number
        }
        try closeItem()
        return value
    }

    mutating func longInteger() throws(Failure) -> Int64 {
        try expect(.longInteger)
        return try longIntegerValue()
    }

    private mutating func longIntegerValue() throws(Failure) -> Int64 {
        guard scanner.token() == UInt8(ascii: "\""),
            let value = prefixedHex(try scanner.string().range, digits: 16)
        else { throw notTTLV("a LongInteger is a string of 0x and 16 hexadecimal digits") }
        try closeItem()
        return Int64(bitPattern: value)
    }

    private func prefixedHex(_ range: Range<Int>, digits: Int) -> UInt64? {
        guard range.count == digits + 2, hasHexPrefix(range) else { return nil }
        return Hex.number(scanner.bytes.extracting(range.lowerBound + 2..<range.upperBound))
    }

    private func hasHexPrefix(_ range: Range<Int>) -> Bool {
        range.count >= 2 && scanner.byte(at: range.lowerBound) == UInt8(ascii: "0")
            && scanner.byte(at: range.lowerBound + 1) == UInt8(ascii: "x")
    }

    mutating func enumeration<E: KMIPEnumeration>(_ type: E.Type) throws(Failure) -> E {
        try expect(.enumeration)
        let value = try name(in: E.spellings.reading)
        try closeItem()
        return E(rawValue: value)
    }

    mutating func tagName() throws(Failure) -> Tag {
        try expect(.enumeration)
        let value = try name(in: tags)
        let tag = Tag(rawValue: value)
        guard tag.isStandard else { throw mismatch("this is not the name of an attribute") }
        try closeItem()
        return tag
    }

    mutating func placeholder() throws(Failure) -> Identifier {
        try expect(.enumeration)
        guard scanner.token() == UInt8(ascii: "\"") else {
            throw mismatch("expected the name of a value")
        }
        let text = try scanner.text()
        try closeItem()
        // A name that is no placeholder is a text, as the original reads it.
        let value = IdentifierPlaceholder.spellings.reading.value(of: Array(text.utf8))
        return value.map(Identifier.enumeration) ?? .text(text)
    }

    /// A string that is one of the names.
    @inline(__always)
    private mutating func name(in table: NameTable) throws(Failure) -> UInt32 {
        guard scanner.token() == UInt8(ascii: "\"") else {
            // A number is well-formed but names nothing.
            _ = try scanner.wholeNumber()
            throw mismatch("expected the name of a value")
        }
        let (range, isPlain) = try scanner.string()
        if isPlain,
            let value = table.value(
                of: scanner.bytes, at: range.lowerBound, length: range.count)
        {
            return value
        }
        return try unusualName(range, in: table)
    }

    @inline(never)
    private func unusualName(_ range: Range<Int>, in table: NameTable) throws(Failure) -> UInt32 {
        let name = try scanner.unescaped(range)
        if let value = table.value(of: name) { return value }
        // Extension values without a name, which the writer can only give as numbers.
        if let value = prefixedHex(range, digits: 8), value >= 0x8000_0000 {
            return UInt32(truncatingIfNeeded: value)
        }
        throw mismatch("unknown value \(JSONReader.harmless(name))")
    }

    mutating func boolean() throws(Failure) -> Bool {
        try expect(.boolean)
        let value = try scanner.boolean()
        try closeItem()
        return value
    }

    mutating func text() throws(Failure) -> String {
        try expect(.textString)
        let text = try scanner.text()
        try closeItem()
        return text
    }

    mutating func bytes() throws(Failure) -> [UInt8] {
        try expect(.byteString)
        let digits = scanner.bytes.extracting(try scanner.string().range)
        var bytes = [UInt8](repeating: 0, count: digits.byteCount / 2)
        var span = bytes.mutableSpan
        var output = span.mutableBytes
        guard Hex.decode(digits, into: &output) else { throw notHex() }
        try closeItem()
        return bytes
    }

    mutating func secret() throws(Failure) -> SecretBytes {
        try expect(.byteString)
        let digits = scanner.bytes.extracting(try scanner.string().range)
        let secret = try SecretBytes.make(count: digits.byteCount / 2) { memory in
            Hex.decode(digits, into: &memory)
        }
        guard let secret else { throw notHex() }
        try closeItem()
        return secret
    }

    // This dialect has no dates and intervals of their own.

    mutating func date() throws(Failure) -> Int64 { try longInteger() }
    mutating func number() throws(Failure) -> Int64 { try longInteger() }
    mutating func interval() throws(Failure) -> Int32 { try integer() }

    mutating func elements(
        _ element: (inout JSONReader) throws(Failure) -> Void
    ) throws(Failure) {
        let outer = tag
        try enter()
        while let tag = try next() {
            guard tag == outer else { throw mismatch("the elements of a list bear its own tag") }
            try element(&self)
        }
    }

    /// Passes a value that is no Structure and that nobody asked for.
    mutating func skipScalar() throws(Failure) {
        switch type {
        case .structure: break
        case .integer: _ = try integerValue()
        case .longInteger: _ = try longIntegerValue()
        case .boolean: _ = try boolean()
        case .interval:
            guard UInt32(exactly: try scanner.wholeNumber()) != nil else {
                throw notTTLV("the Interval is out of range")
            }
            try closeItem()
        case .enumeration where scanner.token() != UInt8(ascii: "\""):
            _ = try scanner.wholeNumber()
            try closeItem()
        case .enumeration, .textString, .byteString, .bigInteger, .dateTime, .dateTimeExtended:
            let (range, isPlain) = try scanner.string()
            guard isPlain || type == .textString || type == .enumeration else { throw notHex() }
            if !isPlain { _ = try scanner.unescaped(range) }
            guard isWellFormed(range) else { throw notHex() }
            try closeItem()
        }
    }

    private func isWellFormed(_ range: Range<Int>) -> Bool {
        switch type {
        case .byteString: Hex.isValid(scanner.bytes.extracting(range))
        case .bigInteger:
            range.count > 2 && hasHexPrefix(range)
                && Hex.isValid(scanner.bytes.extracting(range.lowerBound + 2..<range.upperBound))
        case .dateTimeExtended:
            range.count == 34 && hasHexPrefix(range)
                && Hex.isValid(scanner.bytes.extracting(range.lowerBound + 2..<range.upperBound))
        default: true
        }
    }
}
