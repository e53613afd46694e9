// NewAttribute, CurrentAttribute and references to attributes.

extension TTLVReader where Self: ~Copyable, Self: ~Escapable {
    mutating func read(_ field: inout AttributeValue?) throws(Failure) {
        try requireFirst(field == nil)
        field = try attributeValue()
    }

    /// A closed structure with values of one kind. Of several kinds the first of the list in the wire
    /// format notes, "SetAttribute", counts, which is the order of the cases below.
    private mutating func attributeValue() throws(Failure) -> AttributeValue {
        var date: Int64?
        var algorithm: CryptographicAlgorithm?
        var length: Int32?
        var parameters: CryptographicParameters?
        var domain: CryptographicDomainParameters?
        var mask: Int32?
        var links: [Link] = []
        var vendorAttributes: [VendorAttribute] = []
        try enter()
        while let tag = try next() {
            switch tag {
            case .activationDate: date = try self.date()
            case .cryptographicAlgorithm: algorithm = try enumeration(CryptographicAlgorithm.self)
            case .cryptographicLength: length = try integer()
            case .cryptographicParameters: parameters = try cryptographicParameters()
            case .cryptographicDomainParameters: domain = try cryptographicDomainParameters()
            case .cryptographicUsageMask: mask = try integer()
            case .link: links.append(try link())
            case Shape.newVendorAttribute: vendorAttributes.append(try vendorAttribute())
            default: throw mismatch("is not known here")
            }
        }
        if let date { return .activationDate(date) }
        if let algorithm { return .cryptographicAlgorithm(algorithm) }
        if let length { return .cryptographicLength(length) }
        if let parameters { return .cryptographicParameters(parameters) }
        if let domain { return .cryptographicDomainParameters(domain) }
        if let mask {
            return .cryptographicUsageMask(UsageMask(rawValue: UInt32(bitPattern: mask)))
        }
        if !links.isEmpty { return .links(links) }
        guard !vendorAttributes.isEmpty else { throw mismatch("holds no attribute") }
        return .vendorAttributes(vendorAttributes)
    }

    mutating func append(to references: inout [AttributeReference]?) throws(Failure) {
        var list = references ?? []
        try append(to: &list) { r throws(Failure) in try r.attributeReference() }
        references = list
    }

    private mutating func attributeReference() throws(Failure) -> AttributeReference {
        switch type {
        case .enumeration: return .standard(try tagName())
        case .structure:
            var vendor: String?
            var name: String?
            try enter()
            while let tag = try next() {
                switch tag {
                case .vendorIdentification: try read(&vendor)
                case .attributeName: try read(&name)
                default: try skip()
                }
            }
            return .vendor(
                vendor: try required(vendor, "VendorIdentification"),
                name: try required(name, "AttributeName"))
        default: throw wrongType(expected: "Enumeration or Structure")
        }
    }
}

extension TTLVWriter where Self: ~Copyable {
    mutating func write(_ tag: Tag, _ value: AttributeValue?) {
        guard let value else { return }
        begin(tag)
        switch value {
        case .activationDate(let date): write(.activationDate, date: date)
        case .cryptographicAlgorithm(let algorithm): write(.cryptographicAlgorithm, algorithm)
        case .cryptographicLength(let length): write(.cryptographicLength, length)
        case .cryptographicParameters(let parameters): write(.cryptographicParameters, parameters)
        case .cryptographicDomainParameters(let parameters):
            write(.cryptographicDomainParameters, parameters)
        case .cryptographicUsageMask(let mask): write(.cryptographicUsageMask, mask)
        case .links(let links): for link in links { write(.link, link) }
        case .vendorAttributes(let attributes):
            for attribute in attributes { write(Shape.newVendorAttribute, attribute) }
        }
        end()
    }

    mutating func write(_ references: [AttributeReference]?) {
        guard let references else { return }
        write(Shape.attributeReference, elements: references) { writer, reference in
            switch reference {
            case .standard(let tag): writer.write(Shape.attributeReference, tagName: tag)
            case .vendor(let vendor, let name):
                writer.begin(Shape.attributeReference)
                writer.write(.vendorIdentification, vendor)
                writer.write(.attributeName, name)
                writer.end()
            }
        }
    }
}
