// The field lists of attributes and their parts. Source: KMIP 2.1, section 4; the order is that of the
// 4.22 wire format, which no encoding minds.

extension TTLVReader where Self: ~Copyable, Self: ~Escapable {
    mutating func attributes() throws(Failure) -> Attributes {
        var attributes = Attributes()
        try enter()
        while let tag = try next() {
            switch tag {
            case .activationDate: try readDate(&attributes.activationDate)
            case .cryptographicAlgorithm: try read(&attributes.cryptographicAlgorithm)
            case .cryptographicLength: try read(&attributes.cryptographicLength)
            case .cryptographicDomainParameters: try read(&attributes.cryptographicDomainParameters)
            case .cryptographicParameters: try read(&attributes.cryptographicParameters)
            case .cryptographicUsageMask: try read(&attributes.cryptographicUsageMask)
            case .keyFormatType: try read(&attributes.keyFormatType)
            case .link: try append(to: &attributes.links) { r throws(Failure) in try r.link() }
            case .objectType: try read(&attributes.objectType)
            case .sensitive: try read(&attributes.sensitive)
            case .uniqueIdentifier: try readUniqueIdentifier(of: &attributes)
            case Shape.vendorAttribute:
                try append(to: &attributes.vendorAttributes) { r throws(Failure) in
                    try r.vendorAttribute()
                }
            default: try readLifecycle(tag, into: &attributes)
            }
        }
        return attributes
    }

    private mutating func readUniqueIdentifier(of attributes: inout Attributes) throws(Failure) {
        var identifier = attributes.uniqueIdentifier.map(Identifier.text)
        try read(&identifier)
        guard let text = identifier?.text else { throw mismatch("expected a TextString") }
        attributes.uniqueIdentifier = text
    }

    private mutating func readLifecycle(_ tag: Tag, into attributes: inout Attributes)
        throws(Failure)
    {
        guard Shape.hasLifecycleAttributes else { return try skip() }
        switch tag {
        case .state: try read(&attributes.state)
        case .initialDate: try readDate(&attributes.initialDate)
        case .deactivationDate: try readDate(&attributes.deactivationDate)
        case .destroyDate: try readDate(&attributes.destroyDate)
        case .compromiseDate: try readDate(&attributes.compromiseDate)
        case .compromiseOccurrenceDate: try readDate(&attributes.compromiseOccurrenceDate)
        case .lastChangeDate: try readDate(&attributes.lastChangeDate)
        case .revocationReason: try read(&attributes.revocationReason)
        default: try skip()
        }
    }

    mutating func read(_ field: inout Attributes?) throws(Failure) {
        try requireFirst(field == nil)
        field = try attributes()
    }

    mutating func read(_ field: inout CryptographicParameters?) throws(Failure) {
        try requireFirst(field == nil)
        field = try cryptographicParameters()
    }

    private mutating func read(_ field: inout CryptographicDomainParameters?) throws(Failure) {
        try requireFirst(field == nil)
        field = try cryptographicDomainParameters()
    }

    mutating func read(_ field: inout RevocationReason?) throws(Failure) {
        try requireFirst(field == nil)
        field = try revocationReason()
    }

