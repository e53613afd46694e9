/// Reads TOML 1.0: every construct of it, and nothing else.
///
/// Ours because a configuration's errors must name lines, which the available packages do not tell,
/// and because those bring all of Foundation into the server.
///
/// Source: TOML 1.0.0, <https://toml.io/en/v1.0.0>.
package struct Parser {
    /// Steps from the root, tables and arrays together.
    package static let nestingMax = 32
    /// Of a document.
    package static let sizeMax = 1 << 20

    let bytes: [UInt8]
    var position = 0
    var line = 1

    /// The table of a document, which must be UTF-8 of at most ``sizeMax`` bytes.
    package static func parse(_ bytes: [UInt8]) throws(SyntaxError) -> Table {
        guard bytes.count <= sizeMax else {
            throw SyntaxError(line: 1, reason: "larger than \(sizeMax) bytes")
        }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw SyntaxError(line: firstBrokenLine(of: bytes), reason: "not valid UTF-8")
        }
        var parser = Parser(bytes: bytes)
        return try parser.document()
    }

    /// The table of a document that is already text.
    package static func parse(_ text: String) throws(SyntaxError) -> Table {
        try parse(Array(text.utf8))
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private static func firstBrokenLine(of bytes: [UInt8]) -> Int {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let broken = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }
        return (broken ?? 0) + 1
    }

    private mutating func document() throws(SyntaxError) -> Table {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }  // a byte order mark
        let root = TableBuilder(.root, line: 1, depth: 0)
        var current = root
        while true {
            skipSpaces()
            switch peek {
            case nil: return root.finished()
            case UInt8(ascii: "#"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                try endOfLine()
            case UInt8(ascii: "["):
                current = try header(of: root)
                try endOfLine()
            default:
                try keyAndValue(into: current, depth: current.depth)
                try endOfLine()
            }
        }
    }

    private mutating func header(of root: TableBuilder) throws(SyntaxError) -> TableBuilder {
        let line = line
        position += 1
        let isElement = take("[")
        skipSpaces()
        let path = try keyPath()
        skipSpaces()
        guard take("]"), !isElement || take("]") else {
            throw failure("a table's header must end with \(isElement ? "]]" : "]")")
        }
        return isElement ? try root.append(path, line: line) : try root.open(path, line: line)
    }

    /// `key.key = value`, without what follows it.
    mutating func keyAndValue(into table: TableBuilder, depth: Int) throws(SyntaxError) {
        let line = line
        let path = try keyPath()
        skipSpaces()
        guard take("=") else { throw failure("= is missing after \(path.joined(separator: "."))") }
        skipSpaces()
        guard depth + path.count <= Parser.nestingMax else {
            throw failure("\(path[0]) is nested too deeply")
        }
        let value = try value(depth: depth + path.count, key: path)
        try table.set(path, to: Node(value, line: line))
    }

    private mutating func keyPath() throws(SyntaxError) -> [String] {
        var path = [try key()]
        while true {
            let end = position
            skipSpaces()
            guard take(".") else {
                position = end
                return path
            }
            skipSpaces()
            path.append(try key())
        }
    }

    private mutating func key() throws(SyntaxError) -> String {
        switch peek {
        case UInt8(ascii: "\""): return try basicString(of: nil)
        case UInt8(ascii: "'"): return try literalString(of: nil)
        default: break
        }
        let start = position
        while let byte = peek, Parser.isBare(byte) { position += 1 }
        guard position > start else { throw failure("a key is expected here") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

// What all of the grammar needs.
extension Parser {
    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    func failure(_ reason: String) -> SyntaxError { SyntaxError(line: line, reason: reason) }

    mutating func take(_ text: StaticString) -> Bool {
        let wanted = String(describing: text).utf8
        guard bytes[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    mutating func skipSpaces() {
        while let byte = peek, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
            position += 1
        }
    }

    /// Takes a line break if one is here.
    mutating func lineBreak() -> Bool {
        guard take("\n") || take("\r\n") else { return false }
        line += 1
        return true
    }

    /// Nothing but spaces and a comment, then the end of the line or document.
    mutating func endOfLine() throws(SyntaxError) {
        skipSpaces()
        try comment()
        guard peek == nil || lineBreak() else {
            throw failure("nothing may follow on this line")
        }
    }

    mutating func comment() throws(SyntaxError) {
        guard take("#") else { return }
        while let byte = peek, byte != UInt8(ascii: "\n") {
            if byte == UInt8(ascii: "\r"), bytes[position...].starts(with: "\r\n".utf8) { return }
            guard !Parser.isControl(byte) else {
                throw failure("a comment holds a control character")
            }
            position += 1
        }
    }

    /// A tab is none: TOML allows it where it allows text.
    static func isControl(_ byte: UInt8) -> Bool {
        (byte < 0x20 && byte != 0x09) || byte == 0x7F
    }
}
