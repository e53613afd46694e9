/// The names under which clients may address this server.
package struct AllowedHosts: Sendable {
    private let names: Set<String>

    /// - Parameters:
    ///   - bound: The name or address that the server listens on.
    ///   - further: What the configuration adds.
    package init(bound: String, further: [String]) {
        names = Set(([bound, "localhost"] + further).map { $0.lowercased() })
    }

    /// Whether a `Host` header names this server: one of its names, or an address. Addresses are
    /// safe, since rebinding needs a name.
    package func allows(authority: String) -> Bool {
        let host = Self.host(of: authority)
        if Self.isAddress(host) { return true }
        return names.contains(host.lowercased())
    }

    /// The authority without its port.
    private static func host(of authority: String) -> Substring {
        if authority.utf8.first == UInt8(ascii: "["), let end = authority.firstIndex(of: "]") {
            return authority[...end]
        }
        guard let colon = authority.lastIndex(of: ":") else { return authority[...] }
        return authority[..<colon]
    }

    /// Digits and dots, or anything in brackets: what no domain name can be.
    private static func isAddress(_ host: Substring) -> Bool {
        if host.utf8.first == UInt8(ascii: "[") { return true }
        var dots = 0
        var number = -1
        for byte in host.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                number = max(number, 0) * 10 + Int(byte - UInt8(ascii: "0"))
                if number > 255 { return false }
            case UInt8(ascii: ".") where number >= 0:
                dots += 1
                number = -1
            default: return false
            }
        }
        return dots == 3 && number >= 0
    }
}
