import CPKCS11
import PluginKit

/// One-shot operations. The size of the output is known beforehand, so a device is asked once: a
/// question for the length would double the round trips.
extension Session {
    private typealias OneShot =
        @convention(c) (
            CK_SESSION_HANDLE, UnsafeMutablePointer<UInt8>?, CK_ULONG, UnsafeMutablePointer<UInt8>?,
            UnsafeMutablePointer<CK_ULONG>?
        ) -> CK_RV

    func encrypt(
        _ mechanism: TokenMechanism, _ key: CK_OBJECT_HANDLE, _ input: SecretBuffer, sizeMax: Int
    ) throws(TokenFailure) -> SecretBuffer {
        let code = mechanism.withMechanism { library.encryptInit(handle, $0, key) }
        try check(code, "C_EncryptInit")
        return try finish(library.encrypt, "C_Encrypt", input, sizeMax)
    }

    func decrypt(
        _ mechanism: TokenMechanism, _ key: CK_OBJECT_HANDLE, _ input: SecretBuffer, sizeMax: Int
    ) throws(TokenFailure) -> SecretBuffer {
        let code = mechanism.withMechanism { library.decryptInit(handle, $0, key) }
        try check(code, "C_DecryptInit")
        return try finish(library.decrypt, "C_Decrypt", input, sizeMax)
    }

    func sign(
        _ mechanism: TokenMechanism, _ key: CK_OBJECT_HANDLE, _ input: SecretBuffer, sizeMax: Int
    ) throws(TokenFailure) -> SecretBuffer {
        let code = mechanism.withMechanism { library.signInit(handle, $0, key) }
        try check(code, "C_SignInit")
        return try finish(library.sign, "C_Sign", input, sizeMax)
    }

    func digest(
        _ mechanism: UInt, _ input: SecretBuffer, sizeMax: Int
    ) throws(TokenFailure) -> SecretBuffer {
        let code = TokenMechanism(mechanism).withMechanism { library.digestInit(handle, $0) }
        try check(code, "C_DigestInit")
        return try finish(library.digest, "C_Digest", input, sizeMax)
    }

    func verify(
        _ mechanism: TokenMechanism, _ key: CK_OBJECT_HANDLE, _ input: SecretBuffer,
        signature: SecretBuffer
    ) throws(TokenFailure) {
        let begun = mechanism.withMechanism { library.verifyInit(handle, $0, key) }
        try check(begun, "C_VerifyInit")
        let code = library.verify(
            handle, input.base, CK_ULONG(input.count), signature.base, CK_ULONG(signature.count))
        try check(code, "C_Verify")
    }

    func wrap(
        _ mechanism: TokenMechanism, _ wrapping: CK_OBJECT_HANDLE, _ key: CK_OBJECT_HANDLE,
        sizeMax: Int
    ) throws(TokenFailure) -> SecretBuffer {
        var size = sizeMax
        for _ in 0..<2 {
            let output = try SecretBuffer(count: size)
            var count = CK_ULONG(size)
            let code = mechanism.withMechanism {
                library.wrapKey(handle, $0, wrapping, key, output.base, &count)
            }
            if ReturnValue(rawValue: code) == .bufferTooSmall, count > size, count <= 1 << 20 {
                size = Int(count)
                continue
            }
            try check(code, "C_WrapKey")
            return try Self.trimmed(output, count, "C_WrapKey")
        }
        throw TokenFailure(.bufferTooSmall, in: "C_WrapKey")
    }

    func unwrap(
        _ mechanism: TokenMechanism, _ wrapping: CK_OBJECT_HANDLE, _ input: SecretBuffer,
        _ template: [Attribute]
    ) throws(TokenFailure) -> CK_OBJECT_HANDLE {
        var key: CK_OBJECT_HANDLE = 0
        let code = mechanism.withMechanism { mechanism in
            template.withTemplate {
                library.unwrapKey(
                    handle, mechanism, wrapping, input.base, CK_ULONG(input.count), $0, $1, &key)
            }
        }
        try check(code, "C_UnwrapKey")
        return key
    }

    /// The second half, with the operation begun. A library that wants more room keeps it active.
    private func finish(
        _ function: OneShot, _ name: StaticString, _ input: SecretBuffer, _ sizeMax: Int
    ) throws(TokenFailure) -> SecretBuffer {
        var output = try SecretBuffer(count: sizeMax)
        var count = CK_ULONG(sizeMax)
        var code = function(handle, input.base, CK_ULONG(input.count), output.base, &count)
        if ReturnValue(rawValue: code) == .bufferTooSmall, count > sizeMax, count <= 1 << 27 {
            output = try SecretBuffer(count: Int(count))
            code = function(handle, input.base, CK_ULONG(input.count), output.base, &count)
        }
        try check(code, name)
        return try Self.trimmed(output, count, name)
    }

    /// As long as the library says, which is never longer than the room it had.
    private static func trimmed(
        _ output: SecretBuffer, _ count: CK_ULONG, _ function: StaticString
    ) throws(TokenFailure) -> SecretBuffer {
        guard count <= output.count else { throw TokenFailure(.generalError, in: function) }
        output.shorten(to: Int(count))
        return output
    }
}
