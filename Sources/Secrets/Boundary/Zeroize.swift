import CPlatform

/// Overwrites the bytes of a buffer that held a secret, in a way that the optimiser may not remove.
///
/// The array must be the only one that shares its storage, else a fresh copy is overwritten and the
/// secret stays in the others. Nor does this reach what growing or shrinking the array left behind:
/// reserve the capacity first, and call this before removing bytes.
public func zeroize(_ bytes: inout [UInt8]) {
    bytes.withUnsafeMutableBytes { buffer in
        guard let start = buffer.baseAddress else { return }
        platform_zeroize(start, buffer.count)
    }
}

extension Array where Element == UInt8 {
    /// Overwrites the bytes as ``zeroize(_:)`` does; the count stays.
    public mutating func zeroize() { Secrets.zeroize(&self) }
}
