import Cryptography
import Secrets
import Synchronization

/// What is worth keeping of a key between requests; it lives and dies with the key's revision.
struct DerivedMaterial: Sendable {
    /// The clear bytes of a key that is stored wrapped, and the revision of the wrapping key they
    /// were unwrapped with: another revision means unwrapping again.
    struct Unwrapped: Sendable {
        var bytes: SecretBytes
        var wrappingKeyRevision: UInt64
    }

    var ciphers: [(algorithm: SymmetricAlgorithm, cipher: SymmetricCipher)] = []
    var unwrapped: Unwrapped?
}

extension ObjectContent {
    /// A cipher over the clear key, made once for each algorithm.
    ///
    /// - Throws: ``CryptographyError/invalidKeySize(_:)`` when the key does not fit.
    func cipher(
        _ algorithm: SymmetricAlgorithm, key: SecretBytes
    ) throws(CryptographyError) -> SymmetricCipher {
        let known = derived.withLock { material in
            material.ciphers.first { $0.algorithm == algorithm }?.cipher
        }
        if let known { return known }
        let cipher = try SymmetricCipher(algorithm, key: key)
        derived.withLock { $0.ciphers.append((algorithm, cipher)) }
        return cipher
    }
}
