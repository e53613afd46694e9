/// What a primitive refuses. None of the cases holds key material or data.
public enum CryptographyError: Error, Equatable {
    /// The algorithm has no keys of so many bytes.
    case invalidKeySize(Int)
    /// The algorithm takes no nonce of so many bytes.
    case invalidNonceSize(Int)
    /// The algorithm takes no input of so many bytes.
    case invalidDataSize(Int)
    /// The ciphertext, its tag or its additional data is not what was sealed under this key and
    /// nonce. Every failure to decrypt is this one, so that the answer tells nothing about its
    /// cause.
    case authenticationFailed
    /// The request makes no sense for the algorithm, or the library in use lacks it; the text says
    /// which.
    case unsupported(String)
    /// The library failed at something that should not fail; the text says at what.
    case failure(String)
}

extension CryptographyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidKeySize(let count): "no key of this algorithm has \(count) bytes"
        case .invalidNonceSize(let count): "no nonce of this algorithm has \(count) bytes"
        case .invalidDataSize(let count): "the algorithm does not take \(count) bytes of data"
        case .authenticationFailed: "the data does not authenticate"
        case .unsupported(let what): "not supported: \(what)"
        case .failure(let what): "the cryptographic library failed: \(what)"
        }
    }
}
