/// Key material: zeroed when the last reference goes, never printed, compared in constant time.
///
/// Shared by reference and immutable, hence safe to hand between threads. Neither `Equatable` nor
/// `Codable`: see ``isEqual(to:)-(SecretBytes)``.
public final class SecretBytes: Sendable {
    public let count: Int
    // Secure memory of `count` bytes that this object owns. Written in `init`, before anybody else
    // knows the object; only read from then on.
    @usableFromInline nonisolated(unsafe) let memory: UnsafeMutableRawPointer

    /// Makes a secret of `count` bytes; `fill` writes them into zeroed memory.
    ///
    /// The process ends when it has no memory for secrets, which with
    /// ``SecureMemory/requireLocked()`` means locked memory; ``init(reserving:fill:)`` is for sizes
    /// that others choose.
    public convenience init<E: Error>(
        count: Int, fill: (UnsafeMutableRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        guard let memory = SecureMemory.allocate(count) else {
            preconditionFailure(
                "no memory for a secret: raise RLIMIT_MEMLOCK or drop require-mlock")
        }
        try self.init(memory, count: count, fill: fill)
    }

    /// Makes a secret of `count` bytes as ``init(count:fill:)`` does; nil when there is no memory
    /// for it.
    public convenience init?<E: Error>(
        reserving count: Int, fill: (UnsafeMutableRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        guard let memory = SecureMemory.allocate(count) else { return nil }
        try self.init(memory, count: count, fill: fill)
    }

    private init<E: Error>(
        _ memory: UnsafeMutableRawPointer, count: Int,
        fill: (UnsafeMutableRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        self.memory = memory
        self.count = count
        // The object is complete here: when `fill` throws, `deinit` gives the memory back.
        try fill(UnsafeMutableRawBufferPointer(start: memory, count: count))
    }

    /// Copies the bytes of `source`, which the caller zeroes when it held them as a secret.
    public convenience init(copying source: RawSpan) {
        self.init(count: source.byteCount) { memory in
            source.withUnsafeBytes { memory.copyMemory(from: $0) }
        }
    }

    /// Copies `bytes`; the caller zeroes its array: ``zeroize(_:)``.
    public convenience init(copying bytes: [UInt8]) { self.init(copying: bytes.span.bytes) }

    /// The only way in. The span does not outlive the call; do not copy it to ordinary memory.
    @inlinable
    public func withExposedBytes<R, E: Error>(_ body: (RawSpan) throws(E) -> R) throws(E) -> R {
        // Holds the memory until `body` returns, even where this was the last use of the object.
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(start: memory, count: count).bytes)
    }

    deinit { SecureMemory.free(memory, count: count) }
}
