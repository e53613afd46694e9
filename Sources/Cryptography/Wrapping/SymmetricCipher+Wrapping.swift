import Secrets

extension SymmetricCipher {
    /// Encrypts a key, which never leaves secure memory in the clear.
    ///
    /// - Parameters:
    ///   - nonce: Nil for a random one, which is what to use; key wrapping takes none.
    ///   - additionalData: Authenticated with the key; empty for key wrapping.
    /// - Returns: For ``SymmetricAlgorithm/aesKeyWrapPadded`` the wrapped key of RFC 5649: the size
    ///   of the key rounded up to 8, plus 8 bytes. For the others nonce, ciphertext and tag, one
    ///   after the other.
    /// - Throws: As ``seal(_:nonce:additionalData:)``; ``CryptographyError/unsupported(_:)`` for
    ///   XTS, which would not notice that a wrapped key was altered.
    public func wrap(
        _ key: SecretBytes, nonce: [UInt8]?, additionalData: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        try checkWrapping()
        let sealed = try key.withExposedBytes { key throws(CryptographyError) in
            try seal(key, nonce: nonce, additionalData: additionalData)
        }
        return sealed.nonce + sealed.ciphertext + sealed.tag
    }

    /// Decrypts what ``wrap(_:nonce:additionalData:)`` made, straight into secure memory.
    ///
    /// - Throws: ``CryptographyError/authenticationFailed`` for all that is wrong with `wrapped` or
    ///   `additionalData`.
    public func unwrap(
        _ wrapped: [UInt8], additionalData: [UInt8]
    ) throws(CryptographyError) -> SecretBytes {
        try checkWrapping()
        guard wrapped.count >= algorithm.nonceSize + algorithm.tagSize else {
            throw .authenticationFailed
        }
        let bytes = wrapped.span.bytes
        let ciphertextEnd = wrapped.count - algorithm.tagSize
        return try openSecret(
            bytes.extracting(algorithm.nonceSize..<ciphertextEnd),
            nonce: bytes.extracting(0..<algorithm.nonceSize),
            tag: bytes.extracting(ciphertextEnd..<wrapped.count), additionalData: additionalData)
    }

    private func checkWrapping() throws(CryptographyError) {
        guard algorithm != .aesXTS else { throw .unsupported("wrapping keys with \(algorithm)") }
    }
}
