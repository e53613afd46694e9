extension Parser {
    /// A value of `key`, which is named in errors; its text never is.
    mutating func value(depth: Int, key: [String]) throws(SyntaxError) -> Value {
        let name = key.joined(separator: ".")
        switch peek {
        case UInt8(ascii: "\""):
            return .string(
                take("\"\"\"") ? try multilineBasic(of: name) : try basicString(of: name))
        case UInt8(ascii: "'"):
            return .string(
                take("'''") ? try multilineLiteral(of: name) : try literalString(of: name))
        case UInt8(ascii: "["): return .array(try array(depth: depth, key: key))
        case UInt8(ascii: "{"): return .table(try inlineTable(depth: depth, key: key))
        default: return try scalar(of: name)
        }
    }

    private mutating func array(depth: Int, key: [String]) throws(SyntaxError) -> [Node] {
        guard depth < Parser.nestingMax else { throw failure("\(key[0]) is nested too deeply") }
        position += 1
        var items: [Node] = []
        while true {
            try blank()
            if take("]") { return items }
            let line = line
            items.append(Node(try value(depth: depth + 1, key: key), line: line))
            try blank()
            if take("]") { return items }
            guard take(",") else {
                throw failure("the array \(key.joined(separator: ".")) needs a comma or ] here")
            }
        }
    }

    /// Spaces, line breaks and comments, which arrays allow between items.
    private mutating func blank() throws(SyntaxError) {
        repeat {
            skipSpaces()
            try comment()
        } while lineBreak()
    }

    private mutating func inlineTable(depth: Int, key: [String]) throws(SyntaxError) -> Table {
        guard depth < Parser.nestingMax else { throw failure("\(key[0]) is nested too deeply") }
        position += 1
        let table = TableBuilder(.inline, line: line, depth: depth)
        skipSpaces()
        if take("}") { return table.finished() }
        while true {
            skipSpaces()
            try keyAndValue(into: table, depth: depth)
            skipSpaces()
            if take("}") { return table.finished() }
            guard take(",") else {
                throw failure("the table \(key.joined(separator: ".")) needs a comma or } here")
            }
        }
    }

    /// Booleans, numbers, dates and times: a word without quotes.
    private mutating func scalar(of name: String) throws(SyntaxError) -> Value {
        var word = takeWord()
        if Parser.isDate(word), peek == UInt8(ascii: " "), position + 1 < bytes.count,
            Parser.isDigit(bytes[position + 1])
        {
            position += 1  // a space may stand between date and time
            word += " " + takeWord()
        }
        switch word {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "": throw failure("the value of \(name) is missing")
        default: break
        }
        if let number = Parser.integer(word) { return .integer(number) }
        if let number = Parser.float(word) { return .float(number) }
        if Parser.isDateTime(word) { return .dateTime(word) }
        throw failure("the value of \(name) is none; text needs quotes")
    }

    private mutating func takeWord() -> String {
        let start = position
        while let byte = peek, Parser.isOfWord(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
            UInt8(ascii: "#"), UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"):
            false
        default: true
        }
    }
}

// Scalars of a word. Nil means: not one of these.
extension Parser {
    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// The digits of a number without its underscores, each of which must stand between two digits.
    private static func digits(_ text: Substring, where isDigit: (UInt8) -> Bool) -> String? {
        let parts = text.utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }) else { return nil }
        return text.filter { $0 != "_" }
    }

    private static func integer(_ word: String) -> Int64? {
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where word.hasPrefix(prefix) {
            let plain = digits(word.dropFirst(2)) { byte in
                Int(String(UnicodeScalar(byte)), radix: radix) != nil && byte != UInt8(ascii: "+")
            }
            return plain.flatMap { Int64($0, radix: radix) }
        }
        let sign = word.hasPrefix("-") ? "-" : ""
        let unsigned = word.hasPrefix("-") || word.hasPrefix("+") ? word.dropFirst() : word[...]
        guard let plain = digits(unsigned, where: isDigit) else { return nil }
        guard plain == "0" || !plain.hasPrefix("0") else { return nil }
        return Int64(sign + plain)
    }

    private static func float(_ word: String) -> Double? {
        let unsigned = word.hasPrefix("-") || word.hasPrefix("+") ? word.dropFirst() : word[...]
        let sign = word.hasPrefix("-") ? -1.0 : 1.0
        if unsigned == "inf" { return sign * .infinity }
        if unsigned == "nan" { return .nan }
        let halves = unsigned.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        guard let mantissa = halves.first, halves.count <= 2 else { return nil }
        let parts = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count + halves.count > 2, parts.count <= 2 else { return nil }
        guard let whole = digits(parts[0], where: isDigit), whole == "0" || !whole.hasPrefix("0")
        else { return nil }
        var plain = whole
        if parts.count == 2 {
            guard let fraction = digits(parts[1], where: isDigit) else { return nil }
            plain += "." + fraction
        }
        if halves.count == 2 {
            let isSigned = halves[1].hasPrefix("-") || halves[1].hasPrefix("+")
            let power = isSigned ? halves[1].dropFirst() : halves[1]
            guard let power = digits(power, where: isDigit) else { return nil }
            plain += "e" + (halves[1].hasPrefix("-") ? "-" : "") + power
        }
        return Double(plain).map { sign * $0 }
    }

    private static func isDate(_ word: String) -> Bool { matches(word[...], "dddd-dd-dd") }

    private static func isDateTime(_ word: String) -> Bool {
        if isDate(word) || isTime(word[...]) { return true }
        guard isDate(String(word.prefix(10))), let separator = word.dropFirst(10).first,
            "Tt ".contains(separator)
        else { return false }
        var time = word.dropFirst(11)
        if time.hasSuffix("Z") || time.hasSuffix("z") {
            time = time.dropLast()
        } else if matches(time.suffix(6), "+dd:dd") || matches(time.suffix(6), "-dd:dd") {
            time = time.dropLast(6)
        }
        return isTime(time)
    }

    private static func isTime(_ text: Substring) -> Bool {
        guard matches(text.prefix(8), "dd:dd:dd") else { return false }
        let fraction = text.dropFirst(8)
        guard !fraction.isEmpty else { return true }
        return fraction.hasPrefix(".") && fraction.count > 1
            && fraction.dropFirst().utf8.allSatisfy(isDigit)
    }

    /// Whether `text` has the shape of `pattern`, in which `d` is any digit.
    private static func matches(_ text: Substring, _ pattern: String) -> Bool {
        text.utf8.count == pattern.utf8.count
            && zip(text.utf8, pattern.utf8).allSatisfy { byte, shape in
                shape == UInt8(ascii: "d") ? isDigit(byte) : byte == shape
            }
    }
}
