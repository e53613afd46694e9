public import Secrets

/// A managed object with its material. Source: KMIP 2.1, section 2.
public enum ManagedObject: Sendable {
    case symmetricKey(KeyBlock)
    case secretData(SecretDataType, KeyBlock)
    case opaque(OpaqueDataType, SecretBytes)

    public var type: ObjectType {
        switch self {
        case .symmetricKey: .symmetricKey
        case .secretData: .secretData
        case .opaque: .opaqueObject
        }
    }

    /// The key block of the objects that have one. Setting it on an opaque object changes nothing.
    public var keyBlock: KeyBlock? {
        get {
            switch self {
            case .symmetricKey(let block), .secretData(_, let block): block
            case .opaque: nil
            }
        }
        set {
            guard let newValue else { return }
            switch self {
            case .symmetricKey: self = .symmetricKey(newValue)
            case .secretData(let type, _): self = .secretData(type, newValue)
            case .opaque: break
            }
        }
    }
}

/// Source: KMIP 2.1, "Key Block".
public struct KeyBlock: Sendable {
    public var keyFormatType: KeyFormatType
    public var keyCompressionType: KeyCompressionType?
    /// nil when the key itself is elsewhere or was destroyed.
    public var keyValue: KeyValue?
    public var cryptographicAlgorithm: CryptographicAlgorithm?
    public var cryptographicLength: Int32?
    /// Present on keys whose material is wrapped.
    public var keyWrappingData: KeyWrappingData?

    public init(
        keyFormatType: KeyFormatType, keyValue: KeyValue?,
        cryptographicAlgorithm: CryptographicAlgorithm? = nil, cryptographicLength: Int32? = nil,
        keyWrappingData: KeyWrappingData? = nil
    ) {
        self.keyFormatType = keyFormatType
        self.keyValue = keyValue
        self.cryptographicAlgorithm = cryptographicAlgorithm
        self.cryptographicLength = cryptographicLength
        self.keyWrappingData = keyWrappingData
    }
}

/// Source: KMIP 2.1, "Key Value".
public struct KeyValue: Sendable {
    public var material: KeyMaterial
    public var attributes: Attributes?
    public init(_ material: KeyMaterial, attributes: Attributes? = nil) {
        self.material = material
        self.attributes = attributes
    }
}

/// The bytes of a key in the form its format type asks for.
public enum KeyMaterial: Sendable {
    /// Raw, PKCS#1, PKCS#8 and the like, and every wrapped key.
    case bytes(SecretBytes)
    /// `TransparentSymmetricKey`: the field `Key`.
    case transparentSymmetricKey(SecretBytes)

    /// The bytes, whichever field holds them.
    public var bytes: SecretBytes {
        switch self {
        case .bytes(let bytes), .transparentSymmetricKey(let bytes): bytes
        }
    }
}

/// How a stored or delivered key is wrapped. Source: KMIP 2.1, "Key Wrapping Data".
public struct KeyWrappingData: Sendable, Equatable {
    public var wrappingMethod: WrappingMethod
    public var encryptionKeyInformation: KeyInformation?
    public var macSignatureKeyInformation: KeyInformation?
    public var macSignature: [UInt8]?
    public var ivCounterNonce: [UInt8]?
    public var encodingOption: EncodingOption?
    public init(
        wrappingMethod: WrappingMethod, encryptionKeyInformation: KeyInformation?,
        encodingOption: EncodingOption? = nil
    ) {
        self.wrappingMethod = wrappingMethod
        self.encryptionKeyInformation = encryptionKeyInformation
        self.encodingOption = encodingOption
    }
}

/// A key and how it is used to wrap.
public struct KeyInformation: Sendable, Equatable {
    public var uniqueIdentifier: Identifier
    public var cryptographicParameters: CryptographicParameters?
    public init(_ uid: Identifier, cryptographicParameters: CryptographicParameters? = nil) {
        self.uniqueIdentifier = uid
        self.cryptographicParameters = cryptographicParameters
    }
}

/// How a key is to be wrapped. Source: KMIP 2.1, "Key Wrapping Specification".
public struct KeyWrappingSpecification: Sendable, Equatable {
    public var wrappingMethod: WrappingMethod
    public var encryptionKeyInformation: KeyInformation?
    public var macSignatureKeyInformation: KeyInformation?
    /// 4.22 reads the additional data of AES-GCM from the first of them.
    public var attributeNames: [String] = []
    public var encodingOption: EncodingOption?
    public init(wrappingMethod: WrappingMethod, encryptionKeyInformation: KeyInformation?) {
        self.wrappingMethod = wrappingMethod
        self.encryptionKeyInformation = encryptionKeyInformation
    }
}
