import CPKCS11
import PluginKit

/// AES in one session, and how its data are laid out.
extension CryptoTask {
    func runSymmetric(
        _ session: Session, _ key: KeyHandle, _ quirks: Quirks
    ) throws(TokenFailure) -> CryptoOutcome {
        switch (operation, mechanism) {
        case (.encrypt, .aesGCM): return try sealGCM(session, key)
        case (.decrypt, .aesGCM): return try openGCM(session, key)
        case (.encrypt, .aesCBC): return try cbc(session, key, input, .encrypt, quirks)
        case (.decrypt, .aesCBC): return try cbc(session, key, input, .decrypt, quirks)
        case (.encrypt, .aesCBCPad):
            return try cbc(session, key, try padded(), .encrypt, quirks)
        case (.decrypt, .aesCBCPad):
            let outcome = try cbc(session, key, input, .decrypt, quirks)
            return unpadded(outcome)
        default: return CryptoOutcome(.unsupported)
        }
    }

    private func sealGCM(
        _ session: Session, _ key: KeyHandle
    ) throws(TokenFailure) -> CryptoOutcome {
        let mechanism = TokenMechanism(
            CKM_AES_GCM, .gcm(iv: iv, aad: aad, tagBits: UInt(Self.gcmTag * 8)))
        // The token puts the tag behind the ciphertext.
        let output = try session.encrypt(
            mechanism, key.handle, input, sizeMax: input.count + Self.gcmTag)
        guard output.count == input.count + Self.gcmTag else {
            throw TokenFailure(.generalError, in: "C_Encrypt")
        }
        return CryptoOutcome(output, iv: iv, tagSize: Self.gcmTag)
    }

    private func openGCM(
        _ session: Session, _ key: KeyHandle
    ) throws(TokenFailure) -> CryptoOutcome {
        // A shorter tag would be a weaker one than ours.
        guard tag.count == Self.gcmTag, !iv.isEmpty else { return CryptoOutcome(.cryptoFailed) }
        let mechanism = TokenMechanism(
            CKM_AES_GCM, .gcm(iv: iv, aad: aad, tagBits: UInt(tag.count * 8)))
        let sealed = try SecretBuffer(count: input.count + tag.count)
        input.withBytes { sealed.write($0, at: 0) }
        tag.withBorrowedBytes { sealed.write($0, at: input.count) }
        let output = try session.decrypt(
            mechanism, key.handle, sealed, sizeMax: max(sealed.count, 1))
        guard output.count == input.count else { return CryptoOutcome(.cryptoFailed) }
        return CryptoOutcome(output)
    }

    private enum Direction { case encrypt, decrypt }

    /// In one go, or in as many as the device's limit makes it, each with the last block of
    /// ciphertext before it as its IV.
    private func cbc(
        _ session: Session, _ key: KeyHandle, _ data: SecretBuffer, _ direction: Direction,
        _ quirks: Quirks
    ) throws(TokenFailure) -> CryptoOutcome {
        guard data.count.isMultiple(of: Self.block), iv.count == Self.block else {
            return CryptoOutcome(.cryptoFailed)
        }
        let step = max(
            quirks.chunkMax.map { $0 / Self.block * Self.block } ?? data.count, Self.block)
        let output = try SecretBuffer(count: data.count)
        var chain = iv
        var place = 0
        while place < data.count {
            let end = min(place + step, data.count)
            let piece = try data.withBytes { (bytes) throws(TokenFailure) in
                try SecretBuffer(copying: bytes.slice(place..<end))
            }
            let mechanism = TokenMechanism(CKM_AES_CBC, .iv(chain))
            let made: SecretBuffer
            switch direction {
            case .encrypt:
                made = try session.encrypt(mechanism, key.handle, piece, sizeMax: piece.count)
                chain = made.withBytes { Array($0.suffix(Self.block)) }
            case .decrypt:
                made = try session.decrypt(mechanism, key.handle, piece, sizeMax: piece.count)
                chain = piece.withBytes { Array($0.suffix(Self.block)) }
            }
            guard made.count == piece.count else {
                throw TokenFailure(.generalError, in: "C_Encrypt")
            }
            made.withBytes { output.write($0, at: place) }
            place = end
        }
        return CryptoOutcome(output, iv: direction == .encrypt ? iv : [])
    }

    /// PKCS#7: 1 to 16 bytes, each their number.
    private func padded() throws(TokenFailure) -> SecretBuffer {
        let count = Self.block - input.count % Self.block
        let padded = try SecretBuffer(count: input.count + count)
        input.withBytes { padded.write($0, at: 0) }
        for index in 0..<count { padded[input.count + index] = UInt8(count) }
        return padded
    }

    /// Looks at all 16 last bytes whatever they are: where the padding is wrong must not show.
    private func unpadded(_ outcome: CryptoOutcome) -> CryptoOutcome {
        guard outcome.status == .ok, let output = outcome.output, output.count >= Self.block else {
            return CryptoOutcome(.cryptoFailed)
        }
        let count = output[output.count - 1]
        var wrong: UInt8 = count == 0 || count > UInt8(Self.block) ? 1 : 0
        for index in 0..<UInt8(Self.block) {
            let isPadding: UInt8 = index < count ? 0xFF : 0
            wrong |= isPadding & (output[output.count - 1 - Int(index)] ^ count)
        }
        guard wrong == 0 else { return CryptoOutcome(.cryptoFailed) }
        output.shorten(to: output.count - Int(count))
        return CryptoOutcome(output)
    }
}
