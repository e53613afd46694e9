import Crypto
import CryptoExtras
import FoundationEssentials
import Secrets

/// AES-GCM-SIV, which OpenSSL has from 3.2 on only, by swift-crypto.
///
/// The key is copied once, into memory that swift-crypto zeroes when the cipher goes. Plaintext
/// passes through a `Data` of swift-crypto's on its way out, which is zeroed here; unlike the key
/// it is not locked.
struct GCMSIVCipher: Sendable {
    private let key: SymmetricKey

    init(key: SecretBytes) {
        self.key = key.withExposedBytes { key in key.withUnsafeBytes { SymmetricKey(data: $0) } }
    }

    func seal(
        _ plaintext: RawSpan, nonce: [UInt8], additionalData: [UInt8]
    ) throws(CryptographyError) -> SymmetricCipher.Sealed {
        // The pointer is lent for the closure; the sealed box is made of copies of the ciphertext.
        let box = plaintext.withUnsafeBytes { plaintext in
            try? AES.GCM._SIV.seal(
                plaintext, using: key, nonce: AES.GCM._SIV.Nonce(data: nonce),
                authenticating: additionalData)
        }
        guard let box else { throw .failure("encryption") }
        return .init(nonce: nonce, ciphertext: [UInt8](box.ciphertext), tag: [UInt8](box.tag))
    }

    func open(
        _ ciphertext: RawSpan, nonce: RawSpan, tag: RawSpan, additionalData: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        var plaintext = try decrypt(
            ciphertext, nonce: nonce, tag: tag, additionalData: additionalData)
        defer { plaintext.resetBytes(in: plaintext.startIndex..<plaintext.endIndex) }
        return [UInt8](plaintext)
    }

    func openSecret(
        _ ciphertext: RawSpan, nonce: RawSpan, tag: RawSpan, additionalData: [UInt8]
    ) throws(CryptographyError) -> SecretBytes {
        var plaintext = try decrypt(
            ciphertext, nonce: nonce, tag: tag, additionalData: additionalData)
        defer { plaintext.resetBytes(in: plaintext.startIndex..<plaintext.endIndex) }
        let secret = SecretBytes(reserving: plaintext.count) { output in
            _ = plaintext.copyBytes(to: output)
        }
        guard let secret else { throw .failure("no secure memory is left") }
        return secret
    }

    private func decrypt(
        _ ciphertext: RawSpan, nonce: RawSpan, tag: RawSpan, additionalData: [UInt8]
    ) throws(CryptographyError) -> Data {
        let plaintext = ciphertext.withUnsafeBytes { ciphertext in
            nonce.withUnsafeBytes { nonce in
                tag.withUnsafeBytes { tag in
                    // Whatever it refuses is one error: the cause is nobody's business.
                    try? AES.GCM._SIV.open(
                        AES.GCM._SIV.SealedBox(
                            nonce: AES.GCM._SIV.Nonce(data: nonce), ciphertext: ciphertext, tag: tag
                        ),
                        using: key, authenticating: additionalData)
                }
            }
        }
        guard let plaintext else { throw .authenticationFailed }
        return plaintext
    }
}
