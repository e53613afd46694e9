/// The lexical level of JSON: tokens of a text that is borrowed, not copied.
///
/// It is strict (RFC 8259) and refuses NUL characters besides, which C interfaces behind the server
/// would take for an end. Failures name the position.
struct JSONScanner: ~Escapable {
    let bytes: RawSpan
    var position = 0

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) { self.bytes = bytes }

    /// The byte at an offset; zero, which no token begins with, behind the end.
    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        offset < bytes.byteCount ? bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self) : 0
    }

    /// Eight bytes, the first lowest; zero where fewer are left.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        guard offset &+ 8 <= bytes.byteCount else { return 0 }
        return bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian
    }

    /// The next byte that is no white space, without passing it.
    @inline(__always)
    mutating func token() -> UInt8 {
        let byte = byte(at: position)
        return byte > 0x20 ? byte : tokenBehindSpace()
    }

    @inline(never)
    private mutating func tokenBehindSpace() -> UInt8 {
        while position < bytes.byteCount {
            let byte = byte(at: position)
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            position &+= 1
        }
        return 0
    }

    /// Passes the next token, which must be `expected`.
    @inline(__always)
    mutating func expect(_ expected: UInt8) throws(Failure) {
        guard token() == expected else {
            throw malformed("expected '\(Unicode.Scalar(expected))'")
        }
        position &+= 1
    }

    /// Only white space may be left.
    mutating func expectEnd() throws(Failure) {
        _ = token()
        guard position == bytes.byteCount else { throw malformed("expected the end of the text") }
    }

    @inline(never)
    func malformed(_ text: String) -> Failure {
        let place =
            position < bytes.byteCount ? "at byte \(position)" : "at the end of the text"
        return Failure(.invalidRequest, .invalidMessage, "not valid JSON \(place): \(text)")
    }

    // MARK: Strings

    /// Passes a string; the range of what is between its quotation marks, and whether that range is
    /// the text itself: ASCII without escapes.
    @inline(__always)
    mutating func string() throws(Failure) -> (range: Range<Int>, isPlain: Bool) {
        guard token() == UInt8(ascii: "\"") else { throw malformed("expected a string") }
        let start = position &+ 1
        var end = start
        while true {
            let word = word(at: end)
            // Per byte, the top bit says: quotation mark, backslash, control character, not ASCII.
            let quote = JSONScanner.zeros(word ^ 0x2222_2222_2222_2222)
            let escape = JSONScanner.zeros(word ^ 0x5C5C_5C5C_5C5C_5C5C)
            let control = (word &- 0x2020_2020_2020_2020) & ~word
            let stop = (quote | escape | control | word) & 0x8080_8080_8080_8080
            if stop == 0 {
                end &+= 8
                continue
            }
            // The lowest marked byte is exact; higher ones may be wrong through borrows.
            end &+= stop.trailingZeroBitCount &>> 3
            break
        }
        // Near the end of the text no whole word is left.
        while true {
            let byte = byte(at: end)
            if byte == UInt8(ascii: "\"") {
                position = end &+ 1
                return (start..<end, true)
            }
            guard byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\\") else { break }
            end &+= 1
        }
        return (start..<(try endOfString(from: end)), false)
    }

    /// Marks zero bytes by their top bit; exact for the lowest.
    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word
    }

    /// Passes the rest of a string that has escapes or is not ASCII.
    @inline(never)
    private mutating func endOfString(from start: Int) throws(Failure) -> Int {
        position = start
        while position < bytes.byteCount {
            let byte = byte(at: position)
            if byte == UInt8(ascii: "\"") {
                position &+= 1
                return position - 1
            }
            guard byte >= 0x20 else { throw malformed("a control character must be escaped") }
            position &+= byte == UInt8(ascii: "\\") ? 2 : 1
        }
        position = bytes.byteCount
        throw malformed("the string has no end")
    }

    /// The text of a string whose range is not plain: escapes resolved, checked to be UTF-8.
    @inline(never)
    func unescaped(_ range: Range<Int>) throws(Failure) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = byte(at: index)
            index += 1
            if byte == UInt8(ascii: "\\") {
                try resolveEscape(at: &index, end: range.upperBound, into: &text)
            } else {
                text.append(byte)
            }
        }
        do {
            _ = try UTF8Span(validating: text.span)
        } catch {
            throw invalidText("text is not valid UTF-8", at: range.lowerBound)
        }
        return text
    }

    private func resolveEscape(
        at index: inout Int, end: Int, into text: inout [UInt8]
    ) throws(Failure) {
        let kind = byte(at: index)
        index += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(kind)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try escapedScalar(at: &index, end: end)
            guard scalar.value != 0 else {
                throw invalidText("a NUL character is not allowed in text", at: index)
            }
            text += Array(String(Character(scalar)).utf8)
        default: throw invalidText("unknown escape", at: index)
        }
    }

    /// Up to two escapes: above U+FFFF a scalar is written as a pair of surrogates.
    private func escapedScalar(at index: inout Int, end: Int) throws(Failure) -> Unicode.Scalar {
        let first = try escapedUnit(at: &index, end: end)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, index + 6 <= end, byte(at: index) == UInt8(ascii: "\\"),
            byte(at: index + 1) == UInt8(ascii: "u")
        else { throw invalidText("a surrogate stands alone", at: index) }
        index += 2
        let second = try escapedUnit(at: &index, end: end)
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10 | (second - 0xDC00)))
        else { throw invalidText("a surrogate stands alone", at: index) }
        return scalar
    }

    private func escapedUnit(at index: inout Int, end: Int) throws(Failure) -> UInt32 {
        guard index + 4 <= end, let unit = Hex.number(bytes.extracting(index..<index + 4)) else {
            throw invalidText("an escape needs four hexadecimal digits", at: index)
        }
        index += 4
        return UInt32(unit)
    }

    private func invalidText(_ text: String, at position: Int) -> Failure {
        Failure(.invalidRequest, .invalidMessage, "not valid JSON at byte \(position): \(text)")
    }

    /// Passes a string and makes it one.
    mutating func text() throws(Failure) -> String {
        let (range, isPlain) = try string()
        guard isPlain else {
            // Checked already, so nothing is repaired.
            return String(decoding: try unescaped(range), as: UTF8.self)
        }
        return bytes.extracting(range).decodedText()
    }

    // MARK: Numbers and words

    /// Passes a whole number.
    mutating func wholeNumber() throws(Failure) -> Int64 {
        let isNegative = token() == UInt8(ascii: "-")
        let start = position &+ (isNegative ? 1 : 0)
        var end = start
        var value: UInt64 = 0
        while true {
            let digit = byte(at: end) &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            // Nineteen digits always fit.
            guard end &- start < 19 else { throw malformed("the number is out of range") }
            value = value &* 10 &+ UInt64(digit)
            end &+= 1
        }
        guard end > start else { throw malformed("expected a number") }
        guard end == start &+ 1 || byte(at: start) != UInt8(ascii: "0") else {
            throw malformed("a number does not begin with zero")
        }
        let next = byte(at: end)
        guard next != UInt8(ascii: "."), next | 0x20 != UInt8(ascii: "e") else {
            throw malformed("expected a whole number")
        }
        let limit: UInt64 = isNegative ? 1 << 63 : (1 << 63) - 1
        guard value <= limit else { throw malformed("the number is out of range") }
        position = end
        return Int64(truncatingIfNeeded: isNegative ? 0 &- value : value)
    }

    /// Passes `true` or `false`.
    mutating func boolean() throws(Failure) -> Bool {
        _ = token()
        if matches("true") { return true }
        if matches("false") { return false }
        throw malformed("expected true or false")
    }

    /// Passes `word` if it comes next.
    mutating func matches(_ word: StaticString) -> Bool {
        let text = word.description.utf8
        var offset = position
        for expected in text {
            guard byte(at: offset) == expected else { return false }
            offset += 1
        }
        position = offset
        return true
    }

    /// Passes any value, only looking for its end: its brackets are counted, not matched. What is in it
    /// has to be read strictly afterwards.
    mutating func passValue() throws(Failure) {
        var depth = 0
        repeat {
            switch token() {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard depth > 0 else { throw malformed("expected a value") }
                depth -= 1
                position += 1
            case UInt8(ascii: "\""): _ = try string()
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                guard depth > 0 else { throw malformed("expected a value") }
                position += 1
            // Nothing begins so: without this the loop would stand still.
            case 0..<0x20: throw malformed("expected a value")
            default: passWord()
            }
        } while depth > 0
    }

    /// A number or a literal: everything up to the next delimiter.
    private mutating func passWord() {
        while position < bytes.byteCount {
            switch byte(at: position) {
            case 0...0x20, UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "\""),
                UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"):
                return
            default: position += 1
            }
        }
    }
}
