import Cryptography
import KMIP

/// KMIP 2.1, "Decrypt".
enum Decrypt: ObjectOperation {
    static let requirement = Gate.Requirement(anyOf: [.decrypt, .get], states: [.active])

    static func identifier(of payload: DecryptRequest) -> Identifier? { payload.uniqueIdentifier }

    static func failure(for refusal: Gate.Refusal, of uid: String) -> Failure {
        failure(forUnaccepted: uid)
    }

    static func failure(forTags identifier: String) -> Failure { failure(forUnaccepted: identifier) }

    static func failure(forUnaccepted uid: String) -> Failure {
        Failure(.itemNotFound, "no active key that may decrypt for the identifier \(uid)")
    }

    static func accepts(_ object: AuthorizedObject) throws(Failure) -> Bool {
        try object.isSymmetricKey(allowing: .decrypt)
    }

    static func run(
        _ payload: DecryptRequest, on key: AuthorizedObject, in context: OperationContext
    ) async throws(Failure) -> Response {
        guard let data = payload.data else {
            throw Failure(.invalidRequest, .missingData, "Decrypt: the Data to decrypt are missing")
        }
        let cipher = try await key.cipher(payload.cryptographicParameters, in: context)
        let additionalData = payload.additionalData ?? []
        var clear: [UInt8]
        do {
            if let items = BulkData.items(of: data) {
                var opened: [[UInt8]] = []
                opened.reserveCapacity(items.count)
                for item in items {
                    opened.append(try cipher.open(packed: item, additionalData: additionalData))
                }
                clear = BulkData.pack(opened)
            } else {
                guard let nonce = payload.ivCounterNonce else {
                    throw Failure(
                        .invalidRequest, .missingInitializationVector,
                        "Decrypt: the IvCounterNonce is missing")
                }
                clear = try cipher.open(
                    data, nonce: nonce, tag: payload.tag ?? [], additionalData: additionalData)
            }
        } catch let error as CryptographyError {
            throw Failure(error)
        } catch let error as Failure {
            throw error
        } catch {
            throw Failure(.cryptographic, .cryptographicFailure, "the operation failed")
        }
        return .decrypt(
            DecryptResponse(
                uniqueIdentifier: key.uid, data: clear, correlationValue: payload.correlationValue))
    }
}

extension SymmetricCipher {
    /// Opens nonce, ciphertext and tag in one piece, as bulk items have them.
    fileprivate func open(
        packed item: [UInt8], additionalData: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        guard item.count >= algorithm.nonceSize + algorithm.tagSize else {
            throw .authenticationFailed
        }
        return try open(
            Array(item[algorithm.nonceSize..<item.count - algorithm.tagSize]),
            nonce: Array(item.prefix(algorithm.nonceSize)), tag: Array(item.suffix(algorithm.tagSize)),
            additionalData: additionalData)
    }
}
