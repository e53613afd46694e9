import Crypto

/// Hash functions.
public enum Digest {
    /// The SHA-256 of `bytes`: 32 bytes. Source: FIPS 180-4.
    public static func sha256(_ bytes: [UInt8]) -> [UInt8] { [UInt8](SHA256.hash(data: bytes)) }
}
