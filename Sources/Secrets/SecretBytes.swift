import CPlatform

/// Key material: zeroed when the last reference goes, never printed, compared in constant time.
///
/// Shared by reference and immutable, hence safe to hand between threads.
public final class SecretBytes: Sendable {
    public let count: Int
    // Written once, in `init`; read-only afterwards.
    nonisolated(unsafe) private let memory: UnsafeMutableRawPointer

    /// Makes a secret of `count` bytes; `fill` writes them.
    public init<E: Error>(
        count: Int, fill: (UnsafeMutableRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        self.count = count
        memory = .allocate(byteCount: max(count, 1), alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: count)
        try fill(UnsafeMutableRawBufferPointer(start: memory, count: count))
    }

    /// The only way in. The span does not outlive the call; do not copy it to ordinary memory.
    public func withExposedBytes<R, E: Error>(_ body: (RawSpan) throws(E) -> R) throws(E) -> R {
        try body(UnsafeRawBufferPointer(start: memory, count: count).bytes)
    }

    deinit {
        platform_zeroize(memory, count)
        memory.deallocate()
    }
}
