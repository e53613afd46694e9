// The field lists of the answers. Source: KMIP 2.1, section 6.

extension TTLVWriter where Self: ~Copyable {
    /// Writes a payload as an item with this tag.
    mutating func write(_ tag: Tag, _ response: Response) {
        begin(tag)
        switch response {
        case .create(let response):
            write(.objectType, response.objectType)
            write(.uniqueIdentifier, response.uniqueIdentifier)
        case .get(let response), .export(let response): writeFields(of: response)
        case .locate(let response):
            write(.locatedItems, response.locatedItems)
            if !response.uniqueIdentifiers.isEmpty {
                write(.uniqueIdentifier, elements: response.uniqueIdentifiers) { writer, uid in
                    writer.write(.uniqueIdentifier, uid)
                }
            }
        case .encrypt(let response):
            write(.uniqueIdentifier, response.uniqueIdentifier)
            write(.data, response.data)
            write(.ivCounterNonce, response.ivCounterNonce)
            write(.correlationValue, response.correlationValue)
            write(.authenticatedEncryptionTag, response.tag)
        case .decrypt(let response):
            write(.uniqueIdentifier, response.uniqueIdentifier)
            write(.data, response.data)
            write(.correlationValue, response.correlationValue)
        case .getAttributes(let response):
            write(.uniqueIdentifier, response.uniqueIdentifier)
            write(.attributes, response.attributes)
        case .identifier(_, let response): write(.uniqueIdentifier, response.uniqueIdentifier)
        }
        end()
    }

    private mutating func writeFields(of response: GetResponse) {
        write(.objectType, response.objectType)
        write(.uniqueIdentifier, response.uniqueIdentifier)
        if let attributes = response.attributes { write(.attributes, attributes) }
        write(response.object)
    }
}

extension TTLVReader where Self: ~Copyable, Self: ~Escapable {
    /// The payload of an operation's answer: the current item, whatever its tag.
    mutating func response(_ operation: Operation) throws(Failure) -> Response {
        switch operation {
        case .create: .create(try createResponse())
        case .get: .get(try getResponse())
        case .export: .export(try getResponse())
        case .locate: .locate(try locateResponse())
        case .encrypt: .encrypt(try encryptResponse())
        case .decrypt: .decrypt(try decryptResponse())
        case .getAttributes: .getAttributes(try getAttributesResponse())
        case .import, .setAttribute, .deleteAttribute, .reKey, .activate, .revoke, .destroy:
            .identifier(operation, try identifierResponse())
        default: throw notSupported("this operation is not supported")
        }
    }

    private mutating func createResponse() throws(Failure) -> CreateResponse {
        var objectType: ObjectType?
        var uid: String?
        try enter()
        while let tag = try next() {
            switch tag {
            case .objectType: try read(&objectType)
            case .uniqueIdentifier: try read(&uid)
            default: try skip()
            }
        }
        return CreateResponse(
            objectType: try required(objectType, "ObjectType"),
            uniqueIdentifier: try required(uid, "UniqueIdentifier"))
    }

    private mutating func getResponse() throws(Failure) -> GetResponse {
        var objectType: ObjectType?
        var uid: String?
        var attributes: Attributes?
        var parts: ObjectParts?
        try enter()
        while let tag = try next() {
            switch tag {
            case .objectType: try readObjectType(&objectType)
            case .uniqueIdentifier: try read(&uid)
            case .attributes: try read(&attributes)
            default:
                if try readObject(tag, into: &parts) { continue }
                try skip()
            }
        }
        let type = try required(objectType, "ObjectType")
        return GetResponse(
            objectType: type, uniqueIdentifier: try required(uid, "UniqueIdentifier"),
            attributes: attributes,
            object: try object(of: type, from: try required(parts, "Object")))
    }

    private mutating func locateResponse() throws(Failure) -> LocateResponse {
        var locatedItems: Int32?
        var uids: [String] = []
        try enter()
        while let tag = try next() {
            switch tag {
            case .locatedItems: try read(&locatedItems)
            case .uniqueIdentifier: try append(to: &uids) { r throws(Failure) in try r.text() }
            default: try skip()
            }
        }
        return LocateResponse(
            locatedItems: try required(locatedItems, "LocatedItems"), uniqueIdentifiers: uids)
    }

    private mutating func encryptResponse() throws(Failure) -> EncryptResponse {
        var uid: String?
        var response = EncryptResponse(uniqueIdentifier: "")
        try enter()
        while let tag = try next() {
            switch tag {
            case .uniqueIdentifier: try read(&uid)
            case .data: try read(&response.data)
            case .ivCounterNonce: try read(&response.ivCounterNonce)
            case .correlationValue: try read(&response.correlationValue)
            case .authenticatedEncryptionTag: try read(&response.tag)
            default: try skip()
            }
        }
        response.uniqueIdentifier = try required(uid, "UniqueIdentifier")
        return response
    }

    private mutating func decryptResponse() throws(Failure) -> DecryptResponse {
        var uid: String?
        var data: [UInt8]?
        var correlationValue: [UInt8]?
        try enter()
        while let tag = try next() {
            switch tag {
            case .uniqueIdentifier: try read(&uid)
            case .data: try read(&data)
            case .correlationValue: try read(&correlationValue)
            default: try skip()
            }
        }
        return DecryptResponse(
            uniqueIdentifier: try required(uid, "UniqueIdentifier"), data: data,
            correlationValue: correlationValue)
    }

    private mutating func getAttributesResponse() throws(Failure) -> GetAttributesResponse {
        var uid: String?
        var attributes: Attributes?
        try enter()
        while let tag = try next() {
            switch tag {
            case .uniqueIdentifier: try read(&uid)
            case .attributes: try read(&attributes)
            default: try skip()
            }
        }
        return GetAttributesResponse(
            uniqueIdentifier: try required(uid, "UniqueIdentifier"),
            attributes: try required(attributes, "Attributes"))
    }

    private mutating func identifierResponse() throws(Failure) -> IdentifierResponse {
        var uid: String?
        try enter()
        while let tag = try next() {
            switch tag {
            case .uniqueIdentifier: try read(&uid)
            default: try skip()
            }
        }
        return IdentifierResponse(uniqueIdentifier: try required(uid, "UniqueIdentifier"))
    }
}
