import CLibSSL
import PluginKit

/// AES-256-GCM with nonces of 12 bytes; the tag stands behind the ciphertext.
/// Source: NIST SP 800-38D.
package enum GCM {
    package static let nonceSize = 12
    package static let tagSize = 16
    private static let keySize = 32

    private struct Fetched: @unchecked Sendable {
        // EVP_CIPHER is read-only after the fetch; kept for the life of the process.
        let cipher = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)
    }
    private static let fetched = Fetched()

    /// - Parameters:
    ///   - key: 32 bytes.
    ///   - nonce: 12 bytes that were never used with this key.
    package static func seal(
        _ plaintext: BorrowedBytes, key: BorrowedBytes, nonce: [UInt8], additionalData: [UInt8] = []
    ) throws(DriverFailure) -> [UInt8] {
        let size = plaintext.count
        var isDone = false
        let sealed = [UInt8](unsafeUninitializedCapacity: size + tagSize) { output, filled in
            guard let base = output.baseAddress,
                let context = begin(key, nonce, additionalData, isSealing: true)
            else { return }
            defer { EVP_CIPHER_CTX_free(context) }
            var written: Int32 = 0
            var rest: Int32 = 0
            // `output` holds ciphertext and tag; GCM writes as many bytes as it reads.
            isDone =
                plaintext.withUnsafeBytes {
                    $0.isEmpty
                        || EVP_EncryptUpdate(
                            context, base, &written, $0.bindMemory(to: UInt8.self).baseAddress,
                            Int32(truncatingIfNeeded: $0.count)) == 1
                } && EVP_EncryptFinal_ex(context, base + Int(written), &rest) == 1
                && Int(written + rest) == size
                && EVP_CIPHER_CTX_ctrl(
                    context, EVP_CTRL_AEAD_GET_TAG, Int32(tagSize), base + size) == 1
            filled = isDone ? size + tagSize : 0
        }
        guard isDone else { throw LibraryFailure.make("AES-256-GCM") }
        return sealed
    }

    /// Nil when the bytes were not sealed with this key, nonce and additional data.
    package static func open(
        _ sealed: BorrowedBytes, key: BorrowedBytes, nonce: BorrowedBytes,
        additionalData: [UInt8] = []
    ) throws(DriverFailure) -> Plaintext? {
        guard sealed.count >= tagSize, sealed.count < 1 << 30, nonce.count == nonceSize else {
            return nil
        }
        let size = sealed.count - tagSize
        let plaintext = try Plaintext(capacity: size)
        guard let context = begin(key, Array(nonce), additionalData, isSealing: false) else {
            throw LibraryFailure.make("AES-256-GCM")
        }
        defer { EVP_CIPHER_CTX_free(context) }
        let isWhole = plaintext.fill { output in
            let base = output.bindMemory(to: UInt8.self).baseAddress
            return sealed.withUnsafeBytes { input in
                guard let base, let from = input.bindMemory(to: UInt8.self).baseAddress else {
                    return nil
                }
                var written: Int32 = 0
                var rest: Int32 = 0
                // The library only reads the tag that it is given to compare with. What it writes
                // before it has compared is wiped with the plaintext when it does not agree.
                let tag = UnsafeMutableRawPointer(mutating: from + size)
                guard EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tagSize), tag) == 1,
                    size == 0
                        || EVP_DecryptUpdate(
                            context, base, &written, from, Int32(truncatingIfNeeded: size)) == 1,
                    EVP_DecryptFinal_ex(context, base + Int(written), &rest) == 1
                else { return nil }
                return Int(written + rest)
            }
        }
        guard isWhole else {
            ERR_clear_error()
            return nil
        }
        return plaintext
    }

    /// A context that is keyed and has taken the additional data; the caller frees it.
    private static func begin(
        _ key: BorrowedBytes, _ nonce: [UInt8], _ additionalData: [UInt8], isSealing: Bool
    ) -> OpaquePointer? {
        guard key.count == keySize, nonce.count == nonceSize, let cipher = fetched.cipher,
            let context = EVP_CIPHER_CTX_new()
        else { return nil }
        var ignored: Int32 = 0
        // All pointers are lent for the closures' duration; the context copies what it needs.
        let isReady =
            key.withUnsafeBytes { key in
                EVP_CipherInit_ex2(
                    context, cipher, key.bindMemory(to: UInt8.self).baseAddress, nonce,
                    isSealing ? 1 : 0, nil) == 1
            }
            && (additionalData.isEmpty
                || EVP_CipherUpdate(
                    context, nil, &ignored, additionalData, Int32(additionalData.count)) == 1)
        guard isReady else {
            EVP_CIPHER_CTX_free(context)
            return nil
        }
        return context
    }
}
