extension Parser {
    /// `"..."`, on one line. `name` is the key it belongs to, or nil when it is a key itself.
    mutating func basicString(of name: String?) throws(SyntaxError) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                try escape(into: &text, of: name)
            default:
                try literalByte(byte, into: &text, of: name)
            }
        }
        throw unterminated(name)
    }

    /// `'...'`, on one line, without escapes.
    mutating func literalString(of name: String?) throws(SyntaxError) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = peek {
            guard byte != UInt8(ascii: "'") else {
                position += 1
                return String(decoding: text, as: UTF8.self)
            }
            try literalByte(byte, into: &text, of: name)
        }
        throw unterminated(name)
    }

    /// What follows `"""`.
    mutating func multilineBasic(of name: String) throws(SyntaxError) -> String {
        _ = lineBreak()
        var text: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\"") where closes("\"\"\"", into: &text):
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                if !continuesLine() { try escape(into: &text, of: name) }
            default:
                try multilineByte(byte, into: &text, of: name)
            }
        }
        throw unterminated(name)
    }

    /// What follows `'''`.
    mutating func multilineLiteral(of name: String) throws(SyntaxError) -> String {
        _ = lineBreak()
        var text: [UInt8] = []
        while let byte = peek {
            if byte == UInt8(ascii: "'"), closes("'''", into: &text) {
                return String(decoding: text, as: UTF8.self)
            }
            try multilineByte(byte, into: &text, of: name)
        }
        throw unterminated(name)
    }

    /// Takes the closing quotes. Up to two more may stand before them; they are text.
    private mutating func closes(_ quotes: StaticString, into text: inout [UInt8]) -> Bool {
        guard let quote = peek, take(quotes) else { return false }
        for _ in 0..<2 where peek == quote {
            position += 1
            text.append(quote)
        }
        return true
    }

    /// A backslash at the end of a line drops the break and all blank space that follows.
    private mutating func continuesLine() -> Bool {
        let (startPosition, startLine) = (position, line)
        position += 1
        skipSpaces()
        guard lineBreak() else {
            (position, line) = (startPosition, startLine)
            return false
        }
        repeat { skipSpaces() } while lineBreak()
        return true
    }

    private mutating func multilineByte(
        _ byte: UInt8, into text: inout [UInt8], of name: String
    ) throws(SyntaxError) {
        if lineBreak() {
            text.append(UInt8(ascii: "\n"))
        } else {
            try literalByte(byte, into: &text, of: name)
        }
    }

    private mutating func literalByte(
        _ byte: UInt8, into text: inout [UInt8], of name: String?
    ) throws(SyntaxError) {
        if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { throw unterminated(name) }
        guard !Parser.isControl(byte) else {
            throw failure("\(described(name)) holds a control character; write it as an escape")
        }
        text.append(byte)
        position += 1
    }

    private mutating func escape(into text: inout [UInt8], of name: String?) throws(SyntaxError) {
        position += 1
        guard let kind = peek else { throw unterminated(name) }
        position += 1
        switch kind {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(kind)
        case UInt8(ascii: "u"): try scalarEscape(digits: 4, into: &text, of: name)
        case UInt8(ascii: "U"): try scalarEscape(digits: 8, into: &text, of: name)
        default:
            throw failure("\(described(name)) holds an unknown escape; write \\\\ for a backslash")
        }
    }

    private mutating func scalarEscape(
        digits: Int, into text: inout [UInt8], of name: String?
    ) throws(SyntaxError) {
        let end = position + digits
        guard end <= bytes.count,
            bytes[position..<end].allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }
            ),
            let number = UInt32(String(decoding: bytes[position..<end], as: UTF8.self), radix: 16),
            let scalar = Unicode.Scalar(number)
        else { throw failure("\(described(name)) holds an escape that is no character") }
        position = end
        text.append(contentsOf: String(scalar).utf8)
    }

    private func described(_ name: String?) -> String {
        name.map { "the value of \($0)" } ?? "a quoted key"
    }

    private func unterminated(_ name: String?) -> SyntaxError {
        failure("\(described(name)) has no closing quote")
    }
}
