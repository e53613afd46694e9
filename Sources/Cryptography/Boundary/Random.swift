import COpenSSL
import Secrets

/// Random bytes from the library's generators. From any thread.
///
/// Every function throws ``CryptographyError/failure(_:)`` when the generator has no entropy.
public enum Random {
    /// Fills a buffer with public random bytes: nonces, identifiers. For keys: ``secret(count:)``.
    public static func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(CryptographyError) {
        guard buffer.count <= RandomReserve.drawMax, let reserve = RandomReserve.ofThisThread else {
            return try fill(buffer, from: RAND_bytes)
        }
        try reserve.draw(buffer)
    }

    /// So many public random bytes.
    public static func bytes(_ count: Int) throws(CryptographyError) -> [UInt8] {
        guard count >= 0 else { throw .invalidDataSize(count) }
        var failure: CryptographyError?
        let bytes = filledBytes(count) { buffer in
            do throws(CryptographyError) {
                try fill(buffer)
                return buffer.count
            } catch {
                failure = error
                return nil
            }
        }
        guard let bytes else { throw failure ?? .failure("random bytes") }
        return bytes
    }

    /// A key of so many bytes, from the generator that the library keeps for secrets.
    public static func secret(count: Int) throws(CryptographyError) -> SecretBytes {
        guard count >= 0 else { throw .invalidKeySize(count) }
        let secret = try SecretBytes(reserving: count) { buffer throws(CryptographyError) in
            try fill(buffer, from: RAND_priv_bytes)
        }
        guard let secret else { throw .failure("no secure memory is left") }
        return secret
    }

    /// Fills a buffer by one of the library's two generators, which keep no pointer to it.
    static func fill(
        _ buffer: UnsafeMutableRawBufferPointer,
        from generator: (UnsafeMutablePointer<UInt8>?, Int32) -> Int32
    ) throws(CryptographyError) {
        var rest = buffer[...]
        while !rest.isEmpty {
            // The library counts in 32 bits.
            let part = UnsafeMutableRawBufferPointer(rebasing: rest.prefix(1 << 30))
            let start = part.bindMemory(to: UInt8.self).baseAddress
            guard generator(start, Int32(part.count)) == 1 else {
                ERR_clear_error()
                throw .failure("random bytes")
            }
            rest = rest.dropFirst(part.count)
        }
    }
}
