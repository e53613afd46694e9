import COpenSSL
import Secrets

/// The two AES keys of XTS, one after the other.
enum XTSKey {
    /// Whether both are the same, which makes chosen-ciphertext attacks possible.
    ///
    /// OpenSSL refuses such keys for encryption only; there is no reason to hold one at all.
    /// Source: FIPS 140-3 implementation guidance, C.I.
    static func hasEqualHalves(_ key: SecretBytes) -> Bool {
        key.withExposedBytes { key in
            key.withUnsafeBytes { key in
                guard let first = key.baseAddress else { return false }
                // Two halves of one area, which lives as long as the closure; in constant time.
                return CRYPTO_memcmp(first, first + key.count / 2, key.count / 2) == 0
            }
        }
    }
}