    mutating func cryptographicParameters() throws(Failure) -> CryptographicParameters {
        var parameters = CryptographicParameters()
        try enter()
        while let tag = try next() {
            switch tag {
            case .blockCipherMode: try read(&parameters.blockCipherMode)
            case .paddingMethod: try read(&parameters.paddingMethod)
            case .hashingAlgorithm: try read(&parameters.hashingAlgorithm)
            case .keyRoleType: try read(&parameters.keyRoleType)
            case .digitalSignatureAlgorithm: try read(&parameters.digitalSignatureAlgorithm)
            case .cryptographicAlgorithm: try read(&parameters.cryptographicAlgorithm)
            case .randomIV: try read(&parameters.randomIV)
            case .ivLength: try readNumber(&parameters.ivLength)
            case .tagLength: try readNumber(&parameters.tagLength)
            case .fixedFieldLength: try readNumber(&parameters.fixedFieldLength)
            case .invocationFieldLength: try readNumber(&parameters.invocationFieldLength)
            case .counterLength: try readNumber(&parameters.counterLength)
            case .initialCounterValue: try readNumber(&parameters.initialCounterValue)
            case .saltLength: try readNumber(&parameters.saltLength)
            case .maskGenerator: try read(&parameters.maskGenerator)
            case .maskGeneratorHashingAlgorithm: try read(&parameters.maskGeneratorHashingAlgorithm)
            case .pSource: try read(&parameters.pSource)
            case .trailerField: try readNumber(&parameters.trailerField)
            default: try skip()
            }
        }
        return parameters
    }

    mutating func cryptographicDomainParameters() throws(Failure) -> CryptographicDomainParameters {
        var parameters = CryptographicDomainParameters()
        try enter()
        while let tag = try next() {
            switch tag {
            case .qlength: try read(&parameters.qLength)
            case .recommendedCurve: try read(&parameters.recommendedCurve)
            default: try skip()
            }
        }
        return parameters
    }

    mutating func link() throws(Failure) -> Link {
        var type: LinkType?
        var target: Identifier?
        try enter()
        while let tag = try next() {
            switch tag {
            case .linkType: try read(&type)
            case .linkedObjectIdentifier: try read(&target)
            default: try skip()
            }
        }
        return Link(
            try required(type, "LinkType"), to: try required(target, "LinkedObjectIdentifier"))
    }

    mutating func vendorAttribute() throws(Failure) -> VendorAttribute {
        var vendor: String?
        var name: String?
        var value: [UInt8]?
        try enter()
        while let tag = try next() {
            switch tag {
            case .vendorIdentification: try read(&vendor)
            case .attributeName: try read(&name)
            case .attributeValue: try read(&value)
            default: try skip()
            }
        }
        return VendorAttribute(
            vendor: try required(vendor, "VendorIdentification"),
            name: try required(name, "AttributeName"), value: try required(value, "AttributeValue"))
    }

    mutating func revocationReason() throws(Failure) -> RevocationReason {
        guard !Shape.hasBareRevocationReason else { return try bareRevocationReason() }
        var code: RevocationReasonCode?
        var message: String?
        try enter()
        while let tag = try next() {
            switch tag {
            case .revocationReasonCode: try read(&code)
            case .revocationMessage: try read(&message)
            default: try skip()
            }
        }
        return RevocationReason(try required(code, "RevocationReasonCode"), message: message)
    }

    /// A text that is the name of a reason means that reason.
    private mutating func bareRevocationReason() throws(Failure) -> RevocationReason {
        switch type {
        case .enumeration: return RevocationReason(try enumeration(RevocationReasonCode.self))
        case .textString:
            let text = try text()
            if let value = RevocationReasonCode.spellings.reading.value(of: Array(text.utf8)) {
                return RevocationReason(RevocationReasonCode(rawValue: value))
            }
            return RevocationReason(.unspecified, message: text)
        default: throw wrongType(expected: "Enumeration or TextString")
        }
    }
}

extension TTLVWriter where Self: ~Copyable {
    mutating func write(_ tag: Tag, _ attributes: Attributes) {
        begin(tag)
        write(.activationDate, date: attributes.activationDate)
        write(.cryptographicAlgorithm, attributes.cryptographicAlgorithm)
        write(.cryptographicLength, attributes.cryptographicLength)
        write(.cryptographicDomainParameters, attributes.cryptographicDomainParameters)
        write(.cryptographicParameters, attributes.cryptographicParameters)
        write(.cryptographicUsageMask, attributes.cryptographicUsageMask)
        write(.keyFormatType, attributes.keyFormatType)
        writeLinks(attributes.links)
        write(.objectType, attributes.objectType)
        write(.sensitive, attributes.sensitive ?? (isAnswer ? false : nil))
        write(.uniqueIdentifier, attributes.uniqueIdentifier)
        if !attributes.vendorAttributes.isEmpty {
            write(Shape.vendorAttribute, elements: attributes.vendorAttributes) {
                writer, attribute in
                writer.write(Shape.vendorAttribute, attribute)
            }
        }
        if Shape.hasLifecycleAttributes { writeLifecycle(of: attributes) }
        end()
    }

