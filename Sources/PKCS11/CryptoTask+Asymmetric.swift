import CPKCS11
import PluginKit

/// RSA, ECDSA and MACs in one session.
extension CryptoTask {
    /// No signature, MAC or RSA block of ours is longer.
    private static let answerMax = 2048

    func runAsymmetric(
        _ session: Session, _ key: KeyHandle
    ) throws(TokenFailure) -> CryptoOutcome {
        switch operation {
        case .encrypt, .decrypt: return try rsa(session, key)
        case .sign:
            let message = try message(session)
            return CryptoOutcome(
                try session.sign(
                    Mechanisms.asymmetric(mechanism), key.handle, message,
                    sizeMax: max(key.bits / 4, 256)))
        case .verify:
            let message = try message(session)
            try session.verify(
                Mechanisms.asymmetric(mechanism), key.handle, message, signature: signature)
            return CryptoOutcome(nil)
        case .wrap, .unwrap: return CryptoOutcome(.unsupported)
        }
    }

    private func rsa(_ session: Session, _ key: KeyHandle) throws(TokenFailure) -> CryptoOutcome {
        let size = (key.bits + 7) / 8
        guard let most = Mechanisms.plaintextMax(mechanism, modulus: size) else {
            return CryptoOutcome(.unsupported)
        }
        if operation == .encrypt {
            guard input.count <= most else { return CryptoOutcome(.cryptoFailed) }
            return CryptoOutcome(
                try session.encrypt(
                    Mechanisms.asymmetric(mechanism), key.handle, input, sizeMax: size))
        }
        guard input.count == size else { return CryptoOutcome(.cryptoFailed) }
        return CryptoOutcome(
            try session.decrypt(
                Mechanisms.asymmetric(mechanism), key.handle, input, sizeMax: size))
    }

    /// What is signed: the input, or its digest where the token signs digests alone.
    private func message(_ session: Session) throws(TokenFailure) -> SecretBuffer {
        guard let digest = Mechanisms.digest(mechanism) else { return input }
        return try session.digest(digest.type, input, sizeMax: digest.size)
    }

    // MARK: Wrapping

    func wrap(
        _ session: Session, _ key: KeyHandle, _ target: KeyHandle
    ) throws(TokenFailure) -> CryptoOutcome {
        guard let wrapping = wrapping else { return CryptoOutcome(.unsupported) }
        let sizeMax = max(Self.answerMax, 8 * target.bits)
        return CryptoOutcome(
            try session.wrap(wrapping, key.handle, target.handle, sizeMax: sizeMax),
            iv: wrappingIV)
    }

    func unwrap(
        _ session: Session, _ key: KeyHandle, _ template: [Attribute]
    ) throws(TokenFailure) -> CryptoOutcome {
        guard let wrapping = wrapping else { return CryptoOutcome(.unsupported) }
        _ = try session.unwrap(wrapping, key.handle, input, template)
        return CryptoOutcome(nil)
    }

    private var wrappingIV: [UInt8] { mechanism == .aesCBCPad ? iv : [] }

    private var wrapping: TokenMechanism? {
        switch mechanism {
        case .aesKW, .aesKWP: TokenMechanism(Mechanisms.tokenMechanism(mechanism))
        case .rsaPKCS1, .rsaOAEPSHA1, .rsaOAEPSHA256: Mechanisms.asymmetric(mechanism)
        case .aesCBCPad where iv.count == Self.block: TokenMechanism(CKM_AES_CBC_PAD, .iv(iv))
        default: nil
        }
    }
}
