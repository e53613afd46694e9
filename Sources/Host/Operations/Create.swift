import Cryptography
import KMIP
import PluginLoader
import Secrets

/// KMIP 2.1, "Create": a symmetric key.
enum Create: OpenOperation {
    static let access = OpenAccess.creators

    /// Encrypt, Decrypt, WrapKey, UnwrapKey and KeyAgreement: the mask of a key that asks for none.
    static let defaultMask = UsageMask(rawValue: 2108)

    static func run(
        _ payload: CreateRequest, in context: OperationContext
    ) async throws(Failure) -> Response {
        guard payload.protectionStorageMasks == nil else { throw .protectionStorageMasks }
        guard payload.objectType == .symmetricKey else {
            throw Failure(
                .notSupported, .invalidObjectType,
                "Create makes objects of type SymmetricKey, not "
                    + Cosmian422.name(of: payload.objectType))
        }
        var attributes = payload.attributes
        let (algorithm, bits) = try keyParameters(attributes)
        let tags = try Tags.user(from: &attributes) ?? []
        let wrappingKeyUID = attributes.removeVendorAttribute(
            CosmianAttribute.wrappingKeyID, vendor: CosmianAttribute.vendor
        ).map { String(decoding: $0, as: UTF8.self) }
        let uid: String
        let bytes: SecretBytes
        do {
            uid = try attributes.uniqueIdentifier.map { try .newUID($0) } ?? Random.uuid()
            bytes = try Random.secret(count: Int(bits / 8))
        } catch let error as Failure { throw error } catch let error as CryptographyError {
            throw Failure(error)
        } catch { throw Failure(.unexpected, .generalFailure, "no key could be made") }

        attributes.uniqueIdentifier = nil
        attributes.cryptographicAlgorithm = algorithm
        attributes.cryptographicLength = bits
        attributes.cryptographicUsageMask = attributes.cryptographicUsageMask ?? defaultMask
        attributes.keyFormatType = .transparentSymmetricKey
        attributes.objectType = .symmetricKey
        attributes.sensitive = attributes.sensitive ?? false
        var block = KeyBlock(
            keyFormatType: .transparentSymmetricKey,
            keyValue: KeyValue(.transparentSymmetricKey(bytes)),
            cryptographicAlgorithm: algorithm, cryptographicLength: bits)
        if let wrappingKeyUID {
            block = try await block.wrapped(by: wrappingKeyUID, in: context)
        }
        let draft = try ObjectDraft(
            uid: uid, owner: context.principal.name,
            state: attributes.begin(at: context.now), object: .symmetricKey(block),
            attributes: attributes, tags: tags + [Tags.symmetricKey])
        try await context.store.create(draft, in: context)
        return .create(CreateResponse(objectType: .symmetricKey, uniqueIdentifier: uid))
    }

    private static func keyParameters(
        _ attributes: Attributes
    ) throws(Failure) -> (CryptographicAlgorithm, bits: Int32) {
        guard let algorithm = attributes.cryptographicAlgorithm else {
            throw Failure(
                .notSupported, .invalidField, "Create: the CryptographicAlgorithm is missing")
        }
        guard attributes.keyFormatType == .transparentSymmetricKey else {
            throw Failure(
                .invalidRequest, .keyFormatTypeNotSupported,
                "Create: the KeyFormatType must be TransparentSymmetricKey")
        }
        let bits = attributes.cryptographicLength ?? 256
        let fits: Bool
        switch algorithm {
        // 512 is a pair of keys for XTS.
        case .aes: fits = [128, 192, 256, 512].contains(bits)
        case .chaCha20, .chaCha20Poly1305: fits = bits == 256
        case .sha3224, .sha3256, .sha3384, .sha3512, .shake128, .shake256:
            fits = bits > 0 && bits <= 8192 && bits % 8 == 0
        default:
            throw Failure(
                .notSupported, .invalidField,
                "Create: no symmetric key for the algorithm \(Cosmian422.name(of: algorithm))")
        }
        guard fits else {
            throw Failure(
                .invalidRequest, .invalidField,
                "Create: \(bits) bits are no length of a \(Cosmian422.name(of: algorithm)) key")
        }
        return (algorithm, bits)
    }
}

extension KeyBlock {
    /// The block wrapped for storage: method Encrypt, the defaults of the wrapping key.
    func wrapped(by uid: String, in context: OperationContext) async throws(Failure) -> KeyBlock {
        let information = KeyInformation(.text(uid))
        let key = try await context.gate.wrappingKey(information, in: context)
        var specification = KeyWrappingSpecification(
            wrappingMethod: .encrypt, encryptionKeyInformation: information)
        specification.encodingOption = .noEncoding
        return try KeyWrapping.wrap(self, specification, with: key)
    }
}

extension Attributes {
    /// Stamps the dates of a new object and says in which state its life begins: active, unless its
    /// activation lies in the future.
    mutating func begin(at now: Int64) -> State {
        initialDate = now
        lastChangeDate = now
        deactivationDate = nil
        destroyDate = nil
        compromiseDate = nil
        compromiseOccurrenceDate = nil
        revocationReason = nil
        state = nil
        return (activationDate ?? now) > now ? .preActive : .active
    }
}

extension ObjectStore {
    /// Writes a new object; durable on return.
    ///
    /// - Throws: A failure that names the uid when it is taken.
    func create(_ draft: ObjectDraft, in context: OperationContext) async throws(Failure) {
        let write = Write(.create(try draft.record()))
        do {
            try await apply(
                [write], proof: (draft.uid, draft.revision),
                deadline: context.deadline)
        } catch {
            switch error {
            case .failed(let failure): throw failure
            case .exists, .conflict: throw .exists(draft.uid)
            }
        }
    }
}

extension Failure {
    static func exists(_ uid: String) -> Failure {
        Failure(
            .database, .objectAlreadyExists, "one or more objects already exist: the identifier \(uid) is taken")
    }

    static let protectionStorageMasks = Failure(
        .unsupportedPlaceholder, .featureNotSupported, "protection storage masks are not supported")
}
