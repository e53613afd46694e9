import CPlatform
import Glibc
import PluginKit

/// Bytes that are secret for as long as somebody holds them: zeroed when they go away.
package final class Plaintext: @unchecked Sendable {
    // Owned: allocated in init, freed in deinit. Written only by `append`, by the one who has made
    // it and before anybody else has it.
    private let base: UnsafeMutableRawPointer
    private let capacity: Int
    package private(set) var count = 0

    package init(capacity: Int) throws(DriverFailure) {
        guard let base = calloc(max(capacity, 1), 1) else { throw .outOfMemory }
        self.base = base
        self.capacity = max(capacity, 1)
    }

    deinit {
        platform_zeroize(base, capacity)
        free(base)
    }

    /// Adds bytes; what does not fit is the caller's bug.
    func append(_ bytes: BorrowedBytes) {
        precondition(capacity - count >= bytes.count, "a plaintext is larger than was said")
        bytes.withUnsafeBytes { source in
            if let from = source.baseAddress {
                (base + count).copyMemory(from: from, byteCount: source.count)
            }
        }
        count += bytes.count
    }

    /// Adds zeroes until the size is a multiple of `step`; the capacity must allow for it.
    func pad(toMultipleOf step: Int) {
        let padded = (count + step - 1) / step * step
        precondition(padded <= capacity, "a plaintext is larger than was said")
        count = padded  // the memory came zeroed
    }

    /// Lets `body` fill all of the capacity; it returns the size, nil when it failed.
    func fill(_ body: (UnsafeMutableRawBufferPointer) -> Int?) -> Bool {
        guard let size = body(UnsafeMutableRawBufferPointer(start: base, count: capacity)),
            size <= capacity
        else { return false }
        count = size
        return true
    }

    /// Valid as long as this object: who keeps the bytes keeps it too.
    package var bytes: BorrowedBytes { BorrowedBytes(base, count: count) }
}
