import FoundationEssentials
import JWTKit

/// A public key of an issuer's, and what it may verify.
struct VerificationKey: Sendable {
    let id: String
    /// Those that the key's kind allows, and its `alg` where it has one.
    private let verifiers: [TokenAlgorithm: any JWTAlgorithm]

    /// Bytes that an RSA modulus must have: 2048 bits.
    private static let modulusSizeMin = 256
    private static let modulusSizeMax = 1024

    /// A key as sets have them; private members are not looked at. Source: RFC 7517, section 4.
    struct Description: Decodable {
        var kty: String
        var kid: String?
        var alg: String?
        var use: String?
        var key_ops: [String]?
        var crv: String?
        var n: String?
        var e: String?
        var x: String?
        var y: String?
    }

    /// Nil for a key that verifies nothing here: of another kind, for another use, too short.
    init?(_ description: Description) async {
        guard let id = description.kid, !id.isEmpty, description.use ?? "sig" == "sig",
            description.key_ops?.contains("verify") ?? true
        else { return nil }
        if description.kty == "RSA" {
            guard let modulus = description.n.flatMap({ Base64.decodeFromURL($0.utf8) }),
                (Self.modulusSizeMin...Self.modulusSizeMax).contains(modulus.count)
            else { return nil }
        }
        var verifiers: [TokenAlgorithm: any JWTAlgorithm] = [:]
        for algorithm in TokenAlgorithm.allCases {
            let kind = algorithm.keyKind
            guard kind.type == description.kty, kind.curve == nil || kind.curve == description.crv,
                description.alg == nil || description.alg == algorithm.rawValue
            else { continue }
            verifiers[algorithm] = await Self.verifier(description, id, algorithm)
        }
        guard !verifiers.isEmpty else { return nil }
        self.id = id
        self.verifiers = verifiers
    }

    private static func verifier(
        _ description: Description, _ id: String, _ algorithm: TokenAlgorithm
    ) async -> (any JWTAlgorithm)? {
        let name = JWK.Algorithm(rawValue: algorithm.rawValue)
        let kid = JWKIdentifier(string: id)
        let key: JWK
        switch description.kty {
        case "RSA":
            key = .rsa(name, identifier: kid, modulus: description.n, exponent: description.e)
        case "EC":
            key = .ecdsa(
                name, identifier: kid, x: description.x, y: description.y,
                curve: description.crv.flatMap(ECDSACurve.init))
        default:
            key = .octetKeyPair(
                name, identifier: kid, x: description.x, y: nil,
                curve: description.crv.flatMap(EdDSACurve.init))
        }
        return try? await JWTKeyCollection().add(jwk: key).getKey(for: kid, alg: algorithm.rawValue)
    }

    /// Whether the token was signed by the owner of this key, in a way that belongs to the key.
    func verifies(_ token: SignedToken) -> Bool {
        guard let verifier = verifiers[token.algorithm] else { return false }
        return (try? verifier.verify(Data(token.signature), signs: Data(token.signed))) ?? false
    }

    /// The usable keys of a set, by id. Source: RFC 7517, section 5.
    ///
    /// - Throws: When it is no set, or two usable keys have one id: which one is meant is not guessed.
    static func set(fromJSON bytes: [UInt8]) async throws(KeySetError) -> [String: VerificationKey] {
        struct Entry: Decodable {
            var description: Description?
            // A key of a shape that nobody knows yet must not hide the others.
            init(from decoder: any Decoder) throws { description = try? Description(from: decoder) }
        }
        struct Whole: Decodable { var keys: [Entry] }
        guard let whole = try? JSONDecoder().decode(Whole.self, from: Data(bytes)) else {
            throw KeySetError("it is no JSON Web Key Set")
        }
        guard whole.keys.count <= countMax else { throw KeySetError("it has too many keys") }
        var keys: [String: VerificationKey] = [:]
        for description in whole.keys.compactMap(\.description) {
            guard let key = await VerificationKey(description) else { continue }
            guard keys[key.id] == nil else { throw KeySetError("two keys have the same kid") }
            keys[key.id] = key
        }
        guard !keys.isEmpty else { throw KeySetError("it has no key that verifies signatures") }
        return keys
    }

    private static let countMax = 100
}

/// Why a key set cannot be had, for the log.
struct KeySetError: Error, Equatable, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
