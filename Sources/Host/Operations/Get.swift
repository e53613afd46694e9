import KMIP
import Secrets

/// KMIP 2.1, "Get".
enum Get: ObjectOperation {
    static let requirement = Gate.Requirement(anyOf: [.get], states: [.active])

    static func identifier(of payload: KMIP.GetRequest) -> Identifier? { payload.uniqueIdentifier }
    static func failure(for refusal: Gate.Refusal, of uid: String) -> Failure { .notRetrievable(uid) }
    static func failure(forTags identifier: String) -> Failure { .notRetrievable(identifier) }
    static func failure(forUnaccepted uid: String) -> Failure { .notRetrievable(uid) }
    static func accepts(_ object: AuthorizedObject) -> Bool { true }

    static func run(
        _ payload: KMIP.GetRequest, on object: AuthorizedObject, in context: OperationContext
    ) async throws(Failure) -> Response {
        let delivery = try await Delivery(of: object, as: payload, in: context)
        var response = GetResponse(
            objectType: object.content.type, uniqueIdentifier: object.uid, object: delivery.object)
        if var block = response.object.keyBlock {
            var attributes = object.attributes
            attributes.keyFormatType = block.keyFormatType
            block.keyValue?.attributes = attributes
            response.object.keyBlock = block
        }
        return .get(response)
    }
}

/// KMIP 2.1, "Export": as Get, in any state, with the attributes beside the object.
enum Export: ObjectOperation {
    static let requirement = Gate.Requirement(anyOf: [.export, .get], states: .all)

    static func identifier(of payload: KMIP.GetRequest) -> Identifier? { payload.uniqueIdentifier }
    static func failure(for refusal: Gate.Refusal, of uid: String) -> Failure { .notRetrievable(uid) }
    static func failure(forTags identifier: String) -> Failure { .notRetrievable(identifier) }
    static func failure(forUnaccepted uid: String) -> Failure { .notRetrievable(uid) }
    static func accepts(_ object: AuthorizedObject) -> Bool { true }

    static func run(
        _ payload: KMIP.GetRequest, on object: AuthorizedObject, in context: OperationContext
    ) async throws(Failure) -> Response {
        let delivered: ManagedObject
        if object.state == .destroyed || object.state == .destroyedCompromised {
            guard let stored = object.content.object else { throw .notRetrievable(object.uid) }
            delivered = stored.withoutMaterial
        } else {
            delivered = try await Delivery(of: object, as: payload, in: context).object
        }
        return .export(
            GetResponse(
                objectType: object.content.type, uniqueIdentifier: object.uid,
                attributes: object.attributes, object: delivered))
    }
}

extension Failure {
    /// Absent, forbidden and in the wrong state are one answer.
    static func notRetrievable(_ identifier: String) -> Failure {
        Failure(.objectNotFound, "object not found for identifier \(identifier)")
    }
}

/// An object in the format, and with the wrapping, that Get or Export asked for.
private struct Delivery {
    var object: ManagedObject

    init(
        of source: AuthorizedObject, as request: KMIP.GetRequest, in context: OperationContext
    ) async throws(Failure) {
        guard let stored = source.content.object else { throw .notRetrievable(source.uid) }
        object = stored
        let specification = request.keyWrappingSpecification
        if source.attributes.sensitive == true, specification == nil {
            throw Failure(
                .invalidRequest, .sensitive,
                "the object \(source.uid) is sensitive: it leaves only wrapped; give a "
                    + "KeyWrappingSpecification")
        }
        guard var block = stored.keyBlock else {
            guard specification == nil, request.keyFormatType == nil else {
                throw Failure(
                    .unexpected, .keyFormatTypeNotSupported,
                    "the object \(source.uid) is opaque: it has no key format and cannot be wrapped")
            }
            return
        }
        if specification != nil, request.keyFormatType != nil {
            throw Failure(
                .unexpected, .keyFormatTypeNotSupported,
                "a key leaves wrapped in its default format only: leave the KeyFormatType out")
        }
        if block.keyWrappingData != nil {
            if request.keyWrapType == .notWrapped || specification != nil {
                block.keyValue = KeyValue(.bytes(try await source.clearKey(in: context)))
                block.keyWrappingData = nil
            } else if request.keyFormatType != nil {
                throw Failure(
                    .unexpected, .keyFormatTypeNotSupported,
                    "a wrapped key comes out as it is: leave the KeyFormatType out")
            }
        }
        if block.keyWrappingData == nil {
            try block.convert(to: request.keyFormatType, of: stored)
        }
        if let specification {
            let key = try await context.gate.wrappingKey(
                specification.encryptionKeyInformation, in: context)
            block = try KeyWrapping.wrap(block, specification, with: key)
        }
        object.keyBlock = block
    }
}

extension KeyBlock {
    /// Brings an unwrapped block to a format; nil is the default format, `Raw`.
    fileprivate mutating func convert(
        to format: KeyFormatType?, of object: ManagedObject
    ) throws(Failure) {
        guard let bytes = keyValue?.material.bytes else { return }
        switch (object, format) {
        case (_, nil), (_, .some(.raw)):
            keyFormatType = .raw
            keyValue = KeyValue(.bytes(bytes))
        case (.symmetricKey, .some(.transparentSymmetricKey)):
            keyFormatType = .transparentSymmetricKey
            keyValue = KeyValue(.transparentSymmetricKey(bytes))
        case (_, .some(let format)):
            throw Failure(
                .unexpected, .keyFormatTypeNotSupported,
                "the format \(Cosmian422.name(of: format)) does not fit the object")
        }
    }
}

extension ManagedObject {
    /// What remains of a destroyed object: its type with no bytes.
    var withoutMaterial: ManagedObject {
        let none = SecretBytes(copying: [])
        switch self {
        case .symmetricKey: return .symmetricKey(KeyBlock(keyFormatType: .opaque, keyValue: KeyValue(.bytes(none))))
        case .secretData(let type, _):
            return .secretData(type, KeyBlock(keyFormatType: .opaque, keyValue: KeyValue(.bytes(none))))
        case .opaque(let type, _): return .opaque(type, none)
        }
    }
}
