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
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in UInt8(part) != nil }
    }
}
