// The field lists of the requests. Source: KMIP 2.1, section 6.

extension TTLVReader where Self: ~Copyable, Self: ~Escapable {
    /// The payload of an operation: the current item, whatever its tag.
    mutating func request(_ operation: Operation) throws(Failure) -> Request {
        switch operation {
        case .create: .create(try createRequest())
        case .get: .get(try getRequest())
        case .export: .export(try getRequest())
        case .import: .import(try importRequest())
        case .locate: .locate(try locateRequest())
        case .encrypt: .encrypt(try encryptRequest())
        case .decrypt: .decrypt(try decryptRequest())
        case .getAttributes: .getAttributes(try getAttributesRequest())
        case .setAttribute: .setAttribute(try setAttributeRequest())
        case .deleteAttribute: .deleteAttribute(try deleteAttributeRequest())
        case .reKey: .reKey(try reKeyRequest())
        case .activate: .activate(try activateRequest())
        case .revoke: .revoke(try revokeRequest())
        case .destroy: .destroy(try destroyRequest())
        default: throw notSupported("this operation is not supported")
        }
    }

    private mutating func createRequest() throws(Failure) -> CreateRequest {
        var objectType: ObjectType?
        var attributes: Attributes?
        var masks: Int32?
        try enter()
        while let tag = try next() {
            switch tag {
            case .objectType: try read(&objectType)
            case .attributes: try read(&attributes)
            case .protectionStorageMasks: try readMasks(&masks)
            default: try skip()
            }
        }
        var request = CreateRequest(
            objectType: try required(objectType, "ObjectType"),
            attributes: try required(attributes, "Attributes"))
        request.protectionStorageMasks = masks
        return request
    }

    /// An Integer in the 4.22 dialect. In the standard a Structure of them, of which the first is kept:
    /// the server refuses the field whatever it says.
    private mutating func readMasks(_ field: inout Int32?) throws(Failure) {
        guard type == .structure else { return try read(&field) }
        try requireFirst(field == nil)
        field = 0
        try skip()
    }

    private mutating func getRequest() throws(Failure) -> GetRequest {
        var request = GetRequest(uniqueIdentifier: nil)
        try enter()
        while let tag = try next() {
            switch tag {
            case .uniqueIdentifier: try read(&request.uniqueIdentifier)
            case .keyFormatType: try read(&request.keyFormatType)
            case .keyWrapType: try read(&request.keyWrapType)
            case .keyWrappingSpecification: try read(&request.keyWrappingSpecification)
            default: try skip()
            }
        }
        return request
    }

    /// Closed in the 4.22 dialect.
    private mutating func importRequest() throws(Failure) -> ImportRequest {
        var uid: Identifier?
        var objectType: ObjectType?
        var replaceExisting: Bool?
        var keyWrapType: KeyWrapType?
        var attributes: Attributes?
        var parts: ObjectParts?
        try enter()
        while let tag = try next() {
            switch tag {
            case .uniqueIdentifier: try read(&uid)
            case .objectType: try readObjectType(&objectType)
            case .replaceExisting: try read(&replaceExisting)
            case .keyWrapType: try read(&keyWrapType)
            case .attributes: try read(&attributes)
            default:
                if try readObject(tag, into: &parts) { continue }
                throw mismatch("is not known here")
            }
        }
        let type = try required(objectType, "ObjectType")
        return ImportRequest(
            uniqueIdentifier: try required(uid, "UniqueIdentifier"), objectType: type,
            replaceExisting: replaceExisting ?? false, keyWrapType: keyWrapType,
            attributes: try required(attributes, "Attributes"),
            object: try object(of: type, from: try required(parts, "Object")))
    }

    private mutating func locateRequest() throws(Failure) -> LocateRequest {
        var maximumItems: Int32?
        var offsetItems: Int32?
        var storageStatusMask: Int32?
        var attributes: Attributes?
        try enter()
        while let tag = try next() {
            switch tag {
            case .maximumItems: try read(&maximumItems)
            case .offsetItems: try read(&offsetItems)
            case .storageStatusMask: try read(&storageStatusMask)
            case .attributes: try read(&attributes)
            default: try skip()
            }
        }
        var request = LocateRequest(attributes: try required(attributes, "Attributes"))
        request.maximumItems = maximumItems
        request.offsetItems = offsetItems
        request.storageStatusMask = storageStatusMask
        return request
    }

