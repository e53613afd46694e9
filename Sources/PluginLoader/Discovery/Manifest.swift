/// What lies beside a library so that it need not be opened to find out what it is.
///
/// ```toml
/// abi = 1
/// kind = "database"
/// serves = ["oracle"]
/// library = "libkms-oracle.so"
/// ```
package struct Manifest: Equatable {
    package static let sizeMax = 64 * 1024

    package var abi: Int
    package var kind: PluginKind
    package var serves: [String]
    /// A file name in the manifest's own folder.
    package var library: String

    package struct Malformed: Error, Equatable { package var problem: String }

    package init(_ text: String) throws(Malformed) {
        var table = try FlatTOML.parse(text)
        func take(_ key: String) throws(Malformed) -> FlatTOML.Value {
            guard let value = table.removeValue(forKey: key) else {
                throw Malformed(problem: "\(key) is missing")
            }
            return value
        }

        guard case .integer(let abi) = try take("abi") else {
            throw Malformed(problem: "abi is not a number")
        }
        guard case .text(let kindName) = try take("kind"),
            let kind = PluginKind(manifestName: kindName)
        else { throw Malformed(problem: "kind is neither \"database\" nor \"hsm\"") }
        guard case .texts(let serves) = try take("serves"), !serves.isEmpty,
            serves.allSatisfy(PluginLocation.isDriverName)
        else { throw Malformed(problem: "serves is not a list of drivers' names") }
        guard case .text(let library) = try take("library"), !library.isEmpty,
            !library.contains("/"), library != ".", library != ".."
        else { throw Malformed(problem: "library is not a file name without folder") }
        if let unknown = table.keys.min() { throw Malformed(problem: "unknown key \(unknown)") }

        self.abi = abi
        self.kind = kind
        self.serves = serves
        self.library = library
    }
}

/// The part of TOML that manifests are written in: `key = value` lines and comments; numbers,
/// strings without escapes, lists of strings on one line. What goes beyond is refused, not guessed.
enum FlatTOML {
    enum Value: Equatable {
        case integer(Int)
        case text(String)
        case texts([String])
    }

    static func parse(_ text: String) throws(Manifest.Malformed) -> [String: Value] {
        var table: [String: Value] = [:]
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            var cursor = Cursor(rest: line, line: number)
            cursor.skipBlanks()
            if cursor.isAtEnd { continue }
            let key = try cursor.key()
            try cursor.expect("=")
            let value = try cursor.value()
            cursor.skipBlanks()
            guard cursor.isAtEnd else { throw cursor.malformed("text after the value") }
            guard table.updateValue(value, forKey: key) == nil else {
                throw cursor.malformed("\(key) occurs twice")
            }
        }
        return table
    }

    private struct Cursor {
        var rest: Substring
        let line: Int

        /// At the end of the line or at a comment.
        var isAtEnd: Bool { rest.isEmpty || rest.first == "#" }

        func malformed(_ problem: String) -> Manifest.Malformed {
            Manifest.Malformed(problem: "line \(line): \(problem)")
        }

        mutating func skipBlanks() { rest = rest.drop { $0 == " " || $0 == "\t" } }

        mutating func expect(_ character: Character) throws(Manifest.Malformed) {
            skipBlanks()
            guard rest.first == character else { throw malformed("expected '\(character)'") }
            rest.removeFirst()
        }

        mutating func key() throws(Manifest.Malformed) -> String {
            let key = rest.prefix {
                $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_")
            }
            guard !key.isEmpty else { throw malformed("expected key = value") }
            rest = rest.dropFirst(key.count)
            return String(key)
        }

        mutating func value() throws(Manifest.Malformed) -> Value {
            skipBlanks()
            switch rest.first {
            case "\"", "'": return .text(try string())
            case "[": return .texts(try list())
            default:
                let digits = rest.prefix { $0.isASCII && $0.isNumber }
                guard let number = Int(digits) else { throw malformed("expected a value") }
                rest = rest.dropFirst(digits.count)
                return .integer(number)
            }
        }

        mutating func string() throws(Manifest.Malformed) -> String {
            guard let quote = rest.first, quote == "\"" || quote == "'" else {
                throw malformed("expected a string")
            }
            rest.removeFirst()
            guard let end = rest.firstIndex(of: quote) else { throw malformed("unfinished string") }
            let text = rest[..<end]
            guard !text.contains("\\") else { throw malformed("escapes are not supported") }
            rest = rest[rest.index(after: end)...]
            return String(text)
        }

        mutating func list() throws(Manifest.Malformed) -> [String] {
            try expect("[")
            var texts: [String] = []
            while true {
                skipBlanks()
                if rest.first == "]" { break }
                texts.append(try string())
                skipBlanks()
                guard rest.first == "," else { break }
                rest.removeFirst()
            }
            try expect("]")
            return texts
        }
    }
}
