import Cryptography
import KMIP
import PluginLoader
import Secrets

/// KMIP 2.1, "Import": symmetric keys, secret data, opaque objects.
enum Import: OpenOperation {
    static let access = OpenAccess.creators

    static func run(
        _ payload: ImportRequest, in context: OperationContext
    ) async throws(Failure) -> Response {
        let uid = try newUID(payload.uniqueIdentifier)
        guard payload.object.type == payload.objectType else {
            throw Failure(
                .invalidRequest, .invalidObjectType,
                "Import: the object is not of the type \(Cosmian422.name(of: payload.objectType))")
        }
        var attributes = payload.attributes
        let tags = try Tags.user(from: &attributes)
        var object = payload.object
        if payload.keyWrapType == .notWrapped {
            object.keyBlock = try await unwrapped(object, in: context)
        }
        try object.describe(in: &attributes)
        let system = tags == nil ? nil : Tags.system(object.type)
        let draft = try ObjectDraft(
            uid: uid, owner: context.principal.name, state: attributes.begin(at: context.now),
            object: object, attributes: attributes,
            tags: (tags ?? []) + (system.map { [$0] } ?? []))
        if payload.replaceExisting {
            try await replace(draft, keepingTags: tags == nil, in: context)
        } else {
            try await context.store.create(draft, in: context)
        }
        return .identifier(.import, IdentifierResponse(uniqueIdentifier: uid))
    }

    private static func newUID(_ identifier: Identifier) throws(Failure) -> String {
        guard let text = identifier.text else {
            throw Failure(.unexpected, .invalidField, "the UniqueIdentifier must be a text")
        }
        guard text.utf8.first != UInt8(ascii: "[") else {
            throw Failure(
                .unexpected, .invalidField,
                "Import: the UniqueIdentifier may not be a list of tags")
        }
        if !text.isEmpty { return try .newUID(text) }
        do { return try Random.uuid() } catch { throw Failure(error) }
    }

    private static func unwrapped(
        _ object: ManagedObject, in context: OperationContext
    ) async throws(Failure) -> KeyBlock {
        guard var block = object.keyBlock, let value = block.keyValue,
            let wrapping = block.keyWrappingData
        else {
            throw Failure(
                .invalidRequest, .invalidField,
                "Import: KeyWrapType NotWrapped asks to unwrap, but the object has no KeyWrappingData")
        }
        let key = try await context.gate.unwrappingKey(for: wrapping, in: context)
        let additionalData = value.attributes?.vendorAttribute(
            CosmianAttribute.additionalData, vendor: CosmianAttribute.vendor)
        block.keyValue = try KeyWrapping.unwrap(
            value.material.bytes, wrapping, with: key, format: block.keyFormatType,
            additionalData: additionalData ?? [])
        block.keyWrappingData = nil
        return block
    }

    /// Writes over an object of the caller's own, or makes it when there is none.
    private static func replace(
        _ draft: ObjectDraft, keepingTags: Bool, in context: OperationContext
    ) async throws(Failure) {
        let own = Gate.Requirement(anyOf: [], states: .all)
        for _ in 0..<3 {
            let batch: [Write]
            switch try await context.gate.object(draft.uid, own, in: context) {
            case .failure(.absent): batch = [Write(.create(try draft.record()))]
            case .failure:
                throw Failure(
                    .accessDenied, .permissionDenied,
                    "the object \(draft.uid) belongs to somebody else and cannot be replaced")
            case .success(let existing):
                var draft = draft
                if keepingTags { draft.tags = existing.content.tags }
                batch = try replacing(existing, with: draft)
            }
            do {
                return try await context.store.apply(
                    batch, proof: (draft.uid, draft.revision), deadline: context.deadline)
            } catch {
                if case .failed(let failure) = error { throw failure }
            }
        }
        throw Failure(
            .database, .generalFailure,
            "the object \(draft.uid) kept changing; send the request again")
    }

    private static func replacing(
        _ existing: AuthorizedObject, with draft: ObjectDraft
    ) throws(Failure) -> [Write] {
        guard existing.content.type == draft.object.type else {
            throw Failure(
                .invalidRequest, .invalidObjectType,
                "the object \(draft.uid) is of another type and cannot be replaced")
        }
        return [try draft.update(of: existing)]
    }
}

extension ManagedObject {
    /// Fills in what an imported object itself tells, and what 4.22 assumes.
    ///
    /// - Throws: A failure when the object and its attributes contradict each other.
    fileprivate mutating func describe(in attributes: inout Attributes) throws(Failure) {
        attributes.uniqueIdentifier = nil
        attributes.objectType = type
        attributes.sensitive = attributes.sensitive ?? false
        attributes.cryptographicUsageMask = attributes.cryptographicUsageMask ?? .unrestricted
        guard var block = keyBlock else { return }
        guard let value = block.keyValue else {
            throw Failure(.invalidRequest, .keyValueNotPresent, "Import: the object has no KeyValue")
        }
        guard [.raw, .transparentSymmetricKey, .opaque].contains(block.keyFormatType)
            || block.keyWrappingData != nil
        else {
            throw Failure(
                .notSupported, .keyFormatTypeNotSupported,
                "Import: the format \(Cosmian422.name(of: block.keyFormatType)) does not fit the object")
        }
        guard value.material.bytes.count > 0 else {
            throw Failure(.invalidRequest, .invalidField, "Import: the key has no bytes")
        }
        // The attributes of the request replace those inside the key value.
        block.keyValue = KeyValue(value.material)
        let bits = Int32(clamping: value.material.bytes.count * 8)
        if block.keyWrappingData == nil {
            if let claimed = block.cryptographicLength ?? attributes.cryptographicLength,
                case .symmetricKey = self, claimed != bits
            {
                throw Failure(
                    .invalidRequest, .invalidField,
                    "Import: the key has \(bits) bits, but its CryptographicLength says \(claimed)")
            }
            block.cryptographicLength = bits
        }
        block.cryptographicAlgorithm =
            block.cryptographicAlgorithm ?? attributes.cryptographicAlgorithm
        attributes.cryptographicAlgorithm =
            attributes.cryptographicAlgorithm ?? block.cryptographicAlgorithm
        attributes.cryptographicLength = block.cryptographicLength ?? attributes.cryptographicLength
        attributes.keyFormatType = block.keyFormatType
        keyBlock = block
    }
}
