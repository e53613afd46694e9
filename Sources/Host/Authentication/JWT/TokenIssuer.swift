/// Somebody whose JSON Web Tokens are accepted, as configured.
public struct TokenIssuer: Sendable, Equatable {
    /// The text that `iss` must equal, to the last slash.
    public var issuer: String
    /// Where its keys are: `https://...`, or `file:///...` where there is no network.
    public var keys: String
    /// One of these must be in `aud`. Never empty: a token made for another service opens nothing.
    public var audiences: [String]
    /// The claim that holds the user's name.
    public var userClaim = "email"
    /// The domains of the e-mail addresses that it may assert; empty: any, for `email` and others.
    public var domains: [String] = []
    /// The claim with the user's groups, a text or an array of them; nil: it gives none.
    public var groupsClaim: String?
    /// How its tokens may be signed.
    public var algorithms = TokenAlgorithm.allCases

    init(issuer: String, keys: String? = nil, audiences: [String]) {
        self.issuer = issuer
        let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
        self.keys = keys ?? base + "/.well-known/jwks.json"
        self.audiences = audiences
    }
}

/// Signatures with a public key. `none` and those with a shared secret are not among them: with one of
/// those, whoever knows the public key could sign. Source: RFC 7518, section 3.1; RFC 8037.
public enum TokenAlgorithm: String, CaseIterable, Sendable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case edDSA = "EdDSA"

    /// The kind of key that belongs to it: type, and curve where it has one.
    var keyKind: (type: String, curve: String?) {
        switch self {
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: ("RSA", nil)
        case .es256: ("EC", "P-256")
        case .es384: ("EC", "P-384")
        case .es512: ("EC", "P-521")
        case .edDSA: ("OKP", "Ed25519")
        }
    }
}
