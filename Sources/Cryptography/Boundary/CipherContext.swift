import COpenSSL
import Secrets

/// One keyed `EVP_CIPHER_CTX` for one direction, used by one thread at a time.
///
/// It holds the key schedule in the library's own memory, which the library cleanses when it is
/// freed. Setting a nonce on a keyed context costs less than half of keying a new one.
final class CipherContext: @unchecked Sendable {
    // Owned: freed by `deinit`. Unshared: `ContextPool` lends the object to one caller, under its
    // lock `idle`.
    private let pointer: OpaquePointer

    enum Direction: Int32 {
        case decrypt = 0
        case encrypt = 1
    }

    init(
        _ cipher: FetchedCipher, key: SecretBytes, direction: Direction
    ) throws(CryptographyError) {
        guard let pointer = EVP_CIPHER_CTX_new() else { throw .failure("no memory for a cipher") }
        self.pointer = pointer
        // Without it the library refuses the key wrapping ciphers; to the others it means nothing.
        EVP_CIPHER_CTX_set_flags(pointer, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW)
        let isKeyed = key.withExposedBytes { key in
            key.withUnsafeBytes { key in
                // The cipher reads as many bytes as its key has: SymmetricCipher compared them.
                EVP_CipherInit_ex2(
                    pointer, cipher.pointer, key.bindMemory(to: UInt8.self).baseAddress, nil,
                    direction.rawValue, nil) == 1
            }
        }
        guard isKeyed else {
            ERR_clear_error()
            throw .failure("the key was not taken")
        }
    }

    deinit { EVP_CIPHER_CTX_free(pointer) }

    /// Encrypts `input`, filling all of `tag`.
    ///
    /// - Parameter output: Room for `SymmetricAlgorithm.ciphertextSize` bytes.
    /// - Returns: The bytes written; nil when the library failed, and then the context is not to be
    ///   used again.
    func encrypt(
        _ input: UnsafeRawBufferPointer, nonce: UnsafeRawBufferPointer,
        additionalData: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer,
        tag: UnsafeMutableRawBufferPointer
    ) -> Int? {
        guard begin(nonce: nonce, additionalData: additionalData),
            let written = finish(input, into: output),
            tag.isEmpty || control(EVP_CTRL_AEAD_GET_TAG, tag)
        else { return failed(output) }
        return written
    }

    /// Decrypts `input` and compares the tag.
    ///
    /// - Parameter output: Room for as many bytes as `input` has; zeroed when decryption fails.
    /// - Returns: The bytes written; nil when anything is wrong, and then the context is not to be
    ///   used again.
    func decrypt(
        _ input: UnsafeRawBufferPointer, nonce: UnsafeRawBufferPointer,
        additionalData: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer,
        tag: UnsafeRawBufferPointer
    ) -> Int? {
        guard begin(nonce: nonce, additionalData: additionalData),
            // The library only reads the tag that it is given to compare with.
            tag.isEmpty
                || control(EVP_CTRL_AEAD_SET_TAG, UnsafeMutableRawBufferPointer(mutating: tag)),
            let written = finish(input, into: output)
        else { return failed(output) }
        return written
    }

    /// Starts a message. Neither argument outlives the call.
    private func begin(nonce: UnsafeRawBufferPointer, additionalData: UnsafeRawBufferPointer)
        -> Bool
    {
        // Key and direction stay (-1); the size of the nonce is the one the cipher reads.
        if !nonce.isEmpty {
            let bytes = nonce.bindMemory(to: UInt8.self).baseAddress
            guard EVP_CipherInit_ex2(pointer, nil, nil, bytes, -1, nil) == 1 else { return false }
        }
        guard !additionalData.isEmpty else { return true }
        var ignored: Int32 = 0
        return EVP_CipherUpdate(
            pointer, nil, &ignored, additionalData.bindMemory(to: UInt8.self).baseAddress,
            Int32(additionalData.count)) == 1
    }

    /// Processes the whole message, and compares the tag when decrypting.
    private func finish(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Int? {
        // Where nothing is written the library still wants an address.
        var nowhere: UInt8 = 0
        return withUnsafeMutablePointer(to: &nowhere) { nowhere in
            let start = output.bindMemory(to: UInt8.self).baseAddress ?? nowhere
            var written: Int32 = 0
            if !input.isEmpty {
                let bytes = input.bindMemory(to: UInt8.self).baseAddress
                guard EVP_CipherUpdate(pointer, start, &written, bytes, Int32(input.count)) == 1
                else { return nil }
            }
            // None of our modes holds bytes back until here, so nothing is written past the output.
            var rest: Int32 = 0
            guard EVP_CipherFinal_ex(pointer, start + Int(written), &rest) == 1 else { return nil }
            return Int(written + rest)
        }
    }

    private func control(_ command: Int32, _ bytes: UnsafeMutableRawBufferPointer) -> Bool {
        EVP_CIPHER_CTX_ctrl(pointer, command, Int32(bytes.count), bytes.baseAddress) == 1
    }

    /// Leaves neither unauthenticated plaintext nor an entry in the thread's queue of errors.
    private func failed(_ output: UnsafeMutableRawBufferPointer) -> Int? {
        OPENSSL_cleanse(output.baseAddress, output.count)
        ERR_clear_error()
        return nil
    }
}
