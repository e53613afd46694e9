import Cryptography
import KMIP
import PluginLoader
import Secrets

/// KMIP 2.1, "Re-key": a new key with a new identifier, linked both ways. The old key stays as it
/// is and still decrypts.
enum ReKey: ObjectOperation {
    static let requirement = Gate.Requirement(anyOf: [.reKey], states: [.active])

    /// How many grants go over to the new key: one batch holds 100 writes.
    static let grantsMax = 90

    /// The longest key that is replaced, in bits.
    static let bitsMax: Int32 = 65_536

    static func identifier(of payload: ReKeyRequest) -> Identifier? { payload.uniqueIdentifier }
    static func failure(for refusal: Gate.Refusal, of uid: String) -> Failure {
        failure(forUnaccepted: uid)
    }
    static func failure(forTags identifier: String) -> Failure { failure(forUnaccepted: identifier) }
    static func failure(forUnaccepted uid: String) -> Failure {
        Failure(
            .invalidRequest, .itemNotFound, "no active symmetric key for the identifier \(uid)")
    }
    static func accepts(_ object: AuthorizedObject) -> Bool { object.content.type == .symmetricKey }

    static func run(
        _ payload: ReKeyRequest, on key: AuthorizedObject, in context: OperationContext
    ) async throws(Failure) -> Response {
        guard payload.protectionStorageMasks == nil else { throw .protectionStorageMasks }
        // The successor is an object of its own.
        try context.gate.admitCreation(in: context)
        let successor = try await successor(of: key, offset: payload.offset, in: context)
        let grants = try await context.store.grants(
            GrantsQuery(uid: key.uid, limit: grantsMax + 1), deadline: context.deadline
        ).grants
        guard grants.count <= grantsMax else {
            throw Failure(
                .notSupported, .serverLimitExceeded,
                "the key \(key.uid) is granted to more than \(grantsMax) users; revoke some grants first")
        }
        var predecessor = try ObjectDraft(changing: key)
        predecessor.attributes.links.removeAll { $0.type == .replacementObjectLink }
        predecessor.attributes.links.append(Link(.replacementObjectLink, to: .text(successor.uid)))
        predecessor.attributes.lastChangeDate = context.now
        let batch =
            [try predecessor.update(of: key), Write(.create(try successor.record()))]
            + grants.map {
                Write(.grant(uid: successor.uid, user: $0.user, rights: $0.rights))
            }
        do {
            try await context.store.apply(
                batch, proof: (successor.uid, successor.revision), deadline: context.deadline)
        } catch {
            if case .failed(let failure) = error { throw failure }
            throw Failure(
                .database, .generalFailure,
                "the key \(key.uid) changed meanwhile; send the request again")
        }
        return .identifier(.reKey, IdentifierResponse(uniqueIdentifier: successor.uid))
    }

    /// Fresh bytes under the attributes of the old key; stored wrapped when the old one is.
    private static func successor(
        of key: AuthorizedObject, offset: Int32?, in context: OperationContext
    ) async throws(Failure) -> ObjectDraft {
        guard let old = key.content.object?.keyBlock,
            let bits = old.cryptographicLength, (8...bitsMax).contains(bits), bits % 8 == 0
        else { throw failure(forUnaccepted: key.uid) }
        let uid: String
        let bytes: SecretBytes
        do {
            uid = try Random.uuid()
            bytes = try Random.secret(count: Int(bits / 8))
        } catch { throw Failure(error) }
        var attributes = key.attributes
        attributes.links.removeAll {
            [.replacementObjectLink, .replacedObjectLink].contains($0.type)
        }
        attributes.links.append(Link(.replacedObjectLink, to: .text(key.uid)))
        attributes.keyFormatType = .transparentSymmetricKey
        attributes.cryptographicLength = bits
        attributes.activationDate = offset.map { context.now + Int64($0) }
        var block = KeyBlock(
            keyFormatType: .transparentSymmetricKey,
            keyValue: KeyValue(.transparentSymmetricKey(bytes)),
            cryptographicAlgorithm: key.attributes.cryptographicAlgorithm,
            cryptographicLength: bits)
        if let wrapping = old.keyWrappingData?.encryptionKeyInformation?.uniqueIdentifier.text {
            block = try await block.wrapped(by: wrapping, in: context)
        }
        return try ObjectDraft(
            uid: uid, owner: key.owner, state: attributes.begin(at: context.now),
            object: .symmetricKey(block), attributes: attributes, tags: key.content.tags)
    }
}
