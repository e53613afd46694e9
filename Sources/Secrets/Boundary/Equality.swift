import CPlatform

extension SecretBytes {
    /// Whether both hold the same bytes.
    ///
    /// The time depends on the lengths, which are no secret, and not on where the contents differ.
    public func isEqual(to other: SecretBytes) -> Bool {
        other.withExposedBytes { isEqual(to: $0) }
    }

    /// Whether the secret consists of exactly `bytes`; in constant time like the other.
    public func isEqual(to bytes: [UInt8]) -> Bool { isEqual(to: bytes.span.bytes) }

    /// Whether the secret consists of exactly the bytes of `span`; in constant time like the
    /// others.
    public func isEqual(to span: RawSpan) -> Bool {
        withExposedBytes { own in
            own.withUnsafeBytes { own in
                span.withUnsafeBytes { other in
                    guard own.count == other.count else { return false }
                    guard let a = own.baseAddress, let b = other.baseAddress else { return true }
                    // Both are valid for `count` bytes for as long as the closures run.
                    return platform_equal(a, b, own.count)
                }
            }
        }
    }
}
