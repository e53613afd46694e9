/// What a slot can do a crypto operation with (`kms_mechanism`); the numbers are those of `kms/hsm.h`.
public enum Mechanism: UInt32, Sendable, Hashable, CaseIterable {
    case aesGCM = 1
    case aesCBC, aesCBCPad, aesKW, aesKWP
    case rsaPKCS1 = 32
    case rsaOAEPSHA1, rsaOAEPSHA256, rsaPSSSHA256
    case rsaPKCS1SHA1, rsaPKCS1SHA256, rsaPKCS1SHA384, rsaPKCS1SHA512
    case ecdsa = 64
    case ecdsaSHA256, ecdsaSHA384, eddsaEd25519
    case hmacSHA256 = 96
    case hmacSHA512
    case generateAES = 128
    case generateRSA, generateEC, generateEd25519, generateGeneric
}

/// `kms_key_type`.
public enum HSMKeyType: UInt32, Sendable, Hashable {
    case any, aes, rsaPrivate, rsaPublic, ecPrivate, ecPublic, generic

    public var isPrivate: Bool { self == .rsaPrivate || self == .ecPrivate }
    public var isPublic: Bool { self == .rsaPublic || self == .ecPublic }
}

/// `KMS_KEY_*`.
public struct HSMKeyFlags: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Never leaves in clear.
    public static let sensitive = HSMKeyFlags(rawValue: 1 << 0)
    /// May leave: in clear or, when sensitive, wrapped.
    public static let extractable = HSMKeyFlags(rawValue: 1 << 1)
    /// Out of `generate`: may have been made.
    public static let inDoubt = HSMKeyFlags(rawValue: 1 << 2)
}

/// `kms_crypto_op`.
public enum CryptoOperation: UInt32, Sendable, Hashable {
    case encrypt = 1
    case decrypt, sign, verify, wrap, unwrap
}

/// One thing that a slot can do (`kms_hsm_capability`).
public struct HSMCapability: Sendable, Equatable {
    public var mechanism: Mechanism
    /// Sizes of keys; 0: not known.
    public var bits: ClosedRange<UInt32>
    /// Bytes in one operation; 0: no limit known.
    public var inputMax: UInt32

    public init(_ mechanism: Mechanism, bits: ClosedRange<UInt32>, inputMax: UInt32 = 0) {
        self.mechanism = mechanism
        self.bits = bits
        self.inputMax = inputMax
    }
}

/// A slot as `slots` lists it (`kms_hsm_slot_info`). Texts are cut to what the struct holds.
public struct HSMSlotInfo: Sendable, Equatable {
    /// `KMS_SLOT_*`.
    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        public static let tokenPresent = Flags(rawValue: 1 << 0)
        public static let pinLocked = Flags(rawValue: 1 << 1)
        public static let tokenReady = Flags(rawValue: 1 << 2)
        public static let loginNeeded = Flags(rawValue: 1 << 3)
        public static let pinLastTry = Flags(rawValue: 1 << 4)
    }

    public var id: UInt64
    public var label = "", model = "", serial = "", firmware = ""
    public var flags: Flags = []
    /// 0: no limit known.
    public var sessionsMax: UInt32 = 0

    public init(id: UInt64) { self.id = id }
}

/// What a driver knows of one key (`kms_hsm_key`); a builder copies it into the result.
public struct HSMKeyRecord: Sendable {
    public var id: [UInt8]
    /// Empty where it is the same as the id.
    public var label: [UInt8] = []
    public var type = HSMKeyType.any
    public var bits: UInt32 = 0
    public var flags: HSMKeyFlags = []
    /// KMIP Recommended Curve and Usage Mask.
    public var curve: UInt32 = 0, usage: UInt32 = 0
    public var status = Status.ok
    /// `CKR_*`.
    public var nativeCode: UInt32 = 0
    /// Days since 1970-01-01; nil: none.
    public var startDay: Int32?, endDay: Int32?
    /// DER SubjectPublicKeyInfo.
    public var publicMaterial: [UInt8] = []

    public init(id: [UInt8]) { self.id = id }

    /// A key about which there is nothing to say but why.
    public init(id: [UInt8], _ status: Status, nativeCode: UInt32 = 0, flags: HSMKeyFlags = []) {
        self.id = id
        self.status = status
        self.nativeCode = nativeCode
        self.flags = flags
    }
}
