import Secrets

// The field lists of key blocks. Source: KMIP 2.1, section 3, "Key Block" and below.

extension TTLVReader where Self: ~Copyable, Self: ~Escapable {
    mutating func read(_ field: inout KeyBlock?) throws(Failure) {
        try requireFirst(field == nil)
        field = try keyBlock()
    }

    mutating func keyBlock() throws(Failure) -> KeyBlock {
        var format: KeyFormatType?
        var block = KeyBlock(keyFormatType: .raw, keyValue: nil)
        try enter()
        while let tag = try next() {
            switch tag {
            case .keyFormatType: try read(&format)
            case .keyCompressionType: try read(&block.keyCompressionType)
            case .keyValue: try read(&block.keyValue)
            case .cryptographicAlgorithm: try read(&block.cryptographicAlgorithm)
            case .cryptographicLength: try read(&block.cryptographicLength)
            case .keyWrappingData: try read(&block.keyWrappingData)
            default: try skip()
            }
        }
        block.keyFormatType = try required(format, "KeyFormatType")
        return block
    }

    private mutating func read(_ field: inout KeyValue?) throws(Failure) {
        try requireFirst(field == nil)
        field = try keyValue()
    }

    mutating func keyValue() throws(Failure) -> KeyValue {
        // The standard's form of a wrapped key without attributes.
        if !Shape.wrapsObjects, type == .byteString { return KeyValue(.bytes(try secret())) }
        var material: KeyMaterial?
        var attributes: Attributes?
        try enter()
        while let tag = try next() {
            switch tag {
            case .keyMaterial: try read(&material)
            case .attributes: try read(&attributes)
            default: try skip()
            }
        }
        return KeyValue(try required(material, "KeyMaterial"), attributes: attributes)
    }

    private mutating func read(_ field: inout KeyMaterial?) throws(Failure) {
        try requireFirst(field == nil)
        field = try keyMaterial()
    }

    /// Closed: a child that is not understood may be half of the key.
    private mutating func keyMaterial() throws(Failure) -> KeyMaterial {
        if !Shape.wrapsObjects, type == .byteString { return .bytes(try secret()) }
        var material: KeyMaterial?
        try enter()
        while let tag = try next() {
            try requireFirst(material == nil)
            switch tag {
            case .cosmianByteString where Shape.wrapsObjects: material = .bytes(try secret())
            case .key: material = .transparentSymmetricKey(try secret())
            case .modulus, .recommendedCurve, .cosmianKeyTypeSer, .p, .q, .g, .j, .x, .y, .d,
                .qString:
                throw notSupported("transparent asymmetric keys are not supported")
            default: throw mismatch("is not known here")
            }
        }
        return try required(material, "the key itself")
    }

    private mutating func read(_ field: inout KeyWrappingData?) throws(Failure) {
        try requireFirst(field == nil)
        field = try keyWrappingData()
    }

    private mutating func keyWrappingData() throws(Failure) -> KeyWrappingData {
        var method: WrappingMethod?
        var data = KeyWrappingData(wrappingMethod: .encrypt, encryptionKeyInformation: nil)
        try enter()
        while let tag = try next() {
            switch tag {
            case .wrappingMethod: try read(&method)
            case .encryptionKeyInformation: try read(&data.encryptionKeyInformation)
            case .macSignatureKeyInformation: try read(&data.macSignatureKeyInformation)
            case .macSignature: try read(&data.macSignature)
            case .ivCounterNonce: try read(&data.ivCounterNonce)
            case .encodingOption: try read(&data.encodingOption)
            default: try skip()
            }
        }
        data.wrappingMethod = try required(method, "WrappingMethod")
        return data
    }

    private mutating func read(_ field: inout KeyInformation?) throws(Failure) {
        try requireFirst(field == nil)
        field = try keyInformation()
    }

