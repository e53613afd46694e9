import Host
import KMIP
import Secrets

// Short forms of the requests that tests send.

extension KMIP.Request {
    static func createKey(
        uid: String? = nil, bits: Int32 = 256, algorithm: CryptographicAlgorithm = .aes,
        tags: [String] = [], sensitive: Bool = false, wrappedBy wrappingKey: String? = nil,
        activationDate: Int64? = nil, mask: UsageMask? = nil
    ) -> KMIP.Request {
        var attributes = Attributes()
        attributes.uniqueIdentifier = uid
        attributes.cryptographicAlgorithm = algorithm
        attributes.cryptographicLength = bits
        attributes.cryptographicUsageMask = mask
        attributes.keyFormatType = .transparentSymmetricKey
        attributes.objectType = .symmetricKey
        attributes.sensitive = sensitive
        attributes.activationDate = activationDate
        attributes.vendorAttributes = [.tags(tags)]
        if let wrappingKey {
            attributes.vendorAttributes.append(
                VendorAttribute(
                    vendor: CosmianAttribute.vendor, name: CosmianAttribute.wrappingKeyID,
                    value: Array(wrappingKey.utf8)))
        }
        return .create(CreateRequest(objectType: .symmetricKey, attributes: attributes))
    }

    static func encrypt(_ uid: String, _ data: [UInt8] = [1, 2, 3]) -> KMIP.Request {
        var payload = EncryptRequest(uniqueIdentifier: .text(uid))
        payload.data = data
        return .encrypt(payload)
    }

    /// Of what this server answered to Encrypt.
    static func decrypt(_ uid: String, _ sealed: EncryptResponse) -> KMIP.Request {
        var payload = DecryptRequest(uniqueIdentifier: .text(uid))
        payload.data = sealed.data
        payload.ivCounterNonce = sealed.ivCounterNonce
        payload.tag = sealed.tag
        return .decrypt(payload)
    }

    static func get(_ uid: String) -> KMIP.Request { .get(GetRequest(uniqueIdentifier: .text(uid))) }

    static func getWrapped(_ uid: String, by key: String) -> KMIP.Request {
        var payload = KMIP.GetRequest(uniqueIdentifier: .text(uid))
        payload.keyWrappingSpecification = KeyWrappingSpecification(
            wrappingMethod: .encrypt, encryptionKeyInformation: KeyInformation(.text(key)))
        return .get(payload)
    }

    static func export(_ uid: String) -> KMIP.Request {
        .export(GetRequest(uniqueIdentifier: .text(uid)))
    }

    static func revoke(_ uid: String) -> KMIP.Request {
        .revoke(
            RevokeRequest(
                uniqueIdentifier: .text(uid), reason: RevocationReason(.unspecified, message: "test")))
    }

    static func destroy(_ uid: String, remove: Bool = false) -> KMIP.Request {
        .destroy(DestroyRequest(uniqueIdentifier: .text(uid), remove: remove))
    }

    static func locate(tags: [String] = []) -> KMIP.Request {
        var attributes = Attributes()
        if !tags.isEmpty { attributes.vendorAttributes = [.tags(tags)] }
        return .locate(LocateRequest(attributes: attributes))
    }

    static func attributes(_ uid: String) -> KMIP.Request {
        .getAttributes(GetAttributesRequest(uniqueIdentifier: .text(uid)))
    }

    static func importKey(
        _ uid: String, _ bytes: [UInt8], replace: Bool = false, tags: [String]? = nil
    ) -> KMIP.Request {
        var attributes = Attributes()
        attributes.cryptographicAlgorithm = .aes
        attributes.cryptographicUsageMask = usualMask
        if let tags { attributes.vendorAttributes = [.tags(tags)] }
        return .import(
            ImportRequest(
                uniqueIdentifier: .text(uid), objectType: .symmetricKey, replaceExisting: replace,
                keyWrapType: nil, attributes: attributes,
                object: .symmetricKey(
                    KeyBlock(
                        keyFormatType: .transparentSymmetricKey,
                        keyValue: KeyValue(.transparentSymmetricKey(SecretBytes(copying: bytes))),
                        cryptographicAlgorithm: .aes))))
    }
}

/// Encrypt, Decrypt, WrapKey, UnwrapKey, KeyAgreement.
private let usualMask = UsageMask(rawValue: 2108)

extension VendorAttribute {
    static func tags(_ tags: [String]) -> VendorAttribute {
        VendorAttribute(
            vendor: CosmianAttribute.vendor, name: CosmianAttribute.tag,
            value: Cosmian422.json(ofTags: tags))
    }
}

extension KMIP.Response {
    /// The identifier of whatever was answered.
    var uid: String {
        switch self {
        case .create(let answer): answer.uniqueIdentifier
        case .get(let answer), .export(let answer): answer.uniqueIdentifier
        case .encrypt(let answer): answer.uniqueIdentifier
        case .decrypt(let answer): answer.uniqueIdentifier
        case .getAttributes(let answer): answer.uniqueIdentifier
        case .identifier(_, let answer): answer.uniqueIdentifier
        case .locate: ""
        }
    }

    var sealed: EncryptResponse? { if case .encrypt(let answer) = self { answer } else { nil } }
    var opened: [UInt8]? { if case .decrypt(let answer) = self { answer.data } else { nil } }
    var located: [String]? {
        if case .locate(let answer) = self { answer.uniqueIdentifiers } else { nil }
    }
    var delivered: ManagedObject? {
        switch self {
        case .get(let answer), .export(let answer): answer.object
        default: nil
        }
    }
    var attributes: Attributes? {
        switch self {
        case .getAttributes(let answer): answer.attributes
        case .export(let answer): answer.attributes
        default: nil
        }
    }
    var keyBytes: [UInt8]? {
        delivered?.keyBlock?.keyValue?.material.bytes.withExposedBytes { [UInt8](copying: $0) }
    }
}
