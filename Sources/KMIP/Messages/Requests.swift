// The request payloads. Source: KMIP 2.1, section 6.

public struct CreateRequest: Sendable {
    public var objectType: ObjectType
    public var attributes: Attributes
    public var protectionStorageMasks: Int32?
    public init(objectType: ObjectType, attributes: Attributes) {
        self.objectType = objectType
        self.attributes = attributes
    }
}

/// Get and Export have the same fields.
public struct GetRequest: Sendable {
    public var uniqueIdentifier: Identifier?
    public var keyFormatType: KeyFormatType?
    public var keyWrapType: KeyWrapType?
    public var keyWrappingSpecification: KeyWrappingSpecification?
    public init(uniqueIdentifier: Identifier?) { self.uniqueIdentifier = uniqueIdentifier }
}

public struct ImportRequest: Sendable {
    public var uniqueIdentifier: Identifier
    public var objectType: ObjectType
    public var replaceExisting: Bool
    public var keyWrapType: KeyWrapType?
    public var attributes: Attributes
    public var object: ManagedObject
    public init(
        uniqueIdentifier: Identifier, objectType: ObjectType, replaceExisting: Bool,
        keyWrapType: KeyWrapType?, attributes: Attributes, object: ManagedObject
    ) {
        self.uniqueIdentifier = uniqueIdentifier
        self.objectType = objectType
        self.replaceExisting = replaceExisting
        self.keyWrapType = keyWrapType
        self.attributes = attributes
        self.object = object
    }
}

public struct LocateRequest: Sendable {
    public var maximumItems: Int32?
    public var offsetItems: Int32?
    public var storageStatusMask: Int32?
    public var attributes: Attributes
    public init(attributes: Attributes) { self.attributes = attributes }
}

public struct EncryptRequest: Sendable {
    public var uniqueIdentifier: Identifier?
    @Boxed public var cryptographicParameters: CryptographicParameters?
    public var data: [UInt8]?
    public var ivCounterNonce: [UInt8]?
    public var correlationValue: [UInt8]?
    public var initIndicator: Bool?
    public var finalIndicator: Bool?
    public var additionalData: [UInt8]?
    public init(uniqueIdentifier: Identifier?) { self.uniqueIdentifier = uniqueIdentifier }
}

public struct DecryptRequest: Sendable {
    public var uniqueIdentifier: Identifier?
    @Boxed public var cryptographicParameters: CryptographicParameters?
    public var data: [UInt8]?
    public var ivCounterNonce: [UInt8]?
    public var correlationValue: [UInt8]?
    public var initIndicator: Bool?
    public var finalIndicator: Bool?
    public var additionalData: [UInt8]?
    public var tag: [UInt8]?
    public init(uniqueIdentifier: Identifier?) { self.uniqueIdentifier = uniqueIdentifier }
}

/// Names one attribute, or all of a kind.
public enum AttributeReference: Sendable, Hashable {
    case standard(Tag)
    case vendor(vendor: String, name: String)
}

public struct GetAttributesRequest: Sendable {
    public var uniqueIdentifier: Identifier?
    /// nil: all attributes.
    public var references: [AttributeReference]?
    public init(uniqueIdentifier: Identifier?, references: [AttributeReference]? = nil) {
        self.uniqueIdentifier = uniqueIdentifier
        self.references = references
    }
}

/// One kind of attribute with its value, or several of a kind that may repeat.
public enum AttributeValue: Sendable, Equatable {
    case activationDate(Int64)
    case cryptographicAlgorithm(CryptographicAlgorithm)
    case cryptographicLength(Int32)
    case cryptographicParameters(CryptographicParameters)
    case cryptographicDomainParameters(CryptographicDomainParameters)
    case cryptographicUsageMask(UsageMask)
    case links([Link])
    case vendorAttributes([VendorAttribute])
}

public struct SetAttributeRequest: Sendable {
    public var uniqueIdentifier: Identifier?
    public var newAttribute: AttributeValue
    public init(uniqueIdentifier: Identifier?, newAttribute: AttributeValue) {
        self.uniqueIdentifier = uniqueIdentifier
        self.newAttribute = newAttribute
    }
}