    private mutating func encryptRequest() throws(Failure) -> EncryptRequest {
        var request = EncryptRequest(uniqueIdentifier: nil)
        try enter()
        while let tag = try next() {
            switch tag {
            case .uniqueIdentifier: try read(&request.uniqueIdentifier)
            case .cryptographicParameters: try read(&request.cryptographicParameters)
            case .data: try read(&request.data)
            case .ivCounterNonce: try read(&request.ivCounterNonce)
            case .correlationValue: try read(&request.correlationValue)
            case .initIndicator: try read(&request.initIndicator)
            case .finalIndicator: try read(&request.finalIndicator)
            case .authenticatedEncryptionAdditionalData: try read(&request.additionalData)
            default: try skip()
            }
        }
        return request
    }

    private mutating func decryptRequest() throws(Failure) -> DecryptRequest {
        var request = DecryptRequest(uniqueIdentifier: nil)
        try enter()
        while let tag = try next() {
            switch tag {
            case .uniqueIdentifier: try read(&request.uniqueIdentifier)
            case .cryptographicParameters: try read(&request.cryptographicParameters)
            case .data: try read(&request.data)
            case .ivCounterNonce: try read(&request.ivCounterNonce)
            case .correlationValue: try read(&request.correlationValue)
            case .initIndicator: try read(&request.initIndicator)
            case .finalIndicator: try read(&request.finalIndicator)
            case .authenticatedEncryptionAdditionalData: try read(&request.additionalData)
            case .authenticatedEncryptionTag: try read(&request.tag)
            default: try skip()
            }
        }
        return request
    }

    private mutating func getAttributesRequest() throws(Failure) -> GetAttributesRequest {
        var request = GetAttributesRequest(uniqueIdentifier: nil)
        try enter()
        while let tag = try next() {
            switch tag {
            case .uniqueIdentifier: try read(&request.uniqueIdentifier)
            case Shape.attributeReference: try append(to: &request.references)
            default: try skip()
            }
        }
        return request
    }

    private mutating func setAttributeRequest() throws(Failure) -> SetAttributeRequest {
        var uid: Identifier?
        var attribute: AttributeValue?
        try enter()
        while let tag = try next() {
            switch tag {
            case .uniqueIdentifier: try read(&uid)
            case .newAttribute: try read(&attribute)
            default: try skip()
            }
        }
        return SetAttributeRequest(
            uniqueIdentifier: uid, newAttribute: try required(attribute, "NewAttribute"))
    }

    private mutating func deleteAttributeRequest() throws(Failure) -> DeleteAttributeRequest {
        var request = DeleteAttributeRequest(
            uniqueIdentifier: nil, currentAttribute: nil, references: nil)
        try enter()
        while let tag = try next() {
            switch tag {
            case .uniqueIdentifier: try read(&request.uniqueIdentifier)
            case .currentAttribute: try read(&request.currentAttribute)
            case Shape.attributeReference: try append(to: &request.references)
            default: try skip()
            }
        }
        return request
    }

    private mutating func reKeyRequest() throws(Failure) -> ReKeyRequest {
        var request = ReKeyRequest(uniqueIdentifier: nil)
        try enter()
        while let tag = try next() {
            switch tag {
            case .uniqueIdentifier: try read(&request.uniqueIdentifier)
            case .offset:
                try requireFirst(request.offset == nil)
                request.offset = try interval()
            case .attributes: try read(&request.attributes)
            case .protectionStorageMasks: try readMasks(&request.protectionStorageMasks)
            default: try skip()
            }
        }
        return request
    }

    private mutating func activateRequest() throws(Failure) -> ActivateRequest {
        var request = ActivateRequest(uniqueIdentifier: nil)
        try enter()
        while let tag = try next() {
            switch tag {
            case .uniqueIdentifier: try read(&request.uniqueIdentifier)
            default: try skip()
            }
        }
        return request
    }

    private mutating func revokeRequest() throws(Failure) -> RevokeRequest {
        var uid: Identifier?
        var reason: RevocationReason?
        var date: Int64?
        try enter()
        while let tag = try next() {
            switch tag {
            case .uniqueIdentifier: try read(&uid)
            case .revocationReason: try read(&reason)
            case .compromiseOccurrenceDate: try readDate(&date)
            default: try skip()
            }
        }
        var request = RevokeRequest(
            uniqueIdentifier: uid, reason: try required(reason, "RevocationReason"))
        request.compromiseOccurrenceDate = date
        return request
    }

    private mutating func destroyRequest() throws(Failure) -> DestroyRequest {
        var uid: Identifier?
        var remove: Bool?
        try enter()
        while let tag = try next() {
            switch tag {
            case .uniqueIdentifier: try read(&uid)
            case .cosmianRemove: try read(&remove)
            default: try skip()
            }
        }
        return DestroyRequest(uniqueIdentifier: uid, remove: remove ?? false)
    }
}
