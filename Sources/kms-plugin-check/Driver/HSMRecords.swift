// What the cases for HSM drivers work with. Numbers are those of kms/hsm.h.

/// `kms_key_type`.
enum KeyType: UInt32, Sendable {
    case any, aes, rsaPrivate, rsaPublic, ecPrivate, ecPublic, generic
}

/// `kms_crypto_op`.
enum CryptoOperation: UInt32, Sendable {
    case encrypt = 1
    case decrypt, sign, verify, wrap, unwrap
}

/// `kms_mechanism`.
enum Mechanism: UInt32, Sendable {
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

/// `KMS_KEY_*`.
struct KeyFlags: OptionSet, Sendable {
    let rawValue: UInt32
    static let sensitive = KeyFlags(rawValue: 1)
    static let extractable = KeyFlags(rawValue: 2)
    static let inDoubt = KeyFlags(rawValue: 4)
}

/// What a key is to be.
struct KeyTemplate: Sendable {
    var id: [UInt8]
    var type: KeyType
    var bits: UInt32
    var flags: KeyFlags = .extractable
    var curve: UInt32 = 0, usage: UInt32 = 0
    var startDay: Int32 = .min, endDay: Int32 = .min

    init(_ id: String, _ type: KeyType, bits: UInt32, flags: KeyFlags = .extractable) {
        self.id = Array(id.utf8)
        self.type = type
        self.bits = bits
        self.flags = flags
    }
}

/// A key as the driver tells of it.
struct FoundKey: Sendable {
    var status: Status
    var id: [UInt8]
    var label: String
    var type: KeyType?
    var bits: UInt32
    var flags: KeyFlags
    var curve: UInt32, usage: UInt32
    var startDay: Int32, endDay: Int32
    var publicMaterial: [UInt8], secretMaterial: [UInt8]
}

struct KeyPage: Sendable {
    var items: [FoundKey]
    var cursor: [UInt8]
}

/// One operation.
struct CryptoItem: Sendable {
    var operation: CryptoOperation
    var mechanism: Mechanism
    var key: [UInt8]
    var input: [UInt8] = []
    var iv: [UInt8] = [], aad: [UInt8] = [], tag: [UInt8] = []
    var signature: [UInt8] = []
    var target: KeyTemplate?

    init(
        _ operation: CryptoOperation, _ mechanism: Mechanism, _ key: String, _ input: [UInt8] = []
    ) {
        self.operation = operation
        self.mechanism = mechanism
        self.key = Array(key.utf8)
        self.input = input
    }
}

struct CryptoAnswer: Sendable {
    var status: Status
    var output: [UInt8], iv: [UInt8], tag: [UInt8]
}

struct Capability: Sendable {
    var mechanism: UInt32
    var bits: ClosedRange<UInt32>
    var inputMax: UInt32
}

/// A slot as `slots` lists it.
struct SlotInfo: Sendable {
    var id: UInt64
    var label: String
    var flags: UInt32

    var isUsable: Bool { flags & 1 != 0 && flags & 4 != 0 }
}