public struct DeleteAttributeRequest: Sendable {
    public var uniqueIdentifier: Identifier?
    public var currentAttribute: AttributeValue?
    public var references: [AttributeReference]?
    public init(
        uniqueIdentifier: Identifier?, currentAttribute: AttributeValue?,
        references: [AttributeReference]?
    ) {
        self.uniqueIdentifier = uniqueIdentifier
        self.currentAttribute = currentAttribute
        self.references = references
    }
}

public struct ReKeyRequest: Sendable {
    public var uniqueIdentifier: Identifier?
    /// Seconds between the initial and the activation date of the new key.
    public var offset: Int32?
    public var attributes: Attributes?
    public var protectionStorageMasks: Int32?
    public init(uniqueIdentifier: Identifier?) { self.uniqueIdentifier = uniqueIdentifier }
}

public struct ActivateRequest: Sendable {
    public var uniqueIdentifier: Identifier?
    public init(uniqueIdentifier: Identifier?) { self.uniqueIdentifier = uniqueIdentifier }
}

public struct RevokeRequest: Sendable {
    public var uniqueIdentifier: Identifier?
    public var reason: RevocationReason
    public var compromiseOccurrenceDate: Int64?
    public init(uniqueIdentifier: Identifier?, reason: RevocationReason) {
        self.uniqueIdentifier = uniqueIdentifier
        self.reason = reason
    }
}

public struct DestroyRequest: Sendable {
    public var uniqueIdentifier: Identifier?
    /// Extension of 4.22: also removes the metadata.
    public var remove: Bool
    public init(uniqueIdentifier: Identifier?, remove: Bool = false) {
        self.uniqueIdentifier = uniqueIdentifier
        self.remove = remove
    }
}

/// One operation with its payload. Large payloads are boxed, so that a batch of small ones is small.
public enum Request: Sendable {
    indirect case create(CreateRequest)
    indirect case get(GetRequest)
    indirect case export(GetRequest)
    indirect case `import`(ImportRequest)
    indirect case locate(LocateRequest)
    case encrypt(EncryptRequest)
    case decrypt(DecryptRequest)
    case getAttributes(GetAttributesRequest)
    indirect case setAttribute(SetAttributeRequest)
    indirect case deleteAttribute(DeleteAttributeRequest)
    indirect case reKey(ReKeyRequest)
    case activate(ActivateRequest)
    case revoke(RevokeRequest)
    case destroy(DestroyRequest)

    public var operation: Operation {
        switch self {
        case .create: .create
        case .get: .get
        case .export: .export
        case .import: .import
        case .locate: .locate
        case .encrypt: .encrypt
        case .decrypt: .decrypt
        case .getAttributes: .getAttributes
        case .setAttribute: .setAttribute
        case .deleteAttribute: .deleteAttribute
        case .reKey: .reKey
        case .activate: .activate
        case .revoke: .revoke
        case .destroy: .destroy
        }
    }
}

/// A batch. Source: KMIP 2.1, section 9.
public struct RequestMessage: Sendable {
    public struct Header: Sendable {
        public var protocolVersion: ProtocolVersion
        public var batchCount: Int32
        public var batchErrorContinuationOption: BatchErrorContinuationOption?
        public var batchOrderOption: Bool?
        public var maximumResponseSize: Int32?
        public init(protocolVersion: ProtocolVersion, batchCount: Int32) {
            self.protocolVersion = protocolVersion
            self.batchCount = batchCount
        }
    }

    public struct Item: Sendable {
        public var uniqueBatchItemID: BatchItemID?
        public var request: Request
        public init(uniqueBatchItemID: BatchItemID? = nil, request: Request) {
            self.uniqueBatchItemID = uniqueBatchItemID
            self.request = request
        }
    }

    public var header: Header
    public var items: [Item]
    public init(header: Header, items: [Item]) {
        self.header = header
        self.items = items
    }
}

/// An identifier of a batch item, echoed unchanged: a number in 4.22, bytes in the standard.
public enum BatchItemID: Sendable, Equatable {
    case integer(Int32)
    case bytes([UInt8])
}

public struct ProtocolVersion: Sendable, Hashable {
    public var major: Int32, minor: Int32
    public init(major: Int32, minor: Int32) {
        self.major = major
        self.minor = minor
    }
}

/// What a request body held: one operation, or a batch.
public enum IncomingMessage: Sendable {
    case operation(Request)
    case batch(RequestMessage)
}
