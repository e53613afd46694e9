import Cryptography
import KMIP

/// KMIP 2.1, "Encrypt".
enum Encrypt: ObjectOperation {
    static let requirement = Gate.Requirement(anyOf: [.encrypt, .get], states: [.active])

    static func identifier(of payload: EncryptRequest) -> Identifier? { payload.uniqueIdentifier }

    static func failure(for refusal: Gate.Refusal, of uid: String) -> Failure {
        switch refusal {
        case .absent: Failure(.invalidRequest, .itemNotFound, "no object with the identifier \(uid)")
        case .forbidden, .state: failure(forUnaccepted: uid)
        }
    }

    static func failure(forTags identifier: String) -> Failure { failure(forUnaccepted: identifier) }

    static func failure(forUnaccepted uid: String) -> Failure {
        Failure(.itemNotFound, "no active key that may encrypt for the identifier \(uid)")
    }

    static func accepts(_ object: AuthorizedObject) throws(Failure) -> Bool {
        try object.isSymmetricKey(allowing: .encrypt)
    }

    static func run(
        _ payload: EncryptRequest, on key: AuthorizedObject, in context: OperationContext
    ) async throws(Failure) -> Response {
        guard let data = payload.data else {
            throw Failure(.invalidRequest, .missingData, "Encrypt: the Data to encrypt are missing")
        }
        let cipher = try await key.cipher(payload.cryptographicParameters, in: context)
        var response = EncryptResponse(uniqueIdentifier: key.uid)
        response.correlationValue = payload.correlationValue
        let additionalData = payload.additionalData ?? []
        do {
            if let items = BulkData.items(of: data) {
                var sealed: [[UInt8]] = []
                sealed.reserveCapacity(items.count)
                for item in items {
                    let result = try cipher.seal(
                        item, nonce: payload.ivCounterNonce, additionalData: additionalData)
                    sealed.append(result.nonce + result.ciphertext + result.tag)
                }
                response.data = BulkData.pack(sealed)
            } else {
                let result = try cipher.seal(
                    data, nonce: payload.ivCounterNonce, additionalData: additionalData)
                response.data = result.ciphertext
                response.ivCounterNonce = result.nonce
                response.tag = result.tag
            }
        } catch { throw Failure(error) }
        return .encrypt(response)
    }
}

extension AuthorizedObject {
    /// Whether this is a symmetric key whose mask has the bit.
    ///
    /// - Throws: A failure when the key has no mask at all, as 4.22 answers.
    func isSymmetricKey(allowing usage: UsageMask) throws(Failure) -> Bool {
        guard content.type == .symmetricKey else { return false }
        guard content.attributes.cryptographicUsageMask != nil else {
            throw Failure(
                .incompatibleCryptographicUsageMask, "the key \(uid) has no usage mask")
        }
        return allows(usage)
    }

    /// The cipher that a request chose, keyed with this key in clear.
    func cipher(
        _ parameters: CryptographicParameters?, in context: OperationContext
    ) async throws(Failure) -> SymmetricCipher {
        let algorithm = try SymmetricEncryption.algorithm(parameters, key: content)
        let bytes =
            if let clear = content.clearBytes { clear } else { try await clearKey(in: context) }
        do { return try content.cipher(algorithm, key: bytes) } catch { throw Failure(error) }
    }
}
