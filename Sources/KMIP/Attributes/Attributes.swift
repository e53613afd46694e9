/// The attributes of an object that this server models. Absent values are nil or empty.
///
/// One type for requests, answers and storage. Dates are seconds since 1970-01-01 UTC.
/// Source: KMIP 2.1, section 4.
public struct Attributes: Sendable, Equatable {
    public var uniqueIdentifier: String?
    public var objectType: ObjectType?
    public var state: State?
    public var cryptographicAlgorithm: CryptographicAlgorithm?
    /// In bits.
    public var cryptographicLength: Int32?
    public var cryptographicParameters: CryptographicParameters?
    public var cryptographicDomainParameters: CryptographicDomainParameters?
    public var cryptographicUsageMask: UsageMask?
    public var keyFormatType: KeyFormatType?
    /// nil when the message did not say.
    public var sensitive: Bool?
    public var links: [Link] = []
    /// Everything a vendor defines. Tags do not stay here: see ``tags``.
    public var vendorAttributes: [VendorAttribute] = []

    public var initialDate: Int64?
    public var activationDate: Int64?
    public var deactivationDate: Int64?
    public var destroyDate: Int64?
    public var compromiseDate: Int64?
    public var compromiseOccurrenceDate: Int64?
    public var lastChangeDate: Int64?
    public var revocationReason: RevocationReason?

    public init() {}
}

/// Source: KMIP 2.1, "Cryptographic Parameters".
public struct CryptographicParameters: Sendable, Equatable {
    public var blockCipherMode: BlockCipherMode?
    public var paddingMethod: PaddingMethod?
    public var hashingAlgorithm: HashingAlgorithm?
    public var keyRoleType: KeyRoleType?
    public var digitalSignatureAlgorithm: DigitalSignatureAlgorithm?
    public var cryptographicAlgorithm: CryptographicAlgorithm?
    public var randomIV: Bool?
    /// Lengths in bytes unless the specification says bits; kept as they came.
    public var ivLength: Int64?
    public var tagLength: Int64?
    public var fixedFieldLength: Int64?
    public var invocationFieldLength: Int64?
    public var counterLength: Int64?
    public var initialCounterValue: Int64?
    public var saltLength: Int64?
    public var maskGenerator: MaskGenerator?
    public var maskGeneratorHashingAlgorithm: HashingAlgorithm?
    public var pSource: [UInt8]?
    public var trailerField: Int64?

    public init() {}
}

/// Source: KMIP 2.1, "Cryptographic Domain Parameters".
public struct CryptographicDomainParameters: Sendable, Equatable {
    public var qLength: Int32?
    public var recommendedCurve: RecommendedCurve?
    public init(qLength: Int32? = nil, recommendedCurve: RecommendedCurve? = nil) {
        self.qLength = qLength
        self.recommendedCurve = recommendedCurve
    }
}

/// A link to another object.
public struct Link: Sendable, Equatable {
    public var type: LinkType
    public var target: Identifier
    public init(_ type: LinkType, to target: Identifier) {
        self.type = type
        self.target = target
    }
}

/// A unique identifier as a message may give it: text, a placeholder, or an index in the answer.
public enum Identifier: Sendable, Hashable {
    case text(String)
    case enumeration(UInt32)
    case integer(Int64)

    /// The text form, nil for the others.
    public var text: String? {
        if case .text(let text) = self { text } else { nil }
    }
}

/// An attribute that a vendor defines.
public struct VendorAttribute: Sendable, Equatable {
    public var vendor: String
    public var name: String
    public var value: [UInt8]
    public init(vendor: String, name: String, value: [UInt8]) {
        self.vendor = vendor
        self.name = name
        self.value = value
    }
}

/// Why an object was revoked.
public struct RevocationReason: Sendable, Equatable {
    public var code: RevocationReasonCode
    public var message: String?
    public init(_ code: RevocationReasonCode, message: String? = nil) {
        self.code = code
        self.message = message
    }
}
