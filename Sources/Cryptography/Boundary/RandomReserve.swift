import COpenSSL
import Glibc
import Secrets
import Synchronization

/// A page of random bytes drawn ahead: for a nonce of 12 bytes the generator takes half as long as
/// for the whole page.
///
/// Each byte is handed out once and zeroed at once. A child made by `fork` finds zeroes, which say
/// that nothing is left, so parent and child never hand out the same bytes.
final class RandomReserve: Sendable {
    /// The most that is drawn from a reserve; more goes to the generator itself.
    static let drawMax = 64

    // Few threads meet at one lock when there are more reserves than cores that draw at a time.
    private static let reserves: [RandomReserve] = (0..<8).compactMap { _ in RandomReserve() }

    /// Nil where no page could be mapped.
    static var ofThisThread: RandomReserve? {
        guard reserves.count == 8 else { return nil }
        // Thread structures lie whole stacks apart: multiplying brings what differs to the top.
        let mixed = UInt64(pthread_self()) &* 0x9E37_79B9_7F4A_7C15
        return reserves[Int(mixed >> 61)]
    }

    private static let size = 4096
    private static let headSize = MemoryLayout<Int>.size

    private let lock = Mutex(())
    // Owned for the life of the process. Guarded by `lock`: first the number of bytes left, as an
    // Int in the page itself so that it is wiped with it, then the bytes, used from the end.
    nonisolated(unsafe) private let page: UnsafeMutableRawPointer

    private init?() {
        guard let pages = SecurePages(atLeast: RandomReserve.size, inFork: .wiped) else {
            return nil
        }
        page = pages.memory
    }

    /// Fills `buffer`, of at most `drawMax` bytes, with bytes that nobody had or will have.
    func draw(_ buffer: UnsafeMutableRawBufferPointer) throws(CryptographyError) {
        try lock.withLock { _ throws(CryptographyError) in
            var left = page.load(as: Int.self)
            let bytes = UnsafeMutableRawBufferPointer(
                start: page + RandomReserve.headSize,
                count: RandomReserve.size - RandomReserve.headSize)
            if left < buffer.count {
                page.storeBytes(of: 0, as: Int.self)
                try Random.fill(bytes, from: RAND_bytes)
                left = bytes.count
            }
            left -= buffer.count
            let drawn = UnsafeMutableRawBufferPointer(rebasing: bytes[left..<(left + buffer.count)])
            buffer.copyMemory(from: UnsafeRawBufferPointer(drawn))
            // The page outlives this call, so the compiler has to keep the store.
            drawn.initializeMemory(as: UInt8.self, repeating: 0)
            page.storeBytes(of: left, as: Int.self)
        }
    }
}
