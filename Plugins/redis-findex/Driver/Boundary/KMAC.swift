import CLibSSL
import PluginKit

/// KMACXOF256 with one key and 32 bytes of output, for any thread.
/// Source: NIST SP 800-185, section 4.3.1.
package final class KMAC: @unchecked Sendable {
    // Owned: freed in deinit, which cleanses the key. Never changed after init: each message works on
    // a duplicate, and EVP_MAC_CTX_dup only reads its source.
    private let keyed: OpaquePointer

    package static let size = 32

    private struct Fetched: @unchecked Sendable {
        // EVP_MAC is read-only after the fetch; kept for the life of the process.
        let mac = EVP_MAC_fetch(nil, "KMAC-256", nil)
    }
    private static let fetched = Fetched()

    package init(key: [UInt8]) throws(DriverFailure) {
        guard let mac = KMAC.fetched.mac, let context = EVP_MAC_CTX_new(mac) else {
            throw LibraryFailure.make("KMAC-256")
        }
        var xof: Int32 = 1
        var size = KMAC.size
        let isKeyed = withUnsafeMutablePointer(to: &xof) { xof in
            withUnsafeMutablePointer(to: &size) { size in
                // Both numbers live until the call returns; the library copies them. They count only
                // when they are set before the key.
                let parameters = [
                    OSSL_PARAM_construct_int(KMAC.name("xof"), xof),
                    OSSL_PARAM_construct_size_t(KMAC.name("size"), size),
                    OSSL_PARAM_construct_end(),
                ]
                return EVP_MAC_CTX_set_params(context, parameters) == 1
                    && key.withUnsafeBufferPointer {
                        EVP_MAC_init(context, $0.baseAddress, $0.count, nil) == 1
                    }
            }
        }
        guard isKeyed else {
            EVP_MAC_CTX_free(context)
            throw LibraryFailure.make("keying KMAC-256")
        }
        keyed = context
    }

    deinit { EVP_MAC_CTX_free(keyed) }

    /// Parameters keep the pointer to their name, so that must not be a temporary one: a literal lives
    /// as long as the library, and ends with a NUL.
    private static func name(_ literal: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(literal.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    /// The code of one part behind the other.
    package func code(
        of first: [UInt8], _ second: [UInt8] = []
    ) throws(DriverFailure) -> [UInt8] {
        var isDone = false
        let output = [UInt8](unsafeUninitializedCapacity: KMAC.size) { output, filled in
            guard let context = EVP_MAC_CTX_dup(keyed) else { return }
            defer { EVP_MAC_CTX_free(context) }
            var count = 0
            // The inputs are read during the calls only; `output` has room for the size set in init.
            isDone =
                first.withUnsafeBufferPointer {
                    EVP_MAC_update(context, $0.baseAddress, $0.count) == 1
                }
                && second.withUnsafeBufferPointer {
                    $0.isEmpty || EVP_MAC_update(context, $0.baseAddress, $0.count) == 1
                }
                && EVP_MAC_final(context, output.baseAddress, &count, KMAC.size) == 1
                && count == KMAC.size
            filled = isDone ? KMAC.size : 0
        }
        guard isDone else { throw LibraryFailure.make("KMAC-256") }
        return output
    }
}
