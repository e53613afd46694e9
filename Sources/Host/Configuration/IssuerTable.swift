import TOML

/// An `[[issuer]]` table of the file: somebody whose JSON Web Tokens are accepted.
struct IssuerTable {
    private(set) var issuer = TokenIssuer(issuer: "", audiences: [])
    /// What is wrong, with the line and the key.
    private(set) var mistakes: [(line: Int, key: String, message: String)] = []

    private static let keys = [
        "issuer", "jwks-uri", "audience", "user-claim", "email-domains", "groups-claim", "algorithms",
    ]

    init(_ table: Table, line: Int) {
        var texts: [String: [String]] = [:]
        for (key, node) in table.entries {
            let name = Spelling.name(ofKey: key)
            guard Self.keys.contains(name) else {
                let hint = NearestName.hint(name, among: Self.keys) { $0 }
                mistakes.append((node.line, key, "unknown key\(hint)"))
                continue
            }
            let mayBeMany = ["audience", "email-domains", "algorithms"].contains(name)
            guard let values = Self.texts(node.value, mayBeMany: mayBeMany), !values.contains("")
            else {
                let wanted = mayBeMany ? "a string or an array of strings" : "a string"
                mistakes.append((node.line, key, "must be \(wanted), not empty"))
                continue
            }
            texts[name] = values
            if name == "algorithms", let odd = values.first(where: { TokenAlgorithm(rawValue: $0) == nil })
            {
                let known = TokenAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
                mistakes.append((node.line, key, "\"\(odd)\" is none of \(known)"))
            }
        }
        for key in ["issuer", "audience"] where texts[key] == nil && table[key] == nil {
            mistakes.append((line, key, "is missing"))
        }
        issuer = TokenIssuer(
            issuer: texts["issuer"]?.first ?? "", keys: texts["jwks-uri"]?.first,
            audiences: texts["audience"] ?? [])
        if let claim = texts["user-claim"]?.first { issuer.userClaim = claim }
        issuer.domains = (texts["email-domains"] ?? []).map { $0.lowercased() }
        issuer.groupsClaim = texts["groups-claim"]?.first
        if let names = texts["algorithms"] {
            issuer.algorithms = names.compactMap(TokenAlgorithm.init)
        }
    }

    private static func texts(_ value: Value, mayBeMany: Bool) -> [String]? {
        switch value {
        case .string(let text): return [text]
        case .array(let items) where mayBeMany && !items.isEmpty:
            let texts = items.compactMap { if case .string(let text) = $0.value { text } else { nil } }
            return texts.count == items.count ? texts : nil
        default: return nil
        }
    }
}
