import CPlatform
import Glibc

/// The memory behind `kms_host.secure_alloc` and `secure_free`.
enum SecureAllocation {
    /// Zeroed; nil when exhausted.
    static func allocate(_ count: Int) -> UnsafeMutableRawPointer? { calloc(max(count, 1), 1) }

    /// Overwrites and frees what ``allocate(_:)`` gave.
    static func free(_ memory: UnsafeMutableRawPointer, count: Int) {
        platform_zeroize(memory, count)
        Glibc.free(memory)
    }
}
