import Secrets

/// A keyed cipher of the system's OpenSSL. Whoever calls it has compared the sizes.
struct OpenSSLCipher: Sendable {
    private let algorithm: SymmetricAlgorithm
    private let encryptors: ContextPool
    private let decryptors: ContextPool

    init(_ algorithm: SymmetricAlgorithm, key: SecretBytes) throws(CryptographyError) {
        guard let cipher = FetchedCipher.implementation(of: algorithm, keySize: key.count) else {
            throw .unsupported("\(algorithm) with \(key.count) byte keys by this OpenSSL")
        }
        self.algorithm = algorithm
        encryptors = ContextPool(cipher, key: key, direction: .encrypt)
        decryptors = ContextPool(cipher, key: key, direction: .decrypt)
    }

    /// Encrypts straight into the arrays returned.
    func seal(
        _ plaintext: RawSpan, nonce: [UInt8], additionalData: [UInt8]
    ) throws(CryptographyError) -> SymmetricCipher.Sealed {
        var tag: [UInt8]? = []
        // All pointers are lent by their owners for the closures' duration; the context keeps none.
        let ciphertext = try encryptors.withContext { context in
            plaintext.withUnsafeBytes { plaintext in
                nonce.withUnsafeBytes { nonce in
                    additionalData.withUnsafeBytes { additionalData in
                        filledBytes(algorithm.ciphertextSize(of: plaintext.count)) { output in
                            var written: Int?
                            tag = filledBytes(algorithm.tagSize) { tag in
                                written = context.encrypt(
                                    plaintext, nonce: nonce, additionalData: additionalData,
                                    into: output, tag: tag)
                                return tag.count
                            }
                            return written
                        }
                    }
                }
            }
        }
        guard let ciphertext, let tag else { throw .failure("encryption") }
        return .init(nonce: nonce, ciphertext: ciphertext, tag: tag)
    }

    /// Decrypts straight into the array returned.
    func open(
        _ ciphertext: RawSpan, nonce: RawSpan, tag: RawSpan, additionalData: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        let plaintext = try decryptors.withContext { context in
            filledBytes(ciphertext.byteCount) { output in
                decrypt(
                    ciphertext, nonce: nonce, tag: tag, additionalData: additionalData,
                    into: output,
                    with: context)
            }
        }
        guard let plaintext else { throw .authenticationFailed }
        return plaintext
    }

    /// Decrypts into secure memory: the plaintext is never anywhere else.
    func openSecret(
        _ ciphertext: RawSpan, nonce: RawSpan, tag: RawSpan, additionalData: [UInt8]
    ) throws(CryptographyError) -> SecretBytes {
        var count: Int?
        let context = decryptors
        let filled = try SecretBytes(reserving: ciphertext.byteCount) {
            output throws(CryptographyError) in
            count = try context.withContext { context in
                decrypt(
                    ciphertext, nonce: nonce, tag: tag, additionalData: additionalData,
                    into: output,
                    with: context)
            }
        }
        guard let filled else { throw .failure("no secure memory is left") }
        guard let count else { throw .authenticationFailed }
        guard count < filled.count else { return filled }
        // Key wrapping tells the length only after decryption. Padding is not part of the key.
        let exact = filled.withExposedBytes { bytes in
            SecretBytes(reserving: count) { output in
                bytes.withUnsafeBytes {
                    output.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<count]))
                }
            }
        }
        guard let exact else { throw .failure("no secure memory is left") }
        return exact
    }

    private func decrypt(
        _ ciphertext: RawSpan, nonce: RawSpan, tag: RawSpan, additionalData: [UInt8],
        into output: UnsafeMutableRawBufferPointer, with context: CipherContext
    ) -> Int? {
        ciphertext.withUnsafeBytes { ciphertext in
            nonce.withUnsafeBytes { nonce in
                tag.withUnsafeBytes { tag in
                    additionalData.withUnsafeBytes { additionalData in
                        context.decrypt(
                            ciphertext, nonce: nonce, additionalData: additionalData, into: output,
                            tag: tag)
                    }
                }
            }
        }
    }
}