    private mutating func writeLifecycle(of attributes: Attributes) {
        write(.state, attributes.state)
        write(.initialDate, date: attributes.initialDate)
        write(.deactivationDate, date: attributes.deactivationDate)
        write(.destroyDate, date: attributes.destroyDate)
        write(.compromiseDate, date: attributes.compromiseDate)
        write(.compromiseOccurrenceDate, date: attributes.compromiseOccurrenceDate)
        write(.lastChangeDate, date: attributes.lastChangeDate)
        if let reason = attributes.revocationReason { write(.revocationReason, reason) }
    }

    private mutating func writeLinks(_ links: [Link]) {
        guard !links.isEmpty else { return }
        write(.link, elements: links) { writer, link in writer.write(.link, link) }
    }

    mutating func write(_ tag: Tag, _ link: Link) {
        begin(tag)
        write(.linkType, link.type)
        if Shape.hasLongLinks, case .integer(let value) = link.target {
            write(.linkedObjectIdentifier, long: value)
        } else {
            write(.linkedObjectIdentifier, link.target)
        }
        end()
    }

    mutating func write(_ tag: Tag, _ attribute: VendorAttribute) {
        begin(tag)
        write(.vendorIdentification, attribute.vendor)
        write(.attributeName, attribute.name)
        write(.attributeValue, attribute.value)
        end()
    }

    mutating func write(_ tag: Tag, _ parameters: CryptographicDomainParameters?) {
        guard let parameters else { return }
        if isAnswer, parameters == CryptographicDomainParameters() { return }
        begin(tag)
        write(.qlength, parameters.qLength)
        write(.recommendedCurve, parameters.recommendedCurve)
        end()
    }

    mutating func write(_ tag: Tag, _ parameters: CryptographicParameters?) {
        guard let parameters else { return }
        if isAnswer, parameters == CryptographicParameters() { return }
        begin(tag)
        write(.blockCipherMode, parameters.blockCipherMode)
        write(.paddingMethod, parameters.paddingMethod)
        write(.hashingAlgorithm, parameters.hashingAlgorithm)
        write(.keyRoleType, parameters.keyRoleType)
        write(.digitalSignatureAlgorithm, parameters.digitalSignatureAlgorithm)
        write(.cryptographicAlgorithm, parameters.cryptographicAlgorithm)
        write(.randomIV, parameters.randomIV)
        write(.ivLength, number: parameters.ivLength)
        write(.tagLength, number: parameters.tagLength)
        write(.fixedFieldLength, number: parameters.fixedFieldLength)
        write(.invocationFieldLength, number: parameters.invocationFieldLength)
        write(.counterLength, number: parameters.counterLength)
        write(.initialCounterValue, number: parameters.initialCounterValue)
        write(.saltLength, number: parameters.saltLength)
        write(.maskGenerator, parameters.maskGenerator)
        write(.maskGeneratorHashingAlgorithm, parameters.maskGeneratorHashingAlgorithm)
        write(.pSource, parameters.pSource)
        write(.trailerField, number: parameters.trailerField)
        end()
    }

    mutating func write(_ tag: Tag, _ reason: RevocationReason) {
        guard !Shape.hasBareRevocationReason else {
            if reason.code == .unspecified, let message = reason.message {
                return write(tag, message)
            }
            return write(tag, reason.code)
        }
        begin(tag)
        write(.revocationReasonCode, reason.code)
        write(.revocationMessage, reason.message)
        end()
    }
}
