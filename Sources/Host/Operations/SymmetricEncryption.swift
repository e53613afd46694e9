import Cryptography
import KMIP
import Secrets

/// A symmetric key with the cipher that a request chose: what Encrypt, Decrypt and wrapping share.
enum SymmetricEncryption {
    /// The cipher that a request selects: its own parameters, else the key's, else the defaults of
    /// the algorithm. Source: wire format notes, "Encrypt".
    static func algorithm(
        _ parameters: CryptographicParameters?, key: ObjectContent
    ) throws(Failure) -> SymmetricAlgorithm {
        let algorithm =
            parameters?.cryptographicAlgorithm ?? key.attributes.cryptographicAlgorithm ?? .aes
        let mode =
            parameters?.blockCipherMode
            ?? key.attributes.cryptographicParameters?.blockCipherMode
        switch algorithm {
        case .chaCha20, .chaCha20Poly1305: return .chaCha20Poly1305
        case .aes:
            switch mode {
            case nil, .gcm, .aead: return .aesGCM
            case .gcmSIV: return .aesGCMSIV
            case .xts: return .aesXTS
            case .nistKeyWrap, .aesKeyWrapPadding: return .aesKeyWrapPadded
            case .some(let mode):
                throw Failure(
                    .cryptographic, .unsupportedCryptographicParameters,
                    "the block cipher mode \(Cosmian422.name(of: mode)) is not supported; use GCM, "
                        + "GCMSIV, XTS or NISTKeyWrap")
            }
        default:
            throw Failure(
                .cryptographic, .unsupportedCryptographicParameters,
                "the algorithm \(Cosmian422.name(of: algorithm)) does not encrypt; use AES or "
                    + "ChaCha20Poly1305")
        }
    }
}

extension Failure {
    /// One answer for a class of cryptographic failures; never says more than the caller knows.
    init(_ error: CryptographyError) {
        let (reason, text): (ResultReason, String) =
            switch error {
            case .invalidKeySize(let count):
                (.badCryptographicParameters, "a key of \(count) bytes does not fit the algorithm")
            case .invalidNonceSize(let count):
                (.badCryptographicParameters, "a nonce of \(count) bytes does not fit the algorithm")
            case .invalidDataSize(let count):
                (.badCryptographicParameters, "data of \(count) bytes do not fit the algorithm")
            case .authenticationFailed:
                (.cryptographicFailure, "the data or the tag are not authentic")
            case .unsupported(let what):
                (.unsupportedCryptographicParameters, "\(what) is not supported")
            case .failure: (.cryptographicFailure, "the operation failed")
            }
        self.init(.cryptographic, reason, text)
    }
}
