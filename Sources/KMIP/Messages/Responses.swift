// The response payloads. Source: KMIP 2.1, section 6.

public struct CreateResponse: Sendable {
    public var objectType: ObjectType
    public var uniqueIdentifier: String
    public init(objectType: ObjectType, uniqueIdentifier: String) {
        self.objectType = objectType
        self.uniqueIdentifier = uniqueIdentifier
    }
}

/// Get and Export; only Export delivers attributes beside the object.
public struct GetResponse: Sendable {
    public var objectType: ObjectType
    public var uniqueIdentifier: String
    public var attributes: Attributes?
    public var object: ManagedObject
    public init(
        objectType: ObjectType, uniqueIdentifier: String, attributes: Attributes? = nil,
        object: ManagedObject
    ) {
        self.objectType = objectType
        self.uniqueIdentifier = uniqueIdentifier
        self.attributes = attributes
        self.object = object
    }
}

public struct LocateResponse: Sendable {
    public var locatedItems: Int32
    public var uniqueIdentifiers: [String]
    public init(locatedItems: Int32, uniqueIdentifiers: [String]) {
        self.locatedItems = locatedItems
        self.uniqueIdentifiers = uniqueIdentifiers
    }
}

public struct EncryptResponse: Sendable {
    public var uniqueIdentifier: String
    public var data: [UInt8]?
    public var ivCounterNonce: [UInt8]?
    public var correlationValue: [UInt8]?
    public var tag: [UInt8]?
    public init(uniqueIdentifier: String) { self.uniqueIdentifier = uniqueIdentifier }
}

public struct DecryptResponse: Sendable {
    public var uniqueIdentifier: String
    public var data: [UInt8]?
    public var correlationValue: [UInt8]?
    public init(uniqueIdentifier: String, data: [UInt8]?, correlationValue: [UInt8]? = nil) {
        self.uniqueIdentifier = uniqueIdentifier
        self.data = data
        self.correlationValue = correlationValue
    }
}

public struct GetAttributesResponse: Sendable {
    public var uniqueIdentifier: String
    public var attributes: Attributes
    public init(uniqueIdentifier: String, attributes: Attributes) {
        self.uniqueIdentifier = uniqueIdentifier
        self.attributes = attributes
    }
}

/// The answer of the operations that only confirm: Import, SetAttribute, ReKey, Revoke...
public struct IdentifierResponse: Sendable {
    /// As received for Revoke and Destroy, resolved for the others.
    public var uniqueIdentifier: String
    public init(uniqueIdentifier: String) { self.uniqueIdentifier = uniqueIdentifier }
}

/// One operation's answer. Large ones are boxed as in ``Request``.
public enum Response: Sendable {
    case create(CreateResponse)
    indirect case get(GetResponse)
    indirect case export(GetResponse)
    case locate(LocateResponse)
    case encrypt(EncryptResponse)
    case decrypt(DecryptResponse)
    indirect case getAttributes(GetAttributesResponse)
    /// Import, SetAttribute, DeleteAttribute, ReKey, Activate, Revoke, Destroy.
    case identifier(Operation, IdentifierResponse)
}

/// The answer to a batch.
public struct ResponseMessage: Sendable {
    public struct Item: Sendable {
        public var operation: Operation
        public var uniqueBatchItemID: BatchItemID?
        public var result: Result<Response, Failure>
        public init(
            operation: Operation, uniqueBatchItemID: BatchItemID?,
            result: Result<Response, Failure>
        ) {
            self.operation = operation
            self.uniqueBatchItemID = uniqueBatchItemID
            self.result = result
        }
    }

    public var protocolVersion: ProtocolVersion
    /// Seconds since 1970-01-01 UTC.
    public var timeStamp: Int64
    public var items: [Item]
    public init(protocolVersion: ProtocolVersion, timeStamp: Int64, items: [Item]) {
        self.protocolVersion = protocolVersion
        self.timeStamp = timeStamp
        self.items = items
    }
}