    private mutating func keyInformation() throws(Failure) -> KeyInformation {
        var uid: Identifier?
        var parameters: CryptographicParameters?
        try enter()
        while let tag = try next() {
            switch tag {
            case .uniqueIdentifier: try read(&uid)
            case .cryptographicParameters: try read(&parameters)
            default: try skip()
            }
        }
        return KeyInformation(
            try required(uid, "UniqueIdentifier"), cryptographicParameters: parameters)
    }

    mutating func read(_ field: inout KeyWrappingSpecification?) throws(Failure) {
        try requireFirst(field == nil)
        field = try keyWrappingSpecification()
    }

    private mutating func keyWrappingSpecification() throws(Failure) -> KeyWrappingSpecification {
        var method: WrappingMethod?
        var specification = KeyWrappingSpecification(
            wrappingMethod: .encrypt, encryptionKeyInformation: nil)
        try enter()
        while let tag = try next() {
            switch tag {
            case .wrappingMethod: try read(&method)
            case .encryptionKeyInformation: try read(&specification.encryptionKeyInformation)
            case .macSignatureKeyInformation: try read(&specification.macSignatureKeyInformation)
            case .attributeName:
                try append(to: &specification.attributeNames) { r throws(Failure) in try r.text() }
            case .encodingOption: try read(&specification.encodingOption)
            default: try skip()
            }
        }
        specification.wrappingMethod = try required(method, "WrappingMethod")
        return specification
    }
}

extension TTLVWriter where Self: ~Copyable {
    mutating func write(_ tag: Tag, _ block: KeyBlock) {
        begin(tag)
        write(.keyFormatType, block.keyFormatType)
        write(.keyCompressionType, block.keyCompressionType)
        if let value = block.keyValue {
            write(.keyValue, value, isWrapped: block.keyWrappingData != nil)
        }
        write(.cryptographicAlgorithm, block.cryptographicAlgorithm)
        write(.cryptographicLength, block.cryptographicLength)
        if let data = block.keyWrappingData { write(.keyWrappingData, data) }
        end()
    }

    private mutating func write(_ tag: Tag, _ value: KeyValue, isWrapped: Bool) {
        if !Shape.wrapsObjects, isWrapped, value.attributes == nil,
            case .bytes(let bytes) = value.material
        {
            return write(tag, secret: bytes)
        }
        begin(tag)
        writeFields(of: value)
        end()
    }

    mutating func writeFields(of value: KeyValue) {
        switch value.material {
        case .bytes(let bytes) where Shape.wrapsObjects:
            begin(.keyMaterial)
            write(.cosmianByteString, secret: bytes)
            end()
        case .bytes(let bytes): write(.keyMaterial, secret: bytes)
        case .transparentSymmetricKey(let bytes):
            begin(.keyMaterial)
            write(.key, secret: bytes)
            end()
        }
        if let attributes = value.attributes { write(.attributes, attributes) }
    }

    private mutating func write(_ tag: Tag, _ data: KeyWrappingData) {
        begin(tag)
        write(.wrappingMethod, data.wrappingMethod)
        write(.encryptionKeyInformation, data.encryptionKeyInformation)
        write(.macSignatureKeyInformation, data.macSignatureKeyInformation)
        write(.macSignature, data.macSignature)
        write(Shape.wrappingIV, data.ivCounterNonce)
        write(.encodingOption, data.encodingOption)
        end()
    }

    private mutating func write(_ tag: Tag, _ information: KeyInformation?) {
        guard let information else { return }
        begin(tag)
        write(.uniqueIdentifier, information.uniqueIdentifier)
        write(.cryptographicParameters, information.cryptographicParameters)
        end()
    }

    mutating func write(_ tag: Tag, _ specification: KeyWrappingSpecification?) {
        guard let specification else { return }
        begin(tag)
        write(.wrappingMethod, specification.wrappingMethod)
        write(.encryptionKeyInformation, specification.encryptionKeyInformation)
        write(.macSignatureKeyInformation, specification.macSignatureKeyInformation)
        if !specification.attributeNames.isEmpty {
            write(.attributeName, elements: specification.attributeNames) { writer, name in
                writer.write(.attributeName, name)
            }
        }
        write(.encodingOption, specification.encodingOption)
        end()
    }
}
