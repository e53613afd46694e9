import CLibSSL
import PluginKit

/// Unkeyed functions of the Keccak family. Source: FIPS 202.
package enum Sponge {
    /// 32 bytes.
    package static func sha3(_ message: [UInt8]) throws(DriverFailure) -> [UInt8] {
        try digest(message, fetched.sha3, count: 32)
    }

    /// SHAKE256, `count` bytes.
    package static func shake(_ message: [UInt8], count: Int) throws(DriverFailure) -> [UInt8] {
        try digest(message, fetched.shake, count: count)
    }

    private struct Fetched: @unchecked Sendable {
        // EVP_MD is read-only after the fetch; kept for the life of the process.
        let sha3 = EVP_MD_fetch(nil, "SHA3-256", nil)
        let shake = EVP_MD_fetch(nil, "SHAKE256", nil)
    }
    // Fetched once: each fetch takes locks of the library that all threads share.
    private static let fetched = Fetched()

    private static func digest(
        _ message: [UInt8], _ algorithm: OpaquePointer?, count: Int
    ) throws(DriverFailure) -> [UInt8] {
        let isLong = algorithm == fetched.shake
        var isDone = false
        let output = [UInt8](unsafeUninitializedCapacity: count) { output, filled in
            guard let algorithm, let context = EVP_MD_CTX_new() else { return }
            // Frees the context with its state, which the library cleanses.
            defer { EVP_MD_CTX_free(context) }
            // `output` has room for `count` bytes: the size of the digest, or what XOF is asked for.
            isDone =
                EVP_DigestInit_ex2(context, algorithm, nil) == 1
                && message.withUnsafeBytes {
                    EVP_DigestUpdate(context, $0.baseAddress, $0.count) == 1
                }
                && (isLong
                    ? EVP_DigestFinalXOF(context, output.baseAddress, count) == 1
                    : EVP_DigestFinal_ex(context, output.baseAddress, nil) == 1)
            filled = isDone ? count : 0
        }
        guard isDone else { throw LibraryFailure.make("a digest") }
        return output
    }
}

/// Failures of OpenSSL that should not be.
enum LibraryFailure {
    /// Clears the thread's queue of errors.
    static func make(_ what: StaticString) -> DriverFailure {
        ERR_clear_error()
        return DriverFailure(.internal, "Redis: the cryptographic library failed at \(what)")
    }
}
