import FoundationEssentials

/// A JSON Web Token in its compact form, taken apart; nothing in it is believed yet.
///
/// Source: RFC 7515, section 7.1; RFC 7519.
struct SignedToken {
    let algorithm: TokenAlgorithm
    let keyID: String
    let claims: [String: JSONClaim]
    /// What the signature is over.
    let signed: [UInt8]
    let signature: [UInt8]

    /// - Parameter text: Three parts with dots between them.
    init(_ text: String) throws(Denied) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]), let claims = Self.object(parts[1]),
            let signature = Base64.decodeFromURL(parts[2]), !signature.isEmpty
        else { throw Denied("the token is no signed JSON Web Token") }
        guard let name = header["alg"]?.text, let algorithm = TokenAlgorithm(rawValue: name) else {
            throw Denied("the token's algorithm is not accepted")
        }
        // What must be understood, and is not.
        guard header["crit"] == nil else { throw Denied("the token has critical extensions") }
        guard let keyID = header["kid"]?.text, (1...256).contains(keyID.utf8.count) else {
            throw Denied("the token names no key")
        }
        self.algorithm = algorithm
        self.keyID = keyID
        self.claims = claims
        self.signature = signature
        signed = Array(text.utf8.prefix(parts[0].count + 1 + parts[1].count))
    }

    private static func object(_ part: Substring.UTF8View) -> [String: JSONClaim]? {
        guard let bytes = Base64.decodeFromURL(part) else { return nil }
        return try? JSONDecoder().decode([String: JSONClaim].self, from: Data(bytes))
    }
}
