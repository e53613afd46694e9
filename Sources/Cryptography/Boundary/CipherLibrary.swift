import COpenSSL

/// An algorithm fetched from the library: immutable, counted by it, and kept for the life of the
/// process.
struct FetchedCipher: @unchecked Sendable {
    // EVP_CIPHER is read-only after the fetch; threads share it freely (EVP_CIPHER_fetch(3)).
    let pointer: OpaquePointer

    private init?(_ name: String) {
        guard let pointer = EVP_CIPHER_fetch(nil, name, nil) else {
            ERR_clear_error()
            return nil
        }
        self.pointer = pointer
    }

    // Fetched once: each fetch takes locks of the library that all threads share.
    private static let aes128GCM = FetchedCipher("AES-128-GCM")
    private static let aes192GCM = FetchedCipher("AES-192-GCM")
    private static let aes256GCM = FetchedCipher("AES-256-GCM")
    private static let aes128XTS = FetchedCipher("AES-128-XTS")
    private static let aes256XTS = FetchedCipher("AES-256-XTS")
    private static let aes128WrapPad = FetchedCipher("AES-128-WRAP-PAD")
    private static let aes192WrapPad = FetchedCipher("AES-192-WRAP-PAD")
    private static let aes256WrapPad = FetchedCipher("AES-256-WRAP-PAD")
    private static let chaCha20Poly1305 = FetchedCipher("ChaCha20-Poly1305")

    /// The library's implementation; nil where it has none, as for ChaCha20 in FIPS mode.
    static func implementation(of algorithm: SymmetricAlgorithm, keySize: Int) -> FetchedCipher? {
        switch (algorithm, keySize) {
        case (.aesGCM, 16): aes128GCM
        case (.aesGCM, 24): aes192GCM
        case (.aesGCM, 32): aes256GCM
        case (.aesXTS, 32): aes128XTS
        case (.aesXTS, 64): aes256XTS
        case (.aesKeyWrapPadded, 16): aes128WrapPad
        case (.aesKeyWrapPadded, 24): aes192WrapPad
        case (.aesKeyWrapPadded, 32): aes256WrapPad
        case (.chaCha20Poly1305, 32): chaCha20Poly1305
        default: nil
        }
    }
}
