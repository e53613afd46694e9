import Cryptography
import Secrets
import Testing

@Suite struct WycheproofTests {
    @Test(arguments: [
        ("aes_gcm_test", SymmetricAlgorithm.aesGCM),
        ("aes_gcm_siv_test", .aesGCMSIV),
        ("chacha20_poly1305_test", .chaCha20Poly1305),
    ])
    func authenticatedCiphersAgree(file: String, algorithm: SymmetricAlgorithm) throws {
        for test in try WycheproofFile.load(file).cases() {
            let cipher = try SymmetricCipher(algorithm, key: test.secretKey)
            let (nonce, aad, message) = (
                test.iv?.bytes ?? [], test.aad?.bytes ?? [], test.msg.bytes
            )
            let (ciphertext, tag) = (test.ct.bytes, test.tag?.bytes ?? [])

            let sealed = Result { try cipher.seal(message, nonce: nonce, additionalData: aad) }
            let opened = Result {
                try cipher.open(ciphertext, nonce: nonce, tag: tag, additionalData: aad)
            }

            if nonce.count != 12 {
                expect(sealed, fails: .invalidNonceSize(nonce.count), test)
                expect(opened, fails: .invalidNonceSize(nonce.count), test)
            } else if test.result == "valid" {
                let expected = SymmetricCipher.Sealed(
                    nonce: nonce, ciphertext: ciphertext, tag: tag)
                #expect(try sealed.get() == expected, "\(test)")
                #expect(try opened.get() == message, "\(test)")
            } else {
                expect(opened, fails: .authenticationFailed, test)
            }
        }
    }

    @Test func keyWrappingAgrees() throws {
        for test in try WycheproofFile.load("aes_kwp_test").cases() {
            let cipher = try SymmetricCipher(.aesKeyWrapPadded, key: test.secretKey)
            let (message, wrapped) = (test.msg.bytes, test.ct.bytes)

            let unwrapped = Result { try cipher.unwrap(wrapped, additionalData: []) }
            let opened = Result { try cipher.open(wrapped, nonce: [], tag: [], additionalData: []) }

            if test.result == "valid" {
                let key = SecretBytes(copying: message)
                #expect(try cipher.wrap(key, nonce: nil, additionalData: []) == wrapped, "\(test)")
                #expect(try unwrapped.get().isEqual(to: message), "\(test)")
                #expect(try opened.get() == message, "\(test)")
            } else {
                expect(unwrapped, fails: .authenticationFailed, test)
                expect(opened, fails: .authenticationFailed, test)
            }
        }
    }

    @Test func diskEncryptionAgrees() throws {
        for test in try WycheproofFile.load("aes_xts_test").cases() {
            let key = test.secretKey
            let made = Result { try SymmetricCipher(.aesXTS, key: key) }
            guard key.count != 48 else {
                // AES-192 is no part of IEEE 1619.
                expect(made, fails: .invalidKeySize(48), test)
                continue
            }
            let cipher = try made.get()
            let (message, ciphertext, number) = (
                test.msg.bytes, test.ct.bytes, test.iv?.bytes ?? []
            )
            if number.count != 16 {
                let sealed = Result { try cipher.seal(message, nonce: number, additionalData: []) }
                expect(sealed, fails: .invalidNonceSize(number.count), test)
            }

            // The vectors leave out the zeroes at the end of the tweak: it is a number, least byte
            // first.
            let tweak = number + [UInt8](repeating: 0, count: 16 - number.count)
            let sealed = try cipher.seal(message, nonce: tweak, additionalData: [])

            #expect(sealed.ciphertext == ciphertext && sealed.tag.isEmpty, "\(test)")
            let opened = try cipher.open(ciphertext, nonce: tweak, tag: [], additionalData: [])
            #expect(opened == message, "\(test)")
        }
    }

    private func expect<T>(
        _ result: Result<T, any Error>, fails error: CryptographyError, _ test: WycheproofFile.Case
    ) {
        #expect(throws: error, "\(test)") { _ = try result.get() }
    }
}
