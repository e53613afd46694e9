/// A symmetric cipher with its mode of operation. Sizes are in bytes.
public enum SymmetricAlgorithm: Sendable, Hashable {
    /// AES in Galois/Counter Mode with 96-bit nonces. Source: NIST SP 800-38D.
    case aesGCM
    /// AES-GCM-SIV, which survives a repeated nonce. Source: RFC 8452.
    case aesGCMSIV
    /// AES-XTS with ciphertext stealing: no authentication, for data units of storage devices.
    /// Source: IEEE 1619; NIST SP 800-38E.
    case aesXTS
    /// AES Key Wrap with Padding. Source: RFC 5649; NIST SP 800-38F, section 6.3.
    case aesKeyWrapPadded
    /// ChaCha20 with Poly1305 and 96-bit nonces. Source: RFC 8439.
    case chaCha20Poly1305

    /// The only nonce size taken. For XTS it is the size of the tweak; key wrapping has none.
    public var nonceSize: Int {
        switch self {
        case .aesGCM, .aesGCMSIV, .chaCha20Poly1305: 12
        case .aesXTS: 16
        case .aesKeyWrapPadded: 0
        }
    }

    /// The only tag size made or taken. Key wrapping authenticates without a tag, XTS not at all.
    public var tagSize: Int {
        switch self {
        case .aesGCM, .aesGCMSIV, .chaCha20Poly1305: 16
        case .aesXTS, .aesKeyWrapPadded: 0
        }
    }

    /// Whether keys may have `keySize` bytes. XTS keys are two keys of half the size.
    public func accepts(keySize: Int) -> Bool {
        switch self {
        case .aesGCM, .aesKeyWrapPadded: keySize == 16 || keySize == 24 || keySize == 32
        case .aesGCMSIV: keySize == 16 || keySize == 32
        case .aesXTS: keySize == 32 || keySize == 64
        case .chaCha20Poly1305: keySize == 32
        }
    }

    /// Whether there is a tag, and hence additional data to authenticate.
    var isAEAD: Bool { tagSize > 0 }

    /// Sizes that may be encrypted.
    var plaintextSizes: ClosedRange<Int> {
        switch self {
        // The library counts in 32 bits; RFC 8452 and RFC 8439 end far beyond.
        case .aesGCM, .aesGCMSIV, .chaCha20Poly1305: 0...(1 << 30)
        // SP 800-38E: at most 2^20 blocks per data unit; IEEE 1619: at least one.
        case .aesXTS: 16...(1 << 24)
        // RFC 5649, section 3 has no empty key; the library ends at 2^31.
        case .aesKeyWrapPadded: 1...(1 << 30)
        }
    }

    /// Sizes that encryption can have produced, without nonce and tag.
    func isCiphertextSize(_ count: Int) -> Bool {
        guard self == .aesKeyWrapPadded else { return plaintextSizes.contains(count) }
        return count % 8 == 0 && (16...(1 << 30) + 8).contains(count)
    }

    /// The size of the ciphertext of so many bytes, without nonce and tag.
    func ciphertextSize(of count: Int) -> Int {
        self == .aesKeyWrapPadded ? (count + 7) / 8 * 8 + 8 : count
    }
}
