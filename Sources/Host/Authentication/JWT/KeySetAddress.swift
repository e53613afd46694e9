/// Where a key set is: over HTTPS, or in a file.
enum KeySetAddress: Sendable, Equatable {
    case https(host: String, port: Int, target: String)
    case file(path: String)

    /// Nil for anything else, plain HTTP above all: whoever is on the way could put in keys.
    init?(_ text: String) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        if text.hasPrefix("file:///") {
            guard let path = String(decodingPathSegment: text.dropFirst(7)), path.count > 1,
                !path.utf8.contains(0)
            else { return nil }
            self = .file(path: path)
            return
        }
        guard text.hasPrefix("https://") else { return nil }
        let rest = text.dropFirst(8)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let authority = rest[..<end]
        let target = rest[end...].prefix { $0 != "#" }
        guard !authority.contains("@"), let (host, port) = Self.split(authority) else { return nil }
        self = .https(
            host: host, port: port, target: target.hasPrefix("/") ? String(target) : "/" + target)
    }

    private static func split(_ authority: Substring) -> (host: String, port: Int)? {
        var host = authority
        var port = "443"[...]
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            host = authority[authority.index(after: authority.startIndex)..<end]
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            if !rest.isEmpty { port = rest.dropFirst() }
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        guard !host.isEmpty, let number = UInt16(port), number > 0 else { return nil }
        return (String(host), Int(number))
    }
}
