import Secrets

extension SecretBytes {
    /// Makes a secret of `count` bytes that `fill` writes; nil when there is no memory for it or when
    /// `fill` returns false.
    ///
    /// The counterpart in safe code of the initialiser that hands out a pointer: the span ends with the
    /// call, and so does its view of the memory.
    static func make(
        count: Int, fill: (inout MutableRawSpan) -> Bool
    ) throws(Failure) -> SecretBytes? {
        var isFilled = false
        let secret = SecretBytes(reserving: count) { memory in
            var span = memory.mutableBytes
            isFilled = fill(&span)
        }
        guard let secret else {
            throw Failure(.unavailable, .generalFailure, "no memory for key material")
        }
        return isFilled ? secret : nil
    }

    /// A copy of bytes that the caller overwrites; nil when there is no memory for it.
    static func copied(_ bytes: RawSpan) -> SecretBytes? {
        // Both regions have the size of the span.
        SecretBytes(reserving: bytes.byteCount) { memory in
            bytes.withUnsafeBytes { memory.copyMemory(from: $0) }
        }
    }
}
