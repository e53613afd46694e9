import CPKCS11
import PluginKit

/// How our mechanisms are asked of a token.
package enum Mechanisms {
    private static let edwardsPairGeneration: UInt = 0x1055
    static let eddsa: UInt = 0x1057

    /// What stands behind a mechanism when a slot is asked what it can do.
    static func tokenMechanism(_ mechanism: Mechanism) -> UInt {
        switch mechanism {
        case .aesGCM: CKM_AES_GCM
        case .aesCBC, .aesCBCPad: CKM_AES_CBC
        case .aesKW: CKM_AES_KEY_WRAP
        case .aesKWP: CKM_AES_KEY_WRAP_PAD
        case .rsaPKCS1: CKM_RSA_PKCS
        case .rsaOAEPSHA1, .rsaOAEPSHA256: CKM_RSA_PKCS_OAEP
        case .rsaPSSSHA256: CKM_SHA256_RSA_PKCS_PSS
        case .rsaPKCS1SHA1: CKM_SHA1_RSA_PKCS
        case .rsaPKCS1SHA256: CKM_SHA256_RSA_PKCS
        case .rsaPKCS1SHA384: CKM_SHA384_RSA_PKCS
        case .rsaPKCS1SHA512: CKM_SHA512_RSA_PKCS
        case .ecdsa, .ecdsaSHA256, .ecdsaSHA384: CKM_ECDSA
        case .eddsaEd25519: eddsa
        case .hmacSHA256: CKM_SHA256_HMAC
        case .hmacSHA512: CKM_SHA512_HMAC
        case .generateAES: CKM_AES_KEY_GEN
        case .generateRSA: CKM_RSA_PKCS_KEY_PAIR_GEN
        case .generateEC: CKM_EC_KEY_PAIR_GEN
        case .generateEd25519: edwardsPairGeneration
        case .generateGeneric: CKM_GENERIC_SECRET_KEY_GEN
        }
    }

    /// A hash that the token has to have besides: ECDSA is asked for a digest, which it makes.
    static func digest(_ mechanism: Mechanism) -> (type: UInt, size: Int)? {
        switch mechanism {
        case .ecdsaSHA256: (CKM_SHA256, 32)
        case .ecdsaSHA384: (CKM_SHA384, 48)
        default: nil
        }
    }

    static func generation(of type: HSMKeyType, on curve: Curve?) -> Mechanism? {
        switch type {
        case .aes: .generateAES
        case .generic: .generateGeneric
        case .rsaPrivate, .rsaPublic: .generateRSA
        case .ecPrivate, .ecPublic:
            curve.map { $0.isEdwards ? .generateEd25519 : .generateEC }
        case .any: nil
        }
    }

    /// An asymmetric mechanism with its parameters.
    static func asymmetric(_ mechanism: Mechanism) -> TokenMechanism {
        let type = tokenMechanism(mechanism)
        return switch mechanism {
        case .rsaOAEPSHA1:
            TokenMechanism(type, .oaep(hash: CKM_SHA_1, mask: CKG_MGF1_SHA1))
        case .rsaOAEPSHA256:
            TokenMechanism(type, .oaep(hash: CKM_SHA256, mask: CKG_MGF1_SHA256))
        case .rsaPSSSHA256:
            TokenMechanism(
                type, .pss(hash: CKM_SHA256, mask: CKG_MGF1_SHA256, saltLength: 32))
        default: TokenMechanism(type)
        }
    }

    /// The most bytes that RSA encryption takes with a modulus of `size` bytes.
    static func plaintextMax(_ mechanism: Mechanism, modulus size: Int) -> Int? {
        switch mechanism {
        case .rsaPKCS1: size - 11
        case .rsaOAEPSHA1: size - 42
        case .rsaOAEPSHA256: size - 66
        default: nil
        }
    }

    /// What a slot can do, of what the token lists and the vendor's quirks leave.
    package static func capabilities(
        _ listed: [UInt: (minimum: UInt, maximum: UInt)], _ quirks: Quirks
    ) -> [HSMCapability] {
        Mechanism.allCases.compactMap { mechanism in
            guard let sizes = listed[tokenMechanism(mechanism)] else { return nil }
            if let digest = digest(mechanism), listed[digest.type] == nil { return nil }
            switch mechanism {
            case .rsaOAEPSHA1 where !quirks.oaepHashes.contains(.sha1): return nil
            case .rsaOAEPSHA256 where !quirks.oaepHashes.contains(.sha256): return nil
            default: break
            }
            return HSMCapability(mechanism, bits: bits(mechanism, sizes))
        }
    }

    /// The standard counts AES keys in bytes and all others in bits; not all tokens keep to it.
    private static func bits(
        _ mechanism: Mechanism, _ sizes: (minimum: UInt, maximum: UInt)
    ) -> ClosedRange<UInt32> {
        let isInBytes: Bool
        switch mechanism {
        case .aesGCM, .aesCBC, .aesCBCPad, .aesKW, .aesKWP, .generateAES:
            isInBytes = sizes.maximum <= 32
        case .hmacSHA256, .hmacSHA512, .generateGeneric: isInBytes = true
        default: isInBytes = false
        }
        let unit: UInt32 = isInBytes ? 8 : 1
        let least = UInt32(clamping: sizes.minimum).multipliedReportingOverflow(by: unit)
        let most = UInt32(clamping: sizes.maximum).multipliedReportingOverflow(by: unit)
        let upper = most.overflow ? .max : most.partialValue
        return min(least.overflow ? .max : least.partialValue, upper)...upper
    }
}
