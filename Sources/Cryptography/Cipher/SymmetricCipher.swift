import Secrets

/// One algorithm with one key, for any number of messages from any number of threads.
///
/// Making one is cheap but not free: keep it as long as the key is in use. It keeps the key, and
/// one or more key schedules in memory that is zeroed but not locked.
public final class SymmetricCipher: Sendable {
    public let algorithm: SymmetricAlgorithm
    private let engine: Engine

    private enum Engine {
        case openSSL(OpenSSLCipher)
        case gcmSIV(GCMSIVCipher)
    }

    /// - Throws: ``CryptographyError/invalidKeySize(_:)``; ``CryptographyError/unsupported(_:)``
    ///   where the library lacks the algorithm, and for an XTS key whose halves are equal.
    public init(_ algorithm: SymmetricAlgorithm, key: SecretBytes) throws(CryptographyError) {
        guard algorithm.accepts(keySize: key.count) else { throw .invalidKeySize(key.count) }
        guard algorithm != .aesXTS || !XTSKey.hasEqualHalves(key) else {
            throw .unsupported("an AES-XTS key whose halves are equal")
        }
        self.algorithm = algorithm
        switch algorithm {
        case .aesGCMSIV: engine = .gcmSIV(GCMSIVCipher(key: key))
        case .aesGCM, .aesXTS, .aesKeyWrapPadded, .chaCha20Poly1305:
            engine = .openSSL(try OpenSSLCipher(algorithm, key: key))
        }
    }

    /// What encryption makes. The sizes of nonce and tag are the algorithm's.
    public struct Sealed: Sendable, Equatable {
        public var nonce: [UInt8]
        public var ciphertext: [UInt8]
        public var tag: [UInt8]

        public init(nonce: [UInt8], ciphertext: [UInt8], tag: [UInt8]) {
            self.nonce = nonce
            self.ciphertext = ciphertext
            self.tag = tag
        }
    }

    /// Encrypts a message.
    ///
    /// - Parameters:
    ///   - plaintext: Up to 1 GiB; XTS takes 16 bytes to 16 MiB, key wrapping at least one byte.
    ///   - nonce: Nil for a random one. One that is given must never have been used with this key.
    ///   - additionalData: Authenticated with the message; empty for XTS and key wrapping.
    /// - Throws: ``CryptographyError/invalidNonceSize(_:)``,
    ///   ``CryptographyError/invalidDataSize(_:)``, ``CryptographyError/unsupported(_:)`` for
    ///   additional data that would not be authenticated.
    public func seal(
        _ plaintext: [UInt8], nonce: [UInt8]?, additionalData: [UInt8]
    ) throws(CryptographyError) -> Sealed {
        try seal(plaintext.span.bytes, nonce: nonce, additionalData: additionalData)
    }

    /// Decrypts a message and proves that it is whole, save with XTS, which cannot.
    ///
    /// - Throws: ``CryptographyError/authenticationFailed`` for all that is wrong with the message,
    ///   its tag (whose size must be the algorithm's) or its additional data; otherwise as
    ///   ``seal(_:nonce:additionalData:)``.
    public func open(
        _ ciphertext: [UInt8], nonce: [UInt8], tag: [UInt8], additionalData: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        try check(
            ciphertextSize: ciphertext.count, nonceSize: nonce.count, tagSize: tag.count,
            additionalData)
        let (ciphertext, nonce, tag) = (ciphertext.span.bytes, nonce.span.bytes, tag.span.bytes)
        return switch engine {
        case .openSSL(let cipher):
            try cipher.open(ciphertext, nonce: nonce, tag: tag, additionalData: additionalData)
        case .gcmSIV(let cipher):
            try cipher.open(ciphertext, nonce: nonce, tag: tag, additionalData: additionalData)
        }
    }

    /// Encrypts bytes that may lie in secure memory.
    func seal(
        _ plaintext: RawSpan, nonce: [UInt8]?, additionalData: [UInt8]
    ) throws(CryptographyError) -> Sealed {
        if let nonce, nonce.count != algorithm.nonceSize { throw .invalidNonceSize(nonce.count) }
        guard algorithm.plaintextSizes.contains(plaintext.byteCount) else {
            throw .invalidDataSize(plaintext.byteCount)
        }
        try check(additionalData)
        let nonce = if let nonce { nonce } else { try Random.bytes(algorithm.nonceSize) }
        return switch engine {
        case .openSSL(let cipher):
            try cipher.seal(plaintext, nonce: nonce, additionalData: additionalData)
        case .gcmSIV(let cipher):
            try cipher.seal(plaintext, nonce: nonce, additionalData: additionalData)
        }
    }

    /// Decrypts into secure memory.
    func openSecret(
        _ ciphertext: RawSpan, nonce: RawSpan, tag: RawSpan, additionalData: [UInt8]
    ) throws(CryptographyError) -> SecretBytes {
        try check(
            ciphertextSize: ciphertext.byteCount, nonceSize: nonce.byteCount,
            tagSize: tag.byteCount,
            additionalData)
        return switch engine {
        case .openSSL(let cipher):
            try cipher.openSecret(
                ciphertext, nonce: nonce, tag: tag, additionalData: additionalData)
        case .gcmSIV(let cipher):
            try cipher.openSecret(
                ciphertext, nonce: nonce, tag: tag, additionalData: additionalData)
        }
    }

    private func check(
        ciphertextSize: Int, nonceSize: Int, tagSize: Int, _ additionalData: [UInt8]
    ) throws(CryptographyError) {
        guard nonceSize == algorithm.nonceSize else { throw .invalidNonceSize(nonceSize) }
        // A shorter tag is easier to forge: SP 800-38D, appendix C.
        guard tagSize == algorithm.tagSize else { throw .authenticationFailed }
        guard algorithm.isCiphertextSize(ciphertextSize) else {
            throw algorithm == .aesXTS ? .invalidDataSize(ciphertextSize) : .authenticationFailed
        }
        try check(additionalData)
    }

    private func check(_ additionalData: [UInt8]) throws(CryptographyError) {
        // Dropping it in silence would leave the caller believing that it is protected.
        guard additionalData.isEmpty || algorithm.isAEAD else {
            throw .unsupported("additional data with \(algorithm)")
        }
        guard additionalData.count <= 1 << 30 else { throw .invalidDataSize(additionalData.count) }
    }
}
