import NIOCore

extension ByteBuffer {
    /// Overwrites the readable bytes where they lie, also for everybody who shares them.
    ///
    /// The buffer's own methods would copy the bytes first and overwrite the copy. Nobody may read
    /// the bytes any more; what follows them in the same storage stays as it is.
    func zeroizeInPlace() {
        withUnsafeReadableBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            // The storage is memory that the buffer allocated to be written.
            UnsafeMutableRawPointer(mutating: start)
                .initializeMemory(as: UInt8.self, repeating: 0, count: bytes.count)
        }
    }
}
