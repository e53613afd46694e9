import Cryptography
import Secrets
import Testing

@Suite struct WrappingTests {
    static let wrapping: [SymmetricAlgorithm] = [
        .aesGCM, .aesGCMSIV, .aesKeyWrapPadded, .chaCha20Poly1305,
    ]

    @Test(arguments: wrapping)
    func unwrapsWhatItWrapped(algorithm: SymmetricAlgorithm) throws {
        let cipher = try cipher(algorithm)
        for size in [1, 7, 8, 9, 16, 24, 32, 64, 1217, 20_000] {
            let key = try Random.secret(count: size)
            let wrapped = try cipher.wrap(key, nonce: nil, additionalData: [])
            #expect(try cipher.unwrap(wrapped, additionalData: []).isEqual(to: key))
        }
    }

    @Test(arguments: [SymmetricAlgorithm.aesGCM, .aesGCMSIV, .chaCha20Poly1305])
    func putsNonceCiphertextAndTagInARow(algorithm: SymmetricAlgorithm) throws {
        let cipher = try cipher(algorithm)
        let nonce = try Random.bytes(12)
        let aad = Array("ctx-1".utf8)

        let wrapped = try cipher.wrap(SecretBytes(copying: text), nonce: nonce, additionalData: aad)

        let sealed = try cipher.seal(text, nonce: nonce, additionalData: aad)
        #expect(wrapped == nonce + sealed.ciphertext + sealed.tag)
        #expect(try cipher.unwrap(wrapped, additionalData: aad).isEqual(to: text))
        #expect(throws: CryptographyError.authenticationFailed) {
            try cipher.unwrap(wrapped, additionalData: [])
        }
    }

    @Test(arguments: wrapping)
    func refusesEveryTruncationAndEveryChangedByte(algorithm: SymmetricAlgorithm) throws {
        let cipher = try cipher(algorithm)
        let wrapped = try cipher.wrap(Random.secret(count: 33), nonce: nil, additionalData: [])
        for index in wrapped.indices {
            var changed = wrapped
            changed[index] ^= 0x10
            for damaged in [changed, Array(wrapped[..<index]), wrapped + wrapped[...index]] {
                #expect(throws: CryptographyError.authenticationFailed) {
                    try cipher.unwrap(damaged, additionalData: [])
                }
            }
        }
    }

    @Test func wrapsNoEmptyKeyWithPadding() throws {
        let cipher = try cipher(.aesKeyWrapPadded)
        #expect(throws: CryptographyError.invalidDataSize(0)) {
            try cipher.wrap(SecretBytes(copying: []), nonce: nil, additionalData: [])
        }
    }

    @Test func refusesToWrapWithoutAuthentication() throws {
        let cipher = try cipher(.aesXTS)
        let refusal = CryptographyError.unsupported("wrapping keys with aesXTS")
        #expect(throws: refusal) {
            try cipher.wrap(Random.secret(count: 32), nonce: nil, additionalData: [])
        }
        #expect(throws: refusal) {
            try cipher.unwrap([UInt8](repeating: 0, count: 48), additionalData: [])
        }
    }
}
