/// A KMIP tag: 0x42xxxx standard, 0x54xxxx extension.
public struct Tag: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// The type of a TTLV item.
public enum ItemType: UInt8, Sendable {
    case structure = 1, integer, longInteger, bigInteger, enumeration, boolean, textString
    case byteString, dateTime, interval, dateTimeExtended
}

/// An enumeration of the protocol. Open: values that this version does not know are kept.
public protocol KMIPEnumeration: RawRepresentable, Hashable, Sendable where RawValue == UInt32 {
    init(rawValue: UInt32)
    /// Values with their normalised names (KMIP 2.1 profiles, "Name normalisation").
    static var names: [(value: UInt32, name: StaticString)] { get }
    /// The same as tables for reading and writing.
    static var spellings: Spellings { get }
}

/// Usage mask bits of a key. Source: KMIP 2.1, Cryptographic Usage Mask.
public struct UsageMask: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let sign = UsageMask(rawValue: 0x1)
    public static let verify = UsageMask(rawValue: 0x2)
    public static let encrypt = UsageMask(rawValue: 0x4)
    public static let decrypt = UsageMask(rawValue: 0x8)
    public static let wrapKey = UsageMask(rawValue: 0x10)
    public static let unwrapKey = UsageMask(rawValue: 0x20)
    public static let macGenerate = UsageMask(rawValue: 0x80)
    public static let macVerify = UsageMask(rawValue: 0x100)
    public static let deriveKey = UsageMask(rawValue: 0x200)
    public static let keyAgreement = UsageMask(rawValue: 0x800)
    public static let certificateSign = UsageMask(rawValue: 0x1000)
    public static let crlSign = UsageMask(rawValue: 0x2000)
    public static let authenticate = UsageMask(rawValue: 0x10_0000)
    public static let unrestricted = UsageMask(rawValue: 0x20_0000)
}

extension BlockCipherMode {
    /// AES-GCM-SIV (RFC 8452): an extension value, since KMIP 2.1 has none.
    public static let gcmSIV = BlockCipherMode(rawValue: 0x8000_0002)
}
