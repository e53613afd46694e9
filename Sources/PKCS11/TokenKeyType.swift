import CPKCS11
import PluginKit

/// What an object of a token is, as far as we work with it.
struct TokenKeyType: Hashable, Sendable {
    enum Kind: Sendable { case secret, privateKey, publicKey }
    enum Family: Sendable { case aes, generic, rsa, ec, edwards }

    var kind: Kind
    var family: Family

    /// Nil for certificates, data, and keys of other algorithms.
    init?(class objectClass: UInt?, keyType: UInt?) {
        switch objectClass {
        case CKO_SECRET_KEY: kind = .secret
        case CKO_PRIVATE_KEY: kind = .privateKey
        case CKO_PUBLIC_KEY: kind = .publicKey
        default: return nil
        }
        switch (keyType, kind) {
        case (CKK_AES, .secret): family = .aes
        case (CKK_GENERIC_SECRET, .secret), (Self.hmacSHA256, .secret), (Self.hmacSHA512, .secret):
            family = .generic
        case (CKK_RSA, .privateKey), (CKK_RSA, .publicKey): family = .rsa
        case (CKK_EC, .privateKey), (CKK_EC, .publicKey): family = .ec
        case (CKK_EC_EDWARDS, .privateKey), (CKK_EC_EDWARDS, .publicKey): family = .edwards
        default: return nil
        }
    }

    /// `CKK_SHA256_HMAC`, `CKK_SHA512_HMAC`.
    private static let hmacSHA256: UInt = 0x2B
    private static let hmacSHA512: UInt = 0x2D

    var type: HSMKeyType {
        switch (family, kind) {
        case (.aes, _): .aes
        case (.generic, _): .generic
        case (.rsa, .publicKey): .rsaPublic
        case (.rsa, _): .rsaPrivate
        case (_, .publicKey): .ecPublic
        case (_, _): .ecPrivate
        }
    }

    /// What finds keys of a type; certificates and the like are skipped later.
    static func template(of type: HSMKeyType) -> [Attribute] {
        func make(_ objectClass: UInt, _ keyType: UInt? = nil) -> [Attribute] {
            [Attribute(CKA_CLASS, .number(objectClass))]
                + (keyType.map { [Attribute(CKA_KEY_TYPE, .number($0))] } ?? [])
        }
        return switch type {
        case .any: []
        case .aes: make(CKO_SECRET_KEY, CKK_AES)
        case .generic: make(CKO_SECRET_KEY)
        case .rsaPrivate: make(CKO_PRIVATE_KEY, CKK_RSA)
        case .rsaPublic: make(CKO_PUBLIC_KEY, CKK_RSA)
        // Two key types of the token.
        case .ecPrivate: make(CKO_PRIVATE_KEY)
        case .ecPublic: make(CKO_PUBLIC_KEY)
        }
    }
}
