// Written by Tools/generate-kmip from Registry/registry.json; never edited.

/// KMIP enumeration "Adjustment Type".
public struct AdjustmentType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let increment = AdjustmentType(rawValue: 0x00000001)
    public static let decrement = AdjustmentType(rawValue: 0x00000002)
    public static let negate = AdjustmentType(rawValue: 0x00000003)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Increment"),
        (0x00000002, "Decrement"),
        (0x00000003, "Negate"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Alternative Name Type".
public struct AlternativeNameType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let uninterpretedTextString = AlternativeNameType(rawValue: 0x00000001)
    public static let uri = AlternativeNameType(rawValue: 0x00000002)
    public static let objectSerialNumber = AlternativeNameType(rawValue: 0x00000003)
    public static let emailAddress = AlternativeNameType(rawValue: 0x00000004)
    public static let dnsName = AlternativeNameType(rawValue: 0x00000005)
    public static let x500DistinguishedName = AlternativeNameType(rawValue: 0x00000006)
    public static let ipAddress = AlternativeNameType(rawValue: 0x00000007)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "UninterpretedTextString"),
        (0x00000002, "URI"),
        (0x00000003, "ObjectSerialNumber"),
        (0x00000004, "EmailAddress"),
        (0x00000005, "DNSName"),
        (0x00000006, "X_500DistinguishedName"),
        (0x00000007, "IPAddress"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Asynchronous Indicator".
public struct AsynchronousIndicator: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let mandatory = AsynchronousIndicator(rawValue: 0x00000001)
    public static let optional = AsynchronousIndicator(rawValue: 0x00000002)
    public static let prohibited = AsynchronousIndicator(rawValue: 0x00000003)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Mandatory"),
        (0x00000002, "Optional"),
        (0x00000003, "Prohibited"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Attestation Type".
public struct AttestationType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let tpmQuote = AttestationType(rawValue: 0x00000001)
    public static let tcgIntegrityReport = AttestationType(rawValue: 0x00000002)
    public static let samlAssertion = AttestationType(rawValue: 0x00000003)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "TPMQuote"),
        (0x00000002, "TCGIntegrityReport"),
        (0x00000003, "SAMLAssertion"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Batch Error Continuation Option".
public struct BatchErrorContinuationOption: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let `continue` = BatchErrorContinuationOption(rawValue: 0x00000001)
    public static let stop = BatchErrorContinuationOption(rawValue: 0x00000002)
    public static let undo = BatchErrorContinuationOption(rawValue: 0x00000003)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Continue"),
        (0x00000002, "Stop"),
        (0x00000003, "Undo"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Block Cipher Mode".
public struct BlockCipherMode: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let cbc = BlockCipherMode(rawValue: 0x00000001)
    public static let ecb = BlockCipherMode(rawValue: 0x00000002)
    public static let pcbc = BlockCipherMode(rawValue: 0x00000003)
    public static let cfb = BlockCipherMode(rawValue: 0x00000004)
    public static let ofb = BlockCipherMode(rawValue: 0x00000005)
    public static let ctr = BlockCipherMode(rawValue: 0x00000006)
    public static let cmac = BlockCipherMode(rawValue: 0x00000007)
    public static let ccm = BlockCipherMode(rawValue: 0x00000008)
    public static let gcm = BlockCipherMode(rawValue: 0x00000009)
    public static let cbcMAC = BlockCipherMode(rawValue: 0x0000000A)
    public static let xts = BlockCipherMode(rawValue: 0x0000000B)
    public static let aesKeyWrapPadding = BlockCipherMode(rawValue: 0x0000000C)
    public static let nistKeyWrap = BlockCipherMode(rawValue: 0x0000000D)
    public static let x9102AESKW = BlockCipherMode(rawValue: 0x0000000E)
    public static let x9102TDKW = BlockCipherMode(rawValue: 0x0000000F)
    public static let x9102AKW1 = BlockCipherMode(rawValue: 0x00000010)
    public static let x9102AKW2 = BlockCipherMode(rawValue: 0x00000011)
    public static let aead = BlockCipherMode(rawValue: 0x00000012)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "CBC"),
        (0x00000002, "ECB"),
        (0x00000003, "PCBC"),
        (0x00000004, "CFB"),
        (0x00000005, "OFB"),
        (0x00000006, "CTR"),
        (0x00000007, "CMAC"),
        (0x00000008, "CCM"),
        (0x00000009, "GCM"),
        (0x0000000A, "CBC_MAC"),
        (0x0000000B, "XTS"),
        (0x0000000C, "AESKeyWrapPadding"),
        (0x0000000D, "NISTKeyWrap"),
        (0x0000000E, "X9_102AESKW"),
        (0x0000000F, "X9_102TDKW"),
        (0x00000010, "X9_102AKW1"),
        (0x00000011, "X9_102AKW2"),
        (0x00000012, "AEAD"),
    ]

    public static let spellings = Spellings(names, cosmian: [(0x80000002, "GCMSIV")])
}

/// KMIP enumeration "Cancellation Result".
public struct CancellationResult: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let canceled = CancellationResult(rawValue: 0x00000001)
    public static let unableToCancel = CancellationResult(rawValue: 0x00000002)
    public static let completed = CancellationResult(rawValue: 0x00000003)
    public static let failed = CancellationResult(rawValue: 0x00000004)
    public static let unavailable = CancellationResult(rawValue: 0x00000005)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Canceled"),
        (0x00000002, "UnableToCancel"),
        (0x00000003, "Completed"),
        (0x00000004, "Failed"),
        (0x00000005, "Unavailable"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Certificate Request Type".
public struct CertificateRequestType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let crmf = CertificateRequestType(rawValue: 0x00000001)
    public static let pkcs10 = CertificateRequestType(rawValue: 0x00000002)
    public static let pem = CertificateRequestType(rawValue: 0x00000003)
    public static let pgp = CertificateRequestType(rawValue: 0x00000004)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "CRMF"),
        (0x00000002, "PKCS_10"),
        (0x00000003, "PEM"),
        (0x00000004, "PGP"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Certificate Type".
public struct CertificateType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let x509 = CertificateType(rawValue: 0x00000001)
    public static let pgp = CertificateType(rawValue: 0x00000002)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "X_509"),
        (0x00000002, "PGP"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Client Registration Method".
public struct ClientRegistrationMethod: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let unspecified = ClientRegistrationMethod(rawValue: 0x00000001)
    public static let serverPreGenerated = ClientRegistrationMethod(rawValue: 0x00000002)
    public static let serverOnDemand = ClientRegistrationMethod(rawValue: 0x00000003)
    public static let clientGenerated = ClientRegistrationMethod(rawValue: 0x00000004)
    public static let clientRegistered = ClientRegistrationMethod(rawValue: 0x00000005)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Unspecified"),
        (0x00000002, "ServerPreGenerated"),
        (0x00000003, "ServerOnDemand"),
        (0x00000004, "ClientGenerated"),
        (0x00000005, "ClientRegistered"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Credential Type".
public struct CredentialType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let usernameAndPassword = CredentialType(rawValue: 0x00000001)
    public static let device = CredentialType(rawValue: 0x00000002)
    public static let attestation = CredentialType(rawValue: 0x00000003)
    public static let oneTimePassword = CredentialType(rawValue: 0x00000004)
    public static let hashedPassword = CredentialType(rawValue: 0x00000005)
    public static let ticket = CredentialType(rawValue: 0x00000006)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "UsernameAndPassword"),
        (0x00000002, "Device"),
        (0x00000003, "Attestation"),
        (0x00000004, "OneTimePassword"),
        (0x00000005, "HashedPassword"),
        (0x00000006, "Ticket"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Cryptographic Algorithm".
public struct CryptographicAlgorithm: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let des = CryptographicAlgorithm(rawValue: 0x00000001)
    public static let des3 = CryptographicAlgorithm(rawValue: 0x00000002)
    public static let aes = CryptographicAlgorithm(rawValue: 0x00000003)
    public static let rsa = CryptographicAlgorithm(rawValue: 0x00000004)
    public static let dsa = CryptographicAlgorithm(rawValue: 0x00000005)
    public static let ecdsa = CryptographicAlgorithm(rawValue: 0x00000006)
    public static let hmacSHA1 = CryptographicAlgorithm(rawValue: 0x00000007)
    public static let hmacSHA224 = CryptographicAlgorithm(rawValue: 0x00000008)
    public static let hmacSHA256 = CryptographicAlgorithm(rawValue: 0x00000009)
    public static let hmacSHA384 = CryptographicAlgorithm(rawValue: 0x0000000A)
    public static let hmacSHA512 = CryptographicAlgorithm(rawValue: 0x0000000B)
    public static let hmacMD5 = CryptographicAlgorithm(rawValue: 0x0000000C)
    public static let dh = CryptographicAlgorithm(rawValue: 0x0000000D)
    public static let ecdh = CryptographicAlgorithm(rawValue: 0x0000000E)
    public static let ecmqv = CryptographicAlgorithm(rawValue: 0x0000000F)
    public static let blowfish = CryptographicAlgorithm(rawValue: 0x00000010)
    public static let camellia = CryptographicAlgorithm(rawValue: 0x00000011)
    public static let cast5 = CryptographicAlgorithm(rawValue: 0x00000012)
    public static let idea = CryptographicAlgorithm(rawValue: 0x00000013)
    public static let mars = CryptographicAlgorithm(rawValue: 0x00000014)
    public static let rc2 = CryptographicAlgorithm(rawValue: 0x00000015)
    public static let rc4 = CryptographicAlgorithm(rawValue: 0x00000016)
    public static let rc5 = CryptographicAlgorithm(rawValue: 0x00000017)
    public static let skipjack = CryptographicAlgorithm(rawValue: 0x00000018)
    public static let twofish = CryptographicAlgorithm(rawValue: 0x00000019)
    public static let ec = CryptographicAlgorithm(rawValue: 0x0000001A)
    public static let oneTimePad = CryptographicAlgorithm(rawValue: 0x0000001B)
    public static let chaCha20 = CryptographicAlgorithm(rawValue: 0x0000001C)
    public static let poly1305 = CryptographicAlgorithm(rawValue: 0x0000001D)
    public static let chaCha20Poly1305 = CryptographicAlgorithm(rawValue: 0x0000001E)
    public static let sha3224 = CryptographicAlgorithm(rawValue: 0x0000001F)
    public static let sha3256 = CryptographicAlgorithm(rawValue: 0x00000020)
    public static let sha3384 = CryptographicAlgorithm(rawValue: 0x00000021)
    public static let sha3512 = CryptographicAlgorithm(rawValue: 0x00000022)
    public static let hmacSHA3224 = CryptographicAlgorithm(rawValue: 0x00000023)
    public static let hmacSHA3256 = CryptographicAlgorithm(rawValue: 0x00000024)
    public static let hmacSHA3384 = CryptographicAlgorithm(rawValue: 0x00000025)
    public static let hmacSHA3512 = CryptographicAlgorithm(rawValue: 0x00000026)
    public static let shake128 = CryptographicAlgorithm(rawValue: 0x00000027)
    public static let shake256 = CryptographicAlgorithm(rawValue: 0x00000028)
    public static let aria = CryptographicAlgorithm(rawValue: 0x00000029)
    public static let seed = CryptographicAlgorithm(rawValue: 0x0000002A)
    public static let sm2 = CryptographicAlgorithm(rawValue: 0x0000002B)
    public static let sm3 = CryptographicAlgorithm(rawValue: 0x0000002C)
    public static let sm4 = CryptographicAlgorithm(rawValue: 0x0000002D)
    public static let gostr34102012 = CryptographicAlgorithm(rawValue: 0x0000002E)
    public static let gostr34112012 = CryptographicAlgorithm(rawValue: 0x0000002F)
    public static let gostr34132015 = CryptographicAlgorithm(rawValue: 0x00000030)
    public static let gost2814789 = CryptographicAlgorithm(rawValue: 0x00000031)
    public static let xmss = CryptographicAlgorithm(rawValue: 0x00000032)
    public static let sphincs256 = CryptographicAlgorithm(rawValue: 0x00000033)
    public static let mcEliece = CryptographicAlgorithm(rawValue: 0x00000034)
    public static let mcEliece6960119 = CryptographicAlgorithm(rawValue: 0x00000035)
    public static let mcEliece8192128 = CryptographicAlgorithm(rawValue: 0x00000036)
    public static let ed25519 = CryptographicAlgorithm(rawValue: 0x00000037)
    public static let ed448 = CryptographicAlgorithm(rawValue: 0x00000038)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "DES"),
        (0x00000002, "DES3"),
        (0x00000003, "AES"),
        (0x00000004, "RSA"),
        (0x00000005, "DSA"),
        (0x00000006, "ECDSA"),
        (0x00000007, "HMAC_SHA1"),
        (0x00000008, "HMAC_SHA224"),
        (0x00000009, "HMAC_SHA256"),
        (0x0000000A, "HMAC_SHA384"),
        (0x0000000B, "HMAC_SHA512"),
        (0x0000000C, "HMAC_MD5"),
        (0x0000000D, "DH"),
        (0x0000000E, "ECDH"),
        (0x0000000F, "ECMQV"),
        (0x00000010, "Blowfish"),
        (0x00000011, "Camellia"),
        (0x00000012, "CAST5"),
        (0x00000013, "IDEA"),
        (0x00000014, "MARS"),
        (0x00000015, "RC2"),
        (0x00000016, "RC4"),
        (0x00000017, "RC5"),
        (0x00000018, "SKIPJACK"),
        (0x00000019, "Twofish"),
        (0x0000001A, "EC"),
        (0x0000001B, "OneTimePad"),
        (0x0000001C, "ChaCha20"),
        (0x0000001D, "Poly1305"),
        (0x0000001E, "ChaCha20Poly1305"),
        (0x0000001F, "SHA3_224"),
        (0x00000020, "SHA3_256"),
        (0x00000021, "SHA3_384"),
        (0x00000022, "SHA3_512"),
        (0x00000023, "HMAC_SHA3_224"),
        (0x00000024, "HMAC_SHA3_256"),
        (0x00000025, "HMAC_SHA3_384"),
        (0x00000026, "HMAC_SHA3_512"),
        (0x00000027, "SHAKE_128"),
        (0x00000028, "SHAKE_256"),
        (0x00000029, "ARIA"),
        (0x0000002A, "SEED"),
        (0x0000002B, "SM2"),
        (0x0000002C, "SM3"),
        (0x0000002D, "SM4"),
        (0x0000002E, "GOSTR34_10_2012"),
        (0x0000002F, "GOSTR34_11_2012"),
        (0x00000030, "GOSTR34_13_2015"),
        (0x00000031, "GOST28147_89"),
        (0x00000032, "XMSS"),
        (0x00000033, "SPHINCS_256"),
        (0x00000034, "McEliece"),
        (0x00000035, "McEliece_6960119"),
        (0x00000036, "McEliece_8192128"),
        (0x00000037, "Ed25519"),
        (0x00000038, "Ed448"),
    ]

    public static let spellings = Spellings(names, cosmian: [(0x00000002, "THREE_DES"), (0x00000033, "SPHINCS_256"), (0x00000034, "Page166Of230McEliece"), (0x80000001, "CoverCrypt"), (0x80000002, "CoverCryptBulk")])
}

/// KMIP enumeration "DRBG Algorithm".
public struct DRBGAlgorithm: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let unspecified = DRBGAlgorithm(rawValue: 0x00000001)
    public static let dualEC = DRBGAlgorithm(rawValue: 0x00000002)
    public static let hash = DRBGAlgorithm(rawValue: 0x00000003)
    public static let hmac = DRBGAlgorithm(rawValue: 0x00000004)
    public static let ctr = DRBGAlgorithm(rawValue: 0x00000005)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Unspecified"),
        (0x00000002, "Dual_EC"),
        (0x00000003, "Hash"),
        (0x00000004, "HMAC"),
        (0x00000005, "CTR"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Derivation Method".
public struct DerivationMethod: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let pbkdf2 = DerivationMethod(rawValue: 0x00000001)
    public static let hash = DerivationMethod(rawValue: 0x00000002)
    public static let hmac = DerivationMethod(rawValue: 0x00000003)
    public static let encrypt = DerivationMethod(rawValue: 0x00000004)
    public static let nist800108C = DerivationMethod(rawValue: 0x00000005)
    public static let nist800108F = DerivationMethod(rawValue: 0x00000006)
    public static let nist800108DPI = DerivationMethod(rawValue: 0x00000007)
    public static let asymmetricKey = DerivationMethod(rawValue: 0x00000008)
    public static let awsSignatureVersion4 = DerivationMethod(rawValue: 0x00000009)
    public static let hkdf = DerivationMethod(rawValue: 0x0000000A)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "PBKDF2"),
        (0x00000002, "HASH"),
        (0x00000003, "HMAC"),
        (0x00000004, "ENCRYPT"),
        (0x00000005, "NIST800_108_C"),
        (0x00000006, "NIST800_108_F"),
        (0x00000007, "NIST800_108_DPI"),
        (0x00000008, "AsymmetricKey"),
        (0x00000009, "AWSSignatureVersion4"),
        (0x0000000A, "HKDF"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Destroy Action".
public struct DestroyAction: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let unspecified = DestroyAction(rawValue: 0x00000001)
    public static let keyMaterialDeleted = DestroyAction(rawValue: 0x00000002)
    public static let keyMaterialShredded = DestroyAction(rawValue: 0x00000003)
    public static let metaDataDeleted = DestroyAction(rawValue: 0x00000004)
    public static let metaDataShredded = DestroyAction(rawValue: 0x00000005)
    public static let deleted = DestroyAction(rawValue: 0x00000006)
    public static let shredded = DestroyAction(rawValue: 0x00000007)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Unspecified"),
        (0x00000002, "KeyMaterialDeleted"),
        (0x00000003, "KeyMaterialShredded"),
        (0x00000004, "MetaDataDeleted"),
        (0x00000005, "MetaDataShredded"),
        (0x00000006, "Deleted"),
        (0x00000007, "Shredded"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Digital Signature Algorithm".
public struct DigitalSignatureAlgorithm: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let md2WithRSAEncryption = DigitalSignatureAlgorithm(rawValue: 0x00000001)
    public static let md5WithRSAEncryption = DigitalSignatureAlgorithm(rawValue: 0x00000002)
    public static let sha1WithRSAEncryption = DigitalSignatureAlgorithm(rawValue: 0x00000003)
    public static let sha224WithRSAEncryption = DigitalSignatureAlgorithm(rawValue: 0x00000004)
    public static let sha256WithRSAEncryption = DigitalSignatureAlgorithm(rawValue: 0x00000005)
    public static let sha384WithRSAEncryption = DigitalSignatureAlgorithm(rawValue: 0x00000006)
    public static let sha512WithRSAEncryption = DigitalSignatureAlgorithm(rawValue: 0x00000007)
    public static let rsassaPSS = DigitalSignatureAlgorithm(rawValue: 0x00000008)
    public static let dsaWithSHA1 = DigitalSignatureAlgorithm(rawValue: 0x00000009)
    public static let dsaWithSHA224 = DigitalSignatureAlgorithm(rawValue: 0x0000000A)
    public static let dsaWithSHA256 = DigitalSignatureAlgorithm(rawValue: 0x0000000B)
    public static let ecdsaWithSHA1 = DigitalSignatureAlgorithm(rawValue: 0x0000000C)
    public static let ecdsaWithSHA224 = DigitalSignatureAlgorithm(rawValue: 0x0000000D)
    public static let ecdsaWithSHA256 = DigitalSignatureAlgorithm(rawValue: 0x0000000E)
    public static let ecdsaWithSHA384 = DigitalSignatureAlgorithm(rawValue: 0x0000000F)
    public static let ecdsaWithSHA512 = DigitalSignatureAlgorithm(rawValue: 0x00000010)
    public static let sha3256WithRSAEncryption = DigitalSignatureAlgorithm(rawValue: 0x00000011)
    public static let sha3384WithRSAEncryption = DigitalSignatureAlgorithm(rawValue: 0x00000012)
    public static let sha3512WithRSAEncryption = DigitalSignatureAlgorithm(rawValue: 0x00000013)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "MD2WithRSAEncryption"),
        (0x00000002, "MD5WithRSAEncryption"),
        (0x00000003, "SHA_1WithRSAEncryption"),
        (0x00000004, "SHA_224WithRSAEncryption"),
        (0x00000005, "SHA_256WithRSAEncryption"),
        (0x00000006, "SHA_384WithRSAEncryption"),
        (0x00000007, "SHA_512WithRSAEncryption"),
        (0x00000008, "RSASSA_PSS"),
        (0x00000009, "DSAWithSHA_1"),
        (0x0000000A, "DSAWithSHA224"),
        (0x0000000B, "DSAWithSHA256"),
        (0x0000000C, "ECDSAWithSHA_1"),
        (0x0000000D, "ECDSAWithSHA224"),
        (0x0000000E, "ECDSAWithSHA256"),
        (0x0000000F, "ECDSAWithSHA384"),
        (0x00000010, "ECDSAWithSHA512"),
        (0x00000011, "SHA3_256WithRSAEncryption"),
        (0x00000012, "SHA3_384WithRSAEncryption"),
        (0x00000013, "SHA3_512WithRSAEncryption"),
    ]

    public static let spellings = Spellings(names, aliases: [(0x00000001, "MD2WithRSAEncryptionPKCS_1V1_5"), (0x00000002, "MD5WithRSAEncryptionPKCS_1V1_5"), (0x00000003, "SHA_1WithRSAEncryptionPKCS_1V1_5"), (0x00000004, "SHA_224WithRSAEncryptionPKCS_1V1_5"), (0x00000005, "SHA_256WithRSAEncryptionPKCS_1V1_5"), (0x00000006, "SHA_384WithRSAEncryptionPKCS_1V1_5"), (0x00000007, "SHA_512WithRSAEncryptionPKCS_1V1_5"), (0x00000008, "RSASSA_PSSPKCS_1V2_1")])
}

/// KMIP enumeration "Encoding Option".
public struct EncodingOption: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let noEncoding = EncodingOption(rawValue: 0x00000001)
    public static let ttlvEncoding = EncodingOption(rawValue: 0x00000002)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "NoEncoding"),
        (0x00000002, "TTLVEncoding"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Endpoint Role".
public struct EndpointRole: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let client = EndpointRole(rawValue: 0x00000001)
    public static let server = EndpointRole(rawValue: 0x00000002)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Client"),
        (0x00000002, "Server"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "FIPS186 Variation".
public struct FIPS186Variation: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let unspecified = FIPS186Variation(rawValue: 0x00000001)
    public static let gpxOriginal = FIPS186Variation(rawValue: 0x00000002)
    public static let gpxChangeNotice = FIPS186Variation(rawValue: 0x00000003)
    public static let xOriginal = FIPS186Variation(rawValue: 0x00000004)
    public static let xChangeNotice = FIPS186Variation(rawValue: 0x00000005)
    public static let kOriginal = FIPS186Variation(rawValue: 0x00000006)
    public static let kChangeNotice = FIPS186Variation(rawValue: 0x00000007)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Unspecified"),
        (0x00000002, "GPXOriginal"),
        (0x00000003, "GPXChangeNotice"),
        (0x00000004, "XOriginal"),
        (0x00000005, "XChangeNotice"),
        (0x00000006, "KOriginal"),
        (0x00000007, "KChangeNotice"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Hashing Algorithm".
public struct HashingAlgorithm: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let md2 = HashingAlgorithm(rawValue: 0x00000001)
    public static let md4 = HashingAlgorithm(rawValue: 0x00000002)
    public static let md5 = HashingAlgorithm(rawValue: 0x00000003)
    public static let sha1 = HashingAlgorithm(rawValue: 0x00000004)
    public static let sha224 = HashingAlgorithm(rawValue: 0x00000005)
    public static let sha256 = HashingAlgorithm(rawValue: 0x00000006)
    public static let sha384 = HashingAlgorithm(rawValue: 0x00000007)
    public static let sha512 = HashingAlgorithm(rawValue: 0x00000008)
    public static let ripemd160 = HashingAlgorithm(rawValue: 0x00000009)
    public static let tiger = HashingAlgorithm(rawValue: 0x0000000A)
    public static let whirlpool = HashingAlgorithm(rawValue: 0x0000000B)
    public static let sha512224 = HashingAlgorithm(rawValue: 0x0000000C)
    public static let sha512256 = HashingAlgorithm(rawValue: 0x0000000D)
    public static let sha3224 = HashingAlgorithm(rawValue: 0x0000000E)
    public static let sha3256 = HashingAlgorithm(rawValue: 0x0000000F)
    public static let sha3384 = HashingAlgorithm(rawValue: 0x00000010)
    public static let sha3512 = HashingAlgorithm(rawValue: 0x00000011)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "MD2"),
        (0x00000002, "MD4"),
        (0x00000003, "MD5"),
        (0x00000004, "SHA_1"),
        (0x00000005, "SHA_224"),
        (0x00000006, "SHA_256"),
        (0x00000007, "SHA_384"),
        (0x00000008, "SHA_512"),
        (0x00000009, "RIPEMD_160"),
        (0x0000000A, "Tiger"),
        (0x0000000B, "Whirlpool"),
        (0x0000000C, "SHA_512_224"),
        (0x0000000D, "SHA_512_256"),
        (0x0000000E, "SHA3_224"),
        (0x0000000F, "SHA3_256"),
        (0x00000010, "SHA3_384"),
        (0x00000011, "SHA3_512"),
    ]

    public static let spellings = Spellings(names, cosmian: [(0x00000009, "RIPEMD_160")], aliases: [(0x0000000E, "SHA_3_224"), (0x0000000F, "SHA_3_256"), (0x00000010, "SHA_3_384"), (0x00000011, "SHA_3_512")])
}

/// KMIP enumeration "Interop Function".
public struct InteropFunction: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let begin = InteropFunction(rawValue: 0x00000001)
    public static let end = InteropFunction(rawValue: 0x00000002)
    public static let reset = InteropFunction(rawValue: 0x00000003)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Begin"),
        (0x00000002, "End"),
        (0x00000003, "Reset"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Key Compression Type".
public struct KeyCompressionType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let ecPublicKeyTypeUncompressed = KeyCompressionType(rawValue: 0x00000001)
    public static let ecPublicKeyTypeX962CompressedPrime = KeyCompressionType(rawValue: 0x00000002)
    public static let ecPublicKeyTypeX962CompressedChar2 = KeyCompressionType(rawValue: 0x00000003)
    public static let ecPublicKeyTypeX962Hybrid = KeyCompressionType(rawValue: 0x00000004)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "ECPublicKeyTypeUncompressed"),
        (0x00000002, "ECPublicKeyTypeX9_62CompressedPrime"),
        (0x00000003, "ECPublicKeyTypeX9_62CompressedChar2"),
        (0x00000004, "ECPublicKeyTypeX9_62Hybrid"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Key Format Type".
public struct KeyFormatType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let raw = KeyFormatType(rawValue: 0x00000001)
    public static let opaque = KeyFormatType(rawValue: 0x00000002)
    public static let pkcs1 = KeyFormatType(rawValue: 0x00000003)
    public static let pkcs8 = KeyFormatType(rawValue: 0x00000004)
    public static let x509 = KeyFormatType(rawValue: 0x00000005)
    public static let ecPrivateKey = KeyFormatType(rawValue: 0x00000006)
    public static let transparentSymmetricKey = KeyFormatType(rawValue: 0x00000007)
    public static let transparentDSAPrivateKey = KeyFormatType(rawValue: 0x00000008)
    public static let transparentDSAPublicKey = KeyFormatType(rawValue: 0x00000009)
    public static let transparentRSAPrivateKey = KeyFormatType(rawValue: 0x0000000A)
    public static let transparentRSAPublicKey = KeyFormatType(rawValue: 0x0000000B)
    public static let transparentDHPrivateKey = KeyFormatType(rawValue: 0x0000000C)
    public static let transparentDHPublicKey = KeyFormatType(rawValue: 0x0000000D)
    public static let transparentECDSAPrivateKey = KeyFormatType(rawValue: 0x0000000E)
    public static let transparentECDSAPublicKey = KeyFormatType(rawValue: 0x0000000F)
    public static let transparentECDHPrivateKey = KeyFormatType(rawValue: 0x00000010)
    public static let transparentECDHPublicKey = KeyFormatType(rawValue: 0x00000011)
    public static let transparentECMQVPrivateKey = KeyFormatType(rawValue: 0x00000012)
    public static let transparentECMQVPublicKey = KeyFormatType(rawValue: 0x00000013)
    public static let transparentECPrivateKey = KeyFormatType(rawValue: 0x00000014)
    public static let transparentECPublicKey = KeyFormatType(rawValue: 0x00000015)
    public static let pkcs12 = KeyFormatType(rawValue: 0x00000016)
    public static let pkcs10 = KeyFormatType(rawValue: 0x00000017)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Raw"),
        (0x00000002, "Opaque"),
        (0x00000003, "PKCS_1"),
        (0x00000004, "PKCS_8"),
        (0x00000005, "X_509"),
        (0x00000006, "ECPrivateKey"),
        (0x00000007, "TransparentSymmetricKey"),
        (0x00000008, "TransparentDSAPrivateKey"),
        (0x00000009, "TransparentDSAPublicKey"),
        (0x0000000A, "TransparentRSAPrivateKey"),
        (0x0000000B, "TransparentRSAPublicKey"),
        (0x0000000C, "TransparentDHPrivateKey"),
        (0x0000000D, "TransparentDHPublicKey"),
        (0x0000000E, "TransparentECDSAPrivateKey"),
        (0x0000000F, "TransparentECDSAPublicKey"),
        (0x00000010, "TransparentECDHPrivateKey"),
        (0x00000011, "TransparentECDHPublicKey"),
        (0x00000012, "TransparentECMQVPrivateKey"),
        (0x00000013, "TransparentECMQVPublicKey"),
        (0x00000014, "TransparentECPrivateKey"),
        (0x00000015, "TransparentECPublicKey"),
        (0x00000016, "PKCS_12"),
        (0x00000017, "PKCS_10"),
    ]

    public static let spellings = Spellings(names, cosmian: [(0x80000001, "Pkcs12Legacy"), (0x80000002, "PKCS7"), (0x80000003, "EnclaveECKeyPair"), (0x80000004, "EnclaveECSharedKey"), (0x80000005, "CoverCryptSecretKey"), (0x80000006, "CoverCryptPublicKey")])
}

/// KMIP enumeration "Key Role Type".
public struct KeyRoleType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let bdk = KeyRoleType(rawValue: 0x00000001)
    public static let cvk = KeyRoleType(rawValue: 0x00000002)
    public static let dek = KeyRoleType(rawValue: 0x00000003)
    public static let mkac = KeyRoleType(rawValue: 0x00000004)
    public static let mksmc = KeyRoleType(rawValue: 0x00000005)
    public static let mksmi = KeyRoleType(rawValue: 0x00000006)
    public static let mkdac = KeyRoleType(rawValue: 0x00000007)
    public static let mkdn = KeyRoleType(rawValue: 0x00000008)
    public static let mkcp = KeyRoleType(rawValue: 0x00000009)
    public static let mkoth = KeyRoleType(rawValue: 0x0000000A)
    public static let kek = KeyRoleType(rawValue: 0x0000000B)
    public static let mac16609 = KeyRoleType(rawValue: 0x0000000C)
    public static let mac97971 = KeyRoleType(rawValue: 0x0000000D)
    public static let mac97972 = KeyRoleType(rawValue: 0x0000000E)
    public static let mac97973 = KeyRoleType(rawValue: 0x0000000F)
    public static let mac97974 = KeyRoleType(rawValue: 0x00000010)
    public static let mac97975 = KeyRoleType(rawValue: 0x00000011)
    public static let zpk = KeyRoleType(rawValue: 0x00000012)
    public static let pvkibm = KeyRoleType(rawValue: 0x00000013)
    public static let pvkpvv = KeyRoleType(rawValue: 0x00000014)
    public static let pvkoth = KeyRoleType(rawValue: 0x00000015)
    public static let dukpt = KeyRoleType(rawValue: 0x00000016)
    public static let iv = KeyRoleType(rawValue: 0x00000017)
    public static let trkbk = KeyRoleType(rawValue: 0x00000018)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "BDK"),
        (0x00000002, "CVK"),
        (0x00000003, "DEK"),
        (0x00000004, "MKAC"),
        (0x00000005, "MKSMC"),
        (0x00000006, "MKSMI"),
        (0x00000007, "MKDAC"),
        (0x00000008, "MKDN"),
        (0x00000009, "MKCP"),
        (0x0000000A, "MKOTH"),
        (0x0000000B, "KEK"),
        (0x0000000C, "MAC16609"),
        (0x0000000D, "MAC97971"),
        (0x0000000E, "MAC97972"),
        (0x0000000F, "MAC97973"),
        (0x00000010, "MAC97974"),
        (0x00000011, "MAC97975"),
        (0x00000012, "ZPK"),
        (0x00000013, "PVKIBM"),
        (0x00000014, "PVKPVV"),
        (0x00000015, "PVKOTH"),
        (0x00000016, "DUKPT"),
        (0x00000017, "IV"),
        (0x00000018, "TRKBK"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Key Value Location Type".
public struct KeyValueLocationType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let uninterpretedTextString = KeyValueLocationType(rawValue: 0x00000001)
    public static let uri = KeyValueLocationType(rawValue: 0x00000002)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "UninterpretedTextString"),
        (0x00000002, "URI"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Key Wrap Type".
public struct KeyWrapType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let notWrapped = KeyWrapType(rawValue: 0x00000001)
    public static let asRegistered = KeyWrapType(rawValue: 0x00000002)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "NotWrapped"),
        (0x00000002, "AsRegistered"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Link Type".
public struct LinkType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let certificateLink = LinkType(rawValue: 0x00000101)
    public static let publicKeyLink = LinkType(rawValue: 0x00000102)
    public static let privateKeyLink = LinkType(rawValue: 0x00000103)
    public static let derivationBaseObjectLink = LinkType(rawValue: 0x00000104)
    public static let derivedKeyLink = LinkType(rawValue: 0x00000105)
    public static let replacementObjectLink = LinkType(rawValue: 0x00000106)
    public static let replacedObjectLink = LinkType(rawValue: 0x00000107)
    public static let parentLink = LinkType(rawValue: 0x00000108)
    public static let childLink = LinkType(rawValue: 0x00000109)
    public static let previousLink = LinkType(rawValue: 0x0000010A)
    public static let nextLink = LinkType(rawValue: 0x0000010B)
    public static let pkcs12CertificateLink = LinkType(rawValue: 0x0000010C)
    public static let pkcs12PasswordLink = LinkType(rawValue: 0x0000010D)
    public static let wrappingKeyLink = LinkType(rawValue: 0x0000010E)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000101, "CertificateLink"),
        (0x00000102, "PublicKeyLink"),
        (0x00000103, "PrivateKeyLink"),
        (0x00000104, "DerivationBaseObjectLink"),
        (0x00000105, "DerivedKeyLink"),
        (0x00000106, "ReplacementObjectLink"),
        (0x00000107, "ReplacedObjectLink"),
        (0x00000108, "ParentLink"),
        (0x00000109, "ChildLink"),
        (0x0000010A, "PreviousLink"),
        (0x0000010B, "NextLink"),
        (0x0000010C, "PKCS_12CertificateLink"),
        (0x0000010D, "PKCS_12PasswordLink"),
        (0x0000010E, "WrappingKeyLink"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Mask Generator".
public struct MaskGenerator: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let mgf1 = MaskGenerator(rawValue: 0x00000001)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "MGF1"),
    ]

    public static let spellings = Spellings(names, aliases: [(0x00000001, "MFG1")])
}

/// KMIP enumeration "NIST Key Type".
public struct NISTKeyType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let privateSignatureKey = NISTKeyType(rawValue: 0x00000001)
    public static let publicSignatureVerificationKey = NISTKeyType(rawValue: 0x00000002)
    public static let symmetricAuthenticationKey = NISTKeyType(rawValue: 0x00000003)
    public static let privateAuthenticationKey = NISTKeyType(rawValue: 0x00000004)
    public static let publicAuthenticationKey = NISTKeyType(rawValue: 0x00000005)
    public static let symmetricDataEncryptionKey = NISTKeyType(rawValue: 0x00000006)
    public static let symmetricKeyWrappingKey = NISTKeyType(rawValue: 0x00000007)
    public static let symmetricRandomNumberGenerationKey = NISTKeyType(rawValue: 0x00000008)
    public static let symmetricMasterKey = NISTKeyType(rawValue: 0x00000009)
    public static let privateKeyTransportKey = NISTKeyType(rawValue: 0x0000000A)
    public static let publicKeyTransportKey = NISTKeyType(rawValue: 0x0000000B)
    public static let symmetricKeyAgreementKey = NISTKeyType(rawValue: 0x0000000C)
    public static let privateStaticKeyAgreementKey = NISTKeyType(rawValue: 0x0000000D)
    public static let publicStaticKeyAgreementKey = NISTKeyType(rawValue: 0x0000000E)
    public static let privateEphemeralKeyAgreementKey = NISTKeyType(rawValue: 0x0000000F)
    public static let publicEphemeralKeyAgreementKey = NISTKeyType(rawValue: 0x00000010)
    public static let symmetricAuthorizationKey = NISTKeyType(rawValue: 0x00000011)
    public static let privateAuthorizationKey = NISTKeyType(rawValue: 0x00000012)
    public static let publicAuthorizationKey = NISTKeyType(rawValue: 0x00000013)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "PrivateSignatureKey"),
        (0x00000002, "PublicSignatureVerificationKey"),
        (0x00000003, "SymmetricAuthenticationKey"),
        (0x00000004, "PrivateAuthenticationKey"),
        (0x00000005, "PublicAuthenticationKey"),
        (0x00000006, "SymmetricDataEncryptionKey"),
        (0x00000007, "SymmetricKeyWrappingKey"),
        (0x00000008, "SymmetricRandomNumberGenerationKey"),
        (0x00000009, "SymmetricMasterKey"),
        (0x0000000A, "PrivateKeyTransportKey"),
        (0x0000000B, "PublicKeyTransportKey"),
        (0x0000000C, "SymmetricKeyAgreementKey"),
        (0x0000000D, "PrivateStaticKeyAgreementKey"),
        (0x0000000E, "PublicStaticKeyAgreementKey"),
        (0x0000000F, "PrivateEphemeralKeyAgreementKey"),
        (0x00000010, "PublicEphemeralKeyAgreementKey"),
        (0x00000011, "SymmetricAuthorizationKey"),
        (0x00000012, "PrivateAuthorizationKey"),
        (0x00000013, "PublicAuthorizationKey"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Name Type".
public struct NameType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let uninterpretedTextString = NameType(rawValue: 0x00000001)
    public static let uri = NameType(rawValue: 0x00000002)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "UninterpretedTextString"),
        (0x00000002, "URI"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Object Group Member".
public struct ObjectGroupMember: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let groupMemberFresh = ObjectGroupMember(rawValue: 0x00000001)
    public static let groupMemberDefault = ObjectGroupMember(rawValue: 0x00000002)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "GroupMemberFresh"),
        (0x00000002, "GroupMemberDefault"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Object Type".
public struct ObjectType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let certificate = ObjectType(rawValue: 0x00000001)
    public static let symmetricKey = ObjectType(rawValue: 0x00000002)
    public static let publicKey = ObjectType(rawValue: 0x00000003)
    public static let privateKey = ObjectType(rawValue: 0x00000004)
    public static let splitKey = ObjectType(rawValue: 0x00000005)
    public static let template = ObjectType(rawValue: 0x00000006)
    public static let secretData = ObjectType(rawValue: 0x00000007)
    public static let opaqueObject = ObjectType(rawValue: 0x00000008)
    public static let pgpKey = ObjectType(rawValue: 0x00000009)
    public static let certificateRequest = ObjectType(rawValue: 0x0000000A)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Certificate"),
        (0x00000002, "SymmetricKey"),
        (0x00000003, "PublicKey"),
        (0x00000004, "PrivateKey"),
        (0x00000005, "SplitKey"),
        (0x00000006, "Template"),
        (0x00000007, "SecretData"),
        (0x00000008, "OpaqueObject"),
        (0x00000009, "PGPKey"),
        (0x0000000A, "CertificateRequest"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Opaque Data Type".
public struct OpaqueDataType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }



    public static let names: [(value: UInt32, name: StaticString)] = [

    ]

    public static let spellings = Spellings(names, cosmian: [(0x80000001, "Unknown"), (0x80000002, "Vendor")])
}

/// KMIP enumeration "Operation".
public struct Operation: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let create = Operation(rawValue: 0x00000001)
    public static let createKeyPair = Operation(rawValue: 0x00000002)
    public static let register = Operation(rawValue: 0x00000003)
    public static let reKey = Operation(rawValue: 0x00000004)
    public static let deriveKey = Operation(rawValue: 0x00000005)
    public static let certify = Operation(rawValue: 0x00000006)
    public static let reCertify = Operation(rawValue: 0x00000007)
    public static let locate = Operation(rawValue: 0x00000008)
    public static let check = Operation(rawValue: 0x00000009)
    public static let get = Operation(rawValue: 0x0000000A)
    public static let getAttributes = Operation(rawValue: 0x0000000B)
    public static let getAttributeList = Operation(rawValue: 0x0000000C)
    public static let addAttribute = Operation(rawValue: 0x0000000D)
    public static let modifyAttribute = Operation(rawValue: 0x0000000E)
    public static let deleteAttribute = Operation(rawValue: 0x0000000F)
    public static let obtainLease = Operation(rawValue: 0x00000010)
    public static let getUsageAllocation = Operation(rawValue: 0x00000011)
    public static let activate = Operation(rawValue: 0x00000012)
    public static let revoke = Operation(rawValue: 0x00000013)
    public static let destroy = Operation(rawValue: 0x00000014)
    public static let archive = Operation(rawValue: 0x00000015)
    public static let recover = Operation(rawValue: 0x00000016)
    public static let validate = Operation(rawValue: 0x00000017)
    public static let query = Operation(rawValue: 0x00000018)
    public static let cancel = Operation(rawValue: 0x00000019)
    public static let poll = Operation(rawValue: 0x0000001A)
    public static let notify = Operation(rawValue: 0x0000001B)
    public static let put = Operation(rawValue: 0x0000001C)
    public static let reKeyKeyPair = Operation(rawValue: 0x0000001D)
    public static let discoverVersions = Operation(rawValue: 0x0000001E)
    public static let encrypt = Operation(rawValue: 0x0000001F)
    public static let decrypt = Operation(rawValue: 0x00000020)
    public static let sign = Operation(rawValue: 0x00000021)
    public static let signatureVerify = Operation(rawValue: 0x00000022)
    public static let mac = Operation(rawValue: 0x00000023)
    public static let macVerify = Operation(rawValue: 0x00000024)
    public static let rngRetrieve = Operation(rawValue: 0x00000025)
    public static let rngSeed = Operation(rawValue: 0x00000026)
    public static let hash = Operation(rawValue: 0x00000027)
    public static let createSplitKey = Operation(rawValue: 0x00000028)
    public static let joinSplitKey = Operation(rawValue: 0x00000029)
    public static let `import` = Operation(rawValue: 0x0000002A)
    public static let export = Operation(rawValue: 0x0000002B)
    public static let log = Operation(rawValue: 0x0000002C)
    public static let login = Operation(rawValue: 0x0000002D)
    public static let logout = Operation(rawValue: 0x0000002E)
    public static let delegatedLogin = Operation(rawValue: 0x0000002F)
    public static let adjustAttribute = Operation(rawValue: 0x00000030)
    public static let setAttribute = Operation(rawValue: 0x00000031)
    public static let setEndpointRole = Operation(rawValue: 0x00000032)
    public static let pkcs11 = Operation(rawValue: 0x00000033)
    public static let interop = Operation(rawValue: 0x00000034)
    public static let reProvision = Operation(rawValue: 0x00000035)
    public static let setDefaults = Operation(rawValue: 0x00000036)
    public static let setConstraints = Operation(rawValue: 0x00000037)
    public static let getConstraints = Operation(rawValue: 0x00000038)
    public static let queryAsynchronousRequests = Operation(rawValue: 0x00000039)
    public static let process = Operation(rawValue: 0x0000003A)
    public static let ping = Operation(rawValue: 0x0000003B)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Create"),
        (0x00000002, "CreateKeyPair"),
        (0x00000003, "Register"),
        (0x00000004, "ReKey"),
        (0x00000005, "DeriveKey"),
        (0x00000006, "Certify"),
        (0x00000007, "ReCertify"),
        (0x00000008, "Locate"),
        (0x00000009, "Check"),
        (0x0000000A, "Get"),
        (0x0000000B, "GetAttributes"),
        (0x0000000C, "GetAttributeList"),
        (0x0000000D, "AddAttribute"),
        (0x0000000E, "ModifyAttribute"),
        (0x0000000F, "DeleteAttribute"),
        (0x00000010, "ObtainLease"),
        (0x00000011, "GetUsageAllocation"),
        (0x00000012, "Activate"),
        (0x00000013, "Revoke"),
        (0x00000014, "Destroy"),
        (0x00000015, "Archive"),
        (0x00000016, "Recover"),
        (0x00000017, "Validate"),
        (0x00000018, "Query"),
        (0x00000019, "Cancel"),
        (0x0000001A, "Poll"),
        (0x0000001B, "Notify"),
        (0x0000001C, "Put"),
        (0x0000001D, "ReKeyKeyPair"),
        (0x0000001E, "DiscoverVersions"),
        (0x0000001F, "Encrypt"),
        (0x00000020, "Decrypt"),
        (0x00000021, "Sign"),
        (0x00000022, "SignatureVerify"),
        (0x00000023, "MAC"),
        (0x00000024, "MACVerify"),
        (0x00000025, "RNGRetrieve"),
        (0x00000026, "RNGSeed"),
        (0x00000027, "Hash"),
        (0x00000028, "CreateSplitKey"),
        (0x00000029, "JoinSplitKey"),
        (0x0000002A, "Import"),
        (0x0000002B, "Export"),
        (0x0000002C, "Log"),
        (0x0000002D, "Login"),
        (0x0000002E, "Logout"),
        (0x0000002F, "DelegatedLogin"),
        (0x00000030, "AdjustAttribute"),
        (0x00000031, "SetAttribute"),
        (0x00000032, "SetEndpointRole"),
        (0x00000033, "PKCS_11"),
        (0x00000034, "Interop"),
        (0x00000035, "ReProvision"),
        (0x00000036, "SetDefaults"),
        (0x00000037, "SetConstraints"),
        (0x00000038, "GetConstraints"),
        (0x00000039, "QueryAsynchronousRequests"),
        (0x0000003A, "Process"),
        (0x0000003B, "Ping"),
    ]

    public static let spellings = Spellings(names, cosmian: [(0x00000004, "Rekey"), (0x0000001D, "RekeyKeyPair")])
}

/// KMIP enumeration "PKCS#11 Function".
public struct PKCS11Function: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let cInitialize = PKCS11Function(rawValue: 0x00000001)
    public static let cFinalize = PKCS11Function(rawValue: 0x00000002)
    public static let cGetInfo = PKCS11Function(rawValue: 0x00000003)
    public static let cGetFunctionList = PKCS11Function(rawValue: 0x00000004)
    public static let cGetSlotList = PKCS11Function(rawValue: 0x00000005)
    public static let cGetSlotInfo = PKCS11Function(rawValue: 0x00000006)
    public static let cGetTokenInfo = PKCS11Function(rawValue: 0x00000007)
    public static let cGetMechanismList = PKCS11Function(rawValue: 0x00000008)
    public static let cGetMechanismInfo = PKCS11Function(rawValue: 0x00000009)
    public static let cInitToken = PKCS11Function(rawValue: 0x0000000A)
    public static let cInitPIN = PKCS11Function(rawValue: 0x0000000B)
    public static let cSetPIN = PKCS11Function(rawValue: 0x0000000C)
    public static let cOpenSession = PKCS11Function(rawValue: 0x0000000D)
    public static let cCloseSession = PKCS11Function(rawValue: 0x0000000E)
    public static let cCloseAllSessions = PKCS11Function(rawValue: 0x0000000F)
    public static let cGetSessionInfo = PKCS11Function(rawValue: 0x00000010)
    public static let cGetOperationState = PKCS11Function(rawValue: 0x00000011)
    public static let cSetOperationState = PKCS11Function(rawValue: 0x00000012)
    public static let cLogin = PKCS11Function(rawValue: 0x00000013)
    public static let cLogout = PKCS11Function(rawValue: 0x00000014)
    public static let cCreateObject = PKCS11Function(rawValue: 0x00000015)
    public static let cCopyObject = PKCS11Function(rawValue: 0x00000016)
    public static let cDestroyObject = PKCS11Function(rawValue: 0x00000017)
    public static let cGetObjectSize = PKCS11Function(rawValue: 0x00000018)
    public static let cGetAttributeValue = PKCS11Function(rawValue: 0x00000019)
    public static let cSetAttributeValue = PKCS11Function(rawValue: 0x0000001A)
    public static let cFindObjectsInit = PKCS11Function(rawValue: 0x0000001B)
    public static let cFindObjects = PKCS11Function(rawValue: 0x0000001C)
    public static let cFindObjectsFinal = PKCS11Function(rawValue: 0x0000001D)
    public static let cEncryptInit = PKCS11Function(rawValue: 0x0000001E)
    public static let cEncrypt = PKCS11Function(rawValue: 0x0000001F)
    public static let cEncryptUpdate = PKCS11Function(rawValue: 0x00000020)
    public static let cEncryptFinal = PKCS11Function(rawValue: 0x00000021)
    public static let cDecryptInit = PKCS11Function(rawValue: 0x00000022)
    public static let cDecrypt = PKCS11Function(rawValue: 0x00000023)
    public static let cDecryptUpdate = PKCS11Function(rawValue: 0x00000024)
    public static let cDecryptFinal = PKCS11Function(rawValue: 0x00000025)
    public static let cDigestInit = PKCS11Function(rawValue: 0x00000026)
    public static let cDigest = PKCS11Function(rawValue: 0x00000027)
    public static let cDigestUpdate = PKCS11Function(rawValue: 0x00000028)
    public static let cDigestKey = PKCS11Function(rawValue: 0x00000029)
    public static let cDigestFinal = PKCS11Function(rawValue: 0x0000002A)
    public static let cSignInit = PKCS11Function(rawValue: 0x0000002B)
    public static let cSign = PKCS11Function(rawValue: 0x0000002C)
    public static let cSignUpdate = PKCS11Function(rawValue: 0x0000002D)
    public static let cSignFinal = PKCS11Function(rawValue: 0x0000002E)
    public static let cSignRecoverInit = PKCS11Function(rawValue: 0x0000002F)
    public static let cSignRecover = PKCS11Function(rawValue: 0x00000030)
    public static let cVerifyInit = PKCS11Function(rawValue: 0x00000031)
    public static let cVerify = PKCS11Function(rawValue: 0x00000032)
    public static let cVerifyUpdate = PKCS11Function(rawValue: 0x00000033)
    public static let cVerifyFinal = PKCS11Function(rawValue: 0x00000034)
    public static let cVerifyRecoverInit = PKCS11Function(rawValue: 0x00000035)
    public static let cVerifyRecover = PKCS11Function(rawValue: 0x00000036)
    public static let cDigestEncryptUpdate = PKCS11Function(rawValue: 0x00000037)
    public static let cDecryptDigestUpdate = PKCS11Function(rawValue: 0x00000038)
    public static let cSignEncryptUpdate = PKCS11Function(rawValue: 0x00000039)
    public static let cDecryptVerifyUpdate = PKCS11Function(rawValue: 0x0000003A)
    public static let cGenerateKey = PKCS11Function(rawValue: 0x0000003B)
    public static let cGenerateKeyPair = PKCS11Function(rawValue: 0x0000003C)
    public static let cWrapKey = PKCS11Function(rawValue: 0x0000003D)
    public static let cUnwrapKey = PKCS11Function(rawValue: 0x0000003E)
    public static let cDeriveKey = PKCS11Function(rawValue: 0x0000003F)
    public static let cSeedRandom = PKCS11Function(rawValue: 0x00000040)
    public static let cGenerateRandom = PKCS11Function(rawValue: 0x00000041)
    public static let cGetFunctionStatus = PKCS11Function(rawValue: 0x00000042)
    public static let cCancelFunction = PKCS11Function(rawValue: 0x00000043)
    public static let cWaitForSlotEvent = PKCS11Function(rawValue: 0x00000044)
    public static let cGetInterfaceList = PKCS11Function(rawValue: 0x00000045)
    public static let cGetInterface = PKCS11Function(rawValue: 0x00000046)
    public static let cLoginUser = PKCS11Function(rawValue: 0x00000047)
    public static let cSessionCancel = PKCS11Function(rawValue: 0x00000048)
    public static let cMessageEncryptInit = PKCS11Function(rawValue: 0x00000049)
    public static let cEncryptMessage = PKCS11Function(rawValue: 0x0000004A)
    public static let cEncryptMessageBegin = PKCS11Function(rawValue: 0x0000004B)
    public static let cEncryptMessageNext = PKCS11Function(rawValue: 0x0000004C)
    public static let cMessageEncryptFinal = PKCS11Function(rawValue: 0x0000004D)
    public static let cMessageDecryptInit = PKCS11Function(rawValue: 0x0000004E)
    public static let cDecryptMessage = PKCS11Function(rawValue: 0x0000004F)
    public static let cDecryptMessageBegin = PKCS11Function(rawValue: 0x00000050)
    public static let cDecryptMessageNext = PKCS11Function(rawValue: 0x00000051)
    public static let cMessageDecryptFinal = PKCS11Function(rawValue: 0x00000052)
    public static let cMessageSignInit = PKCS11Function(rawValue: 0x00000053)
    public static let cSignMessage = PKCS11Function(rawValue: 0x00000054)
    public static let cSignMessageBegin = PKCS11Function(rawValue: 0x00000055)
    public static let cSignMessageNext = PKCS11Function(rawValue: 0x00000056)
    public static let cMessageSignFinal = PKCS11Function(rawValue: 0x00000057)
    public static let cMessageVerifyInit = PKCS11Function(rawValue: 0x00000058)
    public static let cVerifyMessage = PKCS11Function(rawValue: 0x00000059)
    public static let cVerifyMessageBegin = PKCS11Function(rawValue: 0x0000005A)
    public static let cVerifyMessageNext = PKCS11Function(rawValue: 0x0000005B)
    public static let cMessageVerifyFinal = PKCS11Function(rawValue: 0x0000005C)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "C_Initialize"),
        (0x00000002, "C_Finalize"),
        (0x00000003, "C_GetInfo"),
        (0x00000004, "C_GetFunctionList"),
        (0x00000005, "C_GetSlotList"),
        (0x00000006, "C_GetSlotInfo"),
        (0x00000007, "C_GetTokenInfo"),
        (0x00000008, "C_GetMechanismList"),
        (0x00000009, "C_GetMechanismInfo"),
        (0x0000000A, "C_InitToken"),
        (0x0000000B, "C_InitPIN"),
        (0x0000000C, "C_SetPIN"),
        (0x0000000D, "C_OpenSession"),
        (0x0000000E, "C_CloseSession"),
        (0x0000000F, "C_CloseAllSessions"),
        (0x00000010, "C_GetSessionInfo"),
        (0x00000011, "C_GetOperationState"),
        (0x00000012, "C_SetOperationState"),
        (0x00000013, "C_Login"),
        (0x00000014, "C_Logout"),
        (0x00000015, "C_CreateObject"),
        (0x00000016, "C_CopyObject"),
        (0x00000017, "C_DestroyObject"),
        (0x00000018, "C_GetObjectSize"),
        (0x00000019, "C_GetAttributeValue"),
        (0x0000001A, "C_SetAttributeValue"),
        (0x0000001B, "C_FindObjectsInit"),
        (0x0000001C, "C_FindObjects"),
        (0x0000001D, "C_FindObjectsFinal"),
        (0x0000001E, "C_EncryptInit"),
        (0x0000001F, "C_Encrypt"),
        (0x00000020, "C_EncryptUpdate"),
        (0x00000021, "C_EncryptFinal"),
        (0x00000022, "C_DecryptInit"),
        (0x00000023, "C_Decrypt"),
        (0x00000024, "C_DecryptUpdate"),
        (0x00000025, "C_DecryptFinal"),
        (0x00000026, "C_DigestInit"),
        (0x00000027, "C_Digest"),
        (0x00000028, "C_DigestUpdate"),
        (0x00000029, "C_DigestKey"),
        (0x0000002A, "C_DigestFinal"),
        (0x0000002B, "C_SignInit"),
        (0x0000002C, "C_Sign"),
        (0x0000002D, "C_SignUpdate"),
        (0x0000002E, "C_SignFinal"),
        (0x0000002F, "C_SignRecoverInit"),
        (0x00000030, "C_SignRecover"),
        (0x00000031, "C_VerifyInit"),
        (0x00000032, "C_Verify"),
        (0x00000033, "C_VerifyUpdate"),
        (0x00000034, "C_VerifyFinal"),
        (0x00000035, "C_VerifyRecoverInit"),
        (0x00000036, "C_VerifyRecover"),
        (0x00000037, "C_DigestEncryptUpdate"),
        (0x00000038, "C_DecryptDigestUpdate"),
        (0x00000039, "C_SignEncryptUpdate"),
        (0x0000003A, "C_DecryptVerifyUpdate"),
        (0x0000003B, "C_GenerateKey"),
        (0x0000003C, "C_GenerateKeyPair"),
        (0x0000003D, "C_WrapKey"),
        (0x0000003E, "C_UnwrapKey"),
        (0x0000003F, "C_DeriveKey"),
        (0x00000040, "C_SeedRandom"),
        (0x00000041, "C_GenerateRandom"),
        (0x00000042, "C_GetFunctionStatus"),
        (0x00000043, "C_CancelFunction"),
        (0x00000044, "C_WaitForSlotEvent"),
        (0x00000045, "C_GetInterfaceList"),
        (0x00000046, "C_GetInterface"),
        (0x00000047, "C_LoginUser"),
        (0x00000048, "C_SessionCancel"),
        (0x00000049, "C_MessageEncryptInit"),
        (0x0000004A, "C_EncryptMessage"),
        (0x0000004B, "C_EncryptMessageBegin"),
        (0x0000004C, "C_EncryptMessageNext"),
        (0x0000004D, "C_MessageEncryptFinal"),
        (0x0000004E, "C_MessageDecryptInit"),
        (0x0000004F, "C_DecryptMessage"),
        (0x00000050, "C_DecryptMessageBegin"),
        (0x00000051, "C_DecryptMessageNext"),
        (0x00000052, "C_MessageDecryptFinal"),
        (0x00000053, "C_MessageSignInit"),
        (0x00000054, "C_SignMessage"),
        (0x00000055, "C_SignMessageBegin"),
        (0x00000056, "C_SignMessageNext"),
        (0x00000057, "C_MessageSignFinal"),
        (0x00000058, "C_MessageVerifyInit"),
        (0x00000059, "C_VerifyMessage"),
        (0x0000005A, "C_VerifyMessageBegin"),
        (0x0000005B, "C_VerifyMessageNext"),
        (0x0000005C, "C_MessageVerifyFinal"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "PKCS#11 Return Code".
public struct PKCS11ReturnCode: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let ok = PKCS11ReturnCode(rawValue: 0x00000000)
    public static let cancel = PKCS11ReturnCode(rawValue: 0x00000001)
    public static let hostMemory = PKCS11ReturnCode(rawValue: 0x00000002)
    public static let slotIDInvalid = PKCS11ReturnCode(rawValue: 0x00000003)
    public static let generalError = PKCS11ReturnCode(rawValue: 0x00000005)
    public static let functionFailed = PKCS11ReturnCode(rawValue: 0x00000006)
    public static let argumentsBad = PKCS11ReturnCode(rawValue: 0x00000007)
    public static let functionNotSupported = PKCS11ReturnCode(rawValue: 0x00000054)
    public static let sessionHandleInvalid = PKCS11ReturnCode(rawValue: 0x000000B3)
    public static let cryptokiNotInitialized = PKCS11ReturnCode(rawValue: 0x00000190)
    public static let cryptokiAlreadyInitialized = PKCS11ReturnCode(rawValue: 0x00000191)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000000, "OK"),
        (0x00000001, "Cancel"),
        (0x00000002, "HostMemory"),
        (0x00000003, "SlotIDInvalid"),
        (0x00000005, "GeneralError"),
        (0x00000006, "FunctionFailed"),
        (0x00000007, "ArgumentsBad"),
        (0x00000054, "FunctionNotSupported"),
        (0x000000B3, "SessionHandleInvalid"),
        (0x00000190, "CryptokiNotInitialized"),
        (0x00000191, "CryptokiAlreadyInitialized"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Padding Method".
public struct PaddingMethod: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let `none` = PaddingMethod(rawValue: 0x00000001)
    public static let oaep = PaddingMethod(rawValue: 0x00000002)
    public static let pkcs5 = PaddingMethod(rawValue: 0x00000003)
    public static let ssl3 = PaddingMethod(rawValue: 0x00000004)
    public static let zeros = PaddingMethod(rawValue: 0x00000005)
    public static let ansix923 = PaddingMethod(rawValue: 0x00000006)
    public static let iso10126 = PaddingMethod(rawValue: 0x00000007)
    public static let pkcs1V15 = PaddingMethod(rawValue: 0x00000008)
    public static let x931 = PaddingMethod(rawValue: 0x00000009)
    public static let pss = PaddingMethod(rawValue: 0x0000000A)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "None"),
        (0x00000002, "OAEP"),
        (0x00000003, "PKCS5"),
        (0x00000004, "SSL3"),
        (0x00000005, "Zeros"),
        (0x00000006, "ANSIX9_23"),
        (0x00000007, "ISO10126"),
        (0x00000008, "PKCS1V1_5"),
        (0x00000009, "X9_31"),
        (0x0000000A, "PSS"),
    ]

    public static let spellings = Spellings(names, cosmian: [(0x00000008, "PKCS1v15")])
}

/// KMIP enumeration "Processing Stage".
public struct ProcessingStage: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let submitted = ProcessingStage(rawValue: 0x00000001)
    public static let inProcess = ProcessingStage(rawValue: 0x00000002)
    public static let completed = ProcessingStage(rawValue: 0x00000003)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Submitted"),
        (0x00000002, "InProcess"),
        (0x00000003, "Completed"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Profile Name".
public struct ProfileName: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let baselineServerBasicKMIPV12 = ProfileName(rawValue: 0x00000001)
    public static let baselineServerTLSV12KMIPV12 = ProfileName(rawValue: 0x00000002)
    public static let baselineClientBasicKMIPV12 = ProfileName(rawValue: 0x00000003)
    public static let baselineClientTLSV12KMIPV12 = ProfileName(rawValue: 0x00000004)
    public static let completeServerBasicKMIPV12 = ProfileName(rawValue: 0x00000005)
    public static let completeServerTLSV12KMIPV12 = ProfileName(rawValue: 0x00000006)
    public static let tapeLibraryClientKMIPV10 = ProfileName(rawValue: 0x00000007)
    public static let tapeLibraryClientKMIPV11 = ProfileName(rawValue: 0x00000008)
    public static let tapeLibraryClientKMIPV12 = ProfileName(rawValue: 0x00000009)
    public static let tapeLibraryServerKMIPV10 = ProfileName(rawValue: 0x0000000A)
    public static let tapeLibraryServerKMIPV11 = ProfileName(rawValue: 0x0000000B)
    public static let tapeLibraryServerKMIPV12 = ProfileName(rawValue: 0x0000000C)
    public static let symmetricKeyLifecycleClientKMIPV10 = ProfileName(rawValue: 0x0000000D)
    public static let symmetricKeyLifecycleClientKMIPV11 = ProfileName(rawValue: 0x0000000E)
    public static let symmetricKeyLifecycleClientKMIPV12 = ProfileName(rawValue: 0x0000000F)
    public static let symmetricKeyLifecycleServerKMIPV10 = ProfileName(rawValue: 0x00000010)
    public static let symmetricKeyLifecycleServerKMIPV11 = ProfileName(rawValue: 0x00000011)
    public static let symmetricKeyLifecycleServerKMIPV12 = ProfileName(rawValue: 0x00000012)
    public static let asymmetricKeyLifecycleClientKMIPV10 = ProfileName(rawValue: 0x00000013)
    public static let asymmetricKeyLifecycleClientKMIPV11 = ProfileName(rawValue: 0x00000014)
    public static let asymmetricKeyLifecycleClientKMIPV12 = ProfileName(rawValue: 0x00000015)
    public static let asymmetricKeyLifecycleServerKMIPV10 = ProfileName(rawValue: 0x00000016)
    public static let asymmetricKeyLifecycleServerKMIPV11 = ProfileName(rawValue: 0x00000017)
    public static let asymmetricKeyLifecycleServerKMIPV12 = ProfileName(rawValue: 0x00000018)
    public static let basicCryptographicClientKMIPV12 = ProfileName(rawValue: 0x00000019)
    public static let basicCryptographicServerKMIPV12 = ProfileName(rawValue: 0x0000001A)
    public static let advancedCryptographicClientKMIPV12 = ProfileName(rawValue: 0x0000001B)
    public static let advancedCryptographicServerKMIPV12 = ProfileName(rawValue: 0x0000001C)
    public static let rngCryptographicClientKMIPV12 = ProfileName(rawValue: 0x0000001D)
    public static let rngCryptographicServerKMIPV12 = ProfileName(rawValue: 0x0000001E)
    public static let basicSymmetricKeyFoundryClientKMIPV10 = ProfileName(rawValue: 0x0000001F)
    public static let intermediateSymmetricKeyFoundryClientKMIPV10 = ProfileName(rawValue: 0x00000020)
    public static let advancedSymmetricKeyFoundryClientKMIPV10 = ProfileName(rawValue: 0x00000021)
    public static let basicSymmetricKeyFoundryClientKMIPV11 = ProfileName(rawValue: 0x00000022)
    public static let intermediateSymmetricKeyFoundryClientKMIPV11 = ProfileName(rawValue: 0x00000023)
    public static let advancedSymmetricKeyFoundryClientKMIPV11 = ProfileName(rawValue: 0x00000024)
    public static let basicSymmetricKeyFoundryClientKMIPV12 = ProfileName(rawValue: 0x00000025)
    public static let intermediateSymmetricKeyFoundryClientKMIPV12 = ProfileName(rawValue: 0x00000026)
    public static let advancedSymmetricKeyFoundryClientKMIPV12 = ProfileName(rawValue: 0x00000027)
    public static let symmetricKeyFoundryServerKMIPV10 = ProfileName(rawValue: 0x00000028)
    public static let symmetricKeyFoundryServerKMIPV11 = ProfileName(rawValue: 0x00000029)
    public static let symmetricKeyFoundryServerKMIPV12 = ProfileName(rawValue: 0x0000002A)
    public static let opaqueManagedObjectStoreClientKMIPV10 = ProfileName(rawValue: 0x0000002B)
    public static let opaqueManagedObjectStoreClientKMIPV11 = ProfileName(rawValue: 0x0000002C)
    public static let opaqueManagedObjectStoreClientKMIPV12 = ProfileName(rawValue: 0x0000002D)
    public static let opaqueManagedObjectStoreServerKMIPV10 = ProfileName(rawValue: 0x0000002E)
    public static let opaqueManagedObjectStoreServerKMIPV11 = ProfileName(rawValue: 0x0000002F)
    public static let opaqueManagedObjectStoreServerKMIPV12 = ProfileName(rawValue: 0x00000030)
    public static let suiteBMinLOS128ClientKMIPV10 = ProfileName(rawValue: 0x00000031)
    public static let suiteBMinLOS128ClientKMIPV11 = ProfileName(rawValue: 0x00000032)
    public static let suiteBMinLOS128ClientKMIPV12 = ProfileName(rawValue: 0x00000033)
    public static let suiteBMinLOS128ServerKMIPV10 = ProfileName(rawValue: 0x00000034)
    public static let suiteBMinLOS128ServerKMIPV11 = ProfileName(rawValue: 0x00000035)
    public static let suiteBMinLOS128ServerKMIPV12 = ProfileName(rawValue: 0x00000036)
    public static let suiteBMinLOS192ClientKMIPV10 = ProfileName(rawValue: 0x00000037)
    public static let suiteBMinLOS192ClientKMIPV11 = ProfileName(rawValue: 0x00000038)
    public static let suiteBMinLOS192ClientKMIPV12 = ProfileName(rawValue: 0x00000039)
    public static let suiteBMinLOS192ServerKMIPV10 = ProfileName(rawValue: 0x0000003A)
    public static let suiteBMinLOS192ServerKMIPV11 = ProfileName(rawValue: 0x0000003B)
    public static let suiteBMinLOS192ServerKMIPV12 = ProfileName(rawValue: 0x0000003C)
    public static let storageArrayWithSelfEncryptingDriveClientKMIPV10 = ProfileName(rawValue: 0x0000003D)
    public static let storageArrayWithSelfEncryptingDriveClientKMIPV11 = ProfileName(rawValue: 0x0000003E)
    public static let storageArrayWithSelfEncryptingDriveClientKMIPV12 = ProfileName(rawValue: 0x0000003F)
    public static let storageArrayWithSelfEncryptingDriveServerKMIPV10 = ProfileName(rawValue: 0x00000040)
    public static let storageArrayWithSelfEncryptingDriveServerKMIPV11 = ProfileName(rawValue: 0x00000041)
    public static let storageArrayWithSelfEncryptingDriveServerKMIPV12 = ProfileName(rawValue: 0x00000042)
    public static let httpsClientKMIPV10 = ProfileName(rawValue: 0x00000043)
    public static let httpsClientKMIPV11 = ProfileName(rawValue: 0x00000044)
    public static let httpsClientKMIPV12 = ProfileName(rawValue: 0x00000045)
    public static let httpsServerKMIPV10 = ProfileName(rawValue: 0x00000046)
    public static let httpsServerKMIPV11 = ProfileName(rawValue: 0x00000047)
    public static let httpsServerKMIPV12 = ProfileName(rawValue: 0x00000048)
    public static let jsonClientKMIPV10 = ProfileName(rawValue: 0x00000049)
    public static let jsonClientKMIPV11 = ProfileName(rawValue: 0x0000004A)
    public static let jsonClientKMIPV12 = ProfileName(rawValue: 0x0000004B)
    public static let jsonServerKMIPV10 = ProfileName(rawValue: 0x0000004C)
    public static let jsonServerKMIPV11 = ProfileName(rawValue: 0x0000004D)
    public static let jsonServerKMIPV12 = ProfileName(rawValue: 0x0000004E)
    public static let xmlClientKMIPV10 = ProfileName(rawValue: 0x0000004F)
    public static let xmlClientKMIPV11 = ProfileName(rawValue: 0x00000050)
    public static let xmlClientKMIPV12 = ProfileName(rawValue: 0x00000051)
    public static let xmlServerKMIPV10 = ProfileName(rawValue: 0x00000052)
    public static let xmlServerKMIPV11 = ProfileName(rawValue: 0x00000053)
    public static let xmlServerKMIPV12 = ProfileName(rawValue: 0x00000054)
    public static let baselineServerBasicKMIPV13 = ProfileName(rawValue: 0x00000055)
    public static let baselineServerTLSV12KMIPV13 = ProfileName(rawValue: 0x00000056)
    public static let baselineClientBasicKMIPV13 = ProfileName(rawValue: 0x00000057)
    public static let baselineClientTLSV12KMIPV13 = ProfileName(rawValue: 0x00000058)
    public static let completeServerBasicKMIPV13 = ProfileName(rawValue: 0x00000059)
    public static let completeServerTLSV12KMIPV13 = ProfileName(rawValue: 0x0000005A)
    public static let tapeLibraryClientKMIPV13 = ProfileName(rawValue: 0x0000005B)
    public static let tapeLibraryServerKMIPV13 = ProfileName(rawValue: 0x0000005C)
    public static let symmetricKeyLifecycleClientKMIPV13 = ProfileName(rawValue: 0x0000005D)
    public static let symmetricKeyLifecycleServerKMIPV13 = ProfileName(rawValue: 0x0000005E)
    public static let asymmetricKeyLifecycleClientKMIPV13 = ProfileName(rawValue: 0x0000005F)
    public static let asymmetricKeyLifecycleServerKMIPV13 = ProfileName(rawValue: 0x00000060)
    public static let basicCryptographicClientKMIPV13 = ProfileName(rawValue: 0x00000061)
    public static let basicCryptographicServerKMIPV13 = ProfileName(rawValue: 0x00000062)
    public static let advancedCryptographicClientKMIPV13 = ProfileName(rawValue: 0x00000063)
    public static let advancedCryptographicServerKMIPV13 = ProfileName(rawValue: 0x00000064)
    public static let rngCryptographicClientKMIPV13 = ProfileName(rawValue: 0x00000065)
    public static let rngCryptographicServerKMIPV13 = ProfileName(rawValue: 0x00000066)
    public static let basicSymmetricKeyFoundryClientKMIPV13 = ProfileName(rawValue: 0x00000067)
    public static let intermediateSymmetricKeyFoundryClientKMIPV13 = ProfileName(rawValue: 0x00000068)
    public static let advancedSymmetricKeyFoundryClientKMIPV13 = ProfileName(rawValue: 0x00000069)
    public static let symmetricKeyFoundryServerKMIPV13 = ProfileName(rawValue: 0x0000006A)
    public static let opaqueManagedObjectStoreClientKMIPV13 = ProfileName(rawValue: 0x0000006B)
    public static let opaqueManagedObjectStoreServerKMIPV13 = ProfileName(rawValue: 0x0000006C)
    public static let suiteBMinLOS128ClientKMIPV13 = ProfileName(rawValue: 0x0000006D)
    public static let suiteBMinLOS128ServerKMIPV13 = ProfileName(rawValue: 0x0000006E)
    public static let suiteBMinLOS192ClientKMIPV13 = ProfileName(rawValue: 0x0000006F)
    public static let suiteBMinLOS192ServerKMIPV13 = ProfileName(rawValue: 0x00000070)
    public static let storageArrayWithSelfEncryptingDriveClientKMIPV13 = ProfileName(rawValue: 0x00000071)
    public static let storageArrayWithSelfEncryptingDriveServerKMIPV13 = ProfileName(rawValue: 0x00000072)
    public static let httpsClientKMIPV13 = ProfileName(rawValue: 0x00000073)
    public static let httpsServerKMIPV13 = ProfileName(rawValue: 0x00000074)
    public static let jsonClientKMIPV13 = ProfileName(rawValue: 0x00000075)
    public static let jsonServerKMIPV13 = ProfileName(rawValue: 0x00000076)
    public static let xmlClientKMIPV13 = ProfileName(rawValue: 0x00000077)
    public static let xmlServerKMIPV13 = ProfileName(rawValue: 0x00000078)
    public static let baselineServerBasicKMIPV14 = ProfileName(rawValue: 0x00000079)
    public static let baselineServerTLSV12KMIPV14 = ProfileName(rawValue: 0x0000007A)
    public static let baselineClientBasicKMIPV14 = ProfileName(rawValue: 0x0000007B)
    public static let baselineClientTLSV12KMIPV14 = ProfileName(rawValue: 0x0000007C)
    public static let completeServerBasicKMIPV14 = ProfileName(rawValue: 0x0000007D)
    public static let completeServerTLSV12KMIPV14 = ProfileName(rawValue: 0x0000007E)
    public static let tapeLibraryClientKMIPV14 = ProfileName(rawValue: 0x0000007F)
    public static let tapeLibraryServerKMIPV14 = ProfileName(rawValue: 0x00000080)
    public static let symmetricKeyLifecycleClientKMIPV14 = ProfileName(rawValue: 0x00000081)
    public static let symmetricKeyLifecycleServerKMIPV14 = ProfileName(rawValue: 0x00000082)
    public static let asymmetricKeyLifecycleClientKMIPV14 = ProfileName(rawValue: 0x00000083)
    public static let asymmetricKeyLifecycleServerKMIPV14 = ProfileName(rawValue: 0x00000084)
    public static let basicCryptographicClientKMIPV14 = ProfileName(rawValue: 0x00000085)
    public static let basicCryptographicServerKMIPV14 = ProfileName(rawValue: 0x00000086)
    public static let advancedCryptographicClientKMIPV14 = ProfileName(rawValue: 0x00000087)
    public static let advancedCryptographicServerKMIPV14 = ProfileName(rawValue: 0x00000088)
    public static let rngCryptographicClientKMIPV14 = ProfileName(rawValue: 0x00000089)
    public static let rngCryptographicServerKMIPV14 = ProfileName(rawValue: 0x0000008A)
    public static let basicSymmetricKeyFoundryClientKMIPV14 = ProfileName(rawValue: 0x0000008B)
    public static let intermediateSymmetricKeyFoundryClientKMIPV14 = ProfileName(rawValue: 0x0000008C)
    public static let advancedSymmetricKeyFoundryClientKMIPV14 = ProfileName(rawValue: 0x0000008D)
    public static let symmetricKeyFoundryServerKMIPV14 = ProfileName(rawValue: 0x0000008E)
    public static let opaqueManagedObjectStoreClientKMIPV14 = ProfileName(rawValue: 0x0000008F)
    public static let opaqueManagedObjectStoreServerKMIPV14 = ProfileName(rawValue: 0x00000090)
    public static let suiteBMinLOS128ClientKMIPV14 = ProfileName(rawValue: 0x00000091)
    public static let suiteBMinLOS128ServerKMIPV14 = ProfileName(rawValue: 0x00000092)
    public static let suiteBMinLOS192ClientKMIPV14 = ProfileName(rawValue: 0x00000093)
    public static let suiteBMinLOS192ServerKMIPV14 = ProfileName(rawValue: 0x00000094)
    public static let storageArrayWithSelfEncryptingDriveClientKMIPV14 = ProfileName(rawValue: 0x00000095)
    public static let storageArrayWithSelfEncryptingDriveServerKMIPV14 = ProfileName(rawValue: 0x00000096)
    public static let httpsClientKMIPV14 = ProfileName(rawValue: 0x00000097)
    public static let httpsServerKMIPV14 = ProfileName(rawValue: 0x00000098)
    public static let jsonClientKMIPV14 = ProfileName(rawValue: 0x00000099)
    public static let jsonServerKMIPV14 = ProfileName(rawValue: 0x0000009A)
    public static let xmlClientKMIPV14 = ProfileName(rawValue: 0x0000009B)
    public static let xmlServerKMIPV14 = ProfileName(rawValue: 0x0000009C)
    public static let completeServerBasic = ProfileName(rawValue: 0x00000104)
    public static let completeServerTLSV12 = ProfileName(rawValue: 0x00000105)
    public static let tapeLibraryClient = ProfileName(rawValue: 0x00000106)
    public static let tapeLibraryServer = ProfileName(rawValue: 0x00000107)
    public static let symmetricKeyLifecycleClient = ProfileName(rawValue: 0x00000108)
    public static let symmetricKeyLifecycleServer = ProfileName(rawValue: 0x00000109)
    public static let asymmetricKeyLifecycleClient = ProfileName(rawValue: 0x0000010A)
    public static let asymmetricKeyLifecycleServer = ProfileName(rawValue: 0x0000010B)
    public static let basicCryptographicClient = ProfileName(rawValue: 0x0000010C)
    public static let basicCryptographicServer = ProfileName(rawValue: 0x0000010D)
    public static let advancedCryptographicClient = ProfileName(rawValue: 0x0000010E)
    public static let advancedCryptographicServer = ProfileName(rawValue: 0x0000010F)
    public static let rngCryptographicClient = ProfileName(rawValue: 0x00000110)
    public static let rngCryptographicServer = ProfileName(rawValue: 0x00000111)
    public static let basicSymmetricKeyFoundryClient = ProfileName(rawValue: 0x00000112)
    public static let intermediateSymmetricKeyFoundryClient = ProfileName(rawValue: 0x00000113)
    public static let advancedSymmetricKeyFoundryClient = ProfileName(rawValue: 0x00000114)
    public static let symmetricKeyFoundryServer = ProfileName(rawValue: 0x00000115)
    public static let opaqueManagedObjectStoreClient = ProfileName(rawValue: 0x00000116)
    public static let opaqueManagedObjectStoreServer = ProfileName(rawValue: 0x00000117)
    public static let storageArrayWithSelfEncryptingDriveClient = ProfileName(rawValue: 0x0000011C)
    public static let storageArrayWithSelfEncryptingDriveServer = ProfileName(rawValue: 0x0000011D)
    public static let httpsClient = ProfileName(rawValue: 0x0000011E)
    public static let httpsServer = ProfileName(rawValue: 0x0000011F)
    public static let jsonClient = ProfileName(rawValue: 0x00000120)
    public static let jsonServer = ProfileName(rawValue: 0x00000121)
    public static let xmlClient = ProfileName(rawValue: 0x00000122)
    public static let xmlServer = ProfileName(rawValue: 0x00000123)
    public static let aesxtsClient = ProfileName(rawValue: 0x00000124)
    public static let aesxtsServer = ProfileName(rawValue: 0x00000125)
    public static let quantumSafeClient = ProfileName(rawValue: 0x00000126)
    public static let quantumSafeServer = ProfileName(rawValue: 0x00000127)
    public static let pkcs11Client = ProfileName(rawValue: 0x00000128)
    public static let pkcs11Server = ProfileName(rawValue: 0x00000129)
    public static let baselineClient = ProfileName(rawValue: 0x0000012A)
    public static let baselineServer = ProfileName(rawValue: 0x0000012B)
    public static let completeServer = ProfileName(rawValue: 0x0000012C)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "BaselineServerBasicKMIPV1_2"),
        (0x00000002, "BaselineServerTLSV1_2KMIPV1_2"),
        (0x00000003, "BaselineClientBasicKMIPV1_2"),
        (0x00000004, "BaselineClientTLSV1_2KMIPV1_2"),
        (0x00000005, "CompleteServerBasicKMIPV1_2"),
        (0x00000006, "CompleteServerTLSV1_2KMIPV1_2"),
        (0x00000007, "TapeLibraryClientKMIPV1_0"),
        (0x00000008, "TapeLibraryClientKMIPV1_1"),
        (0x00000009, "TapeLibraryClientKMIPV1_2"),
        (0x0000000A, "TapeLibraryServerKMIPV1_0"),
        (0x0000000B, "TapeLibraryServerKMIPV1_1"),
        (0x0000000C, "TapeLibraryServerKMIPV1_2"),
        (0x0000000D, "SymmetricKeyLifecycleClientKMIPV1_0"),
        (0x0000000E, "SymmetricKeyLifecycleClientKMIPV1_1"),
        (0x0000000F, "SymmetricKeyLifecycleClientKMIPV1_2"),
        (0x00000010, "SymmetricKeyLifecycleServerKMIPV1_0"),
        (0x00000011, "SymmetricKeyLifecycleServerKMIPV1_1"),
        (0x00000012, "SymmetricKeyLifecycleServerKMIPV1_2"),
        (0x00000013, "AsymmetricKeyLifecycleClientKMIPV1_0"),
        (0x00000014, "AsymmetricKeyLifecycleClientKMIPV1_1"),
        (0x00000015, "AsymmetricKeyLifecycleClientKMIPV1_2"),
        (0x00000016, "AsymmetricKeyLifecycleServerKMIPV1_0"),
        (0x00000017, "AsymmetricKeyLifecycleServerKMIPV1_1"),
        (0x00000018, "AsymmetricKeyLifecycleServerKMIPV1_2"),
        (0x00000019, "BasicCryptographicClientKMIPV1_2"),
        (0x0000001A, "BasicCryptographicServerKMIPV1_2"),
        (0x0000001B, "AdvancedCryptographicClientKMIPV1_2"),
        (0x0000001C, "AdvancedCryptographicServerKMIPV1_2"),
        (0x0000001D, "RNGCryptographicClientKMIPV1_2"),
        (0x0000001E, "RNGCryptographicServerKMIPV1_2"),
        (0x0000001F, "BasicSymmetricKeyFoundryClientKMIPV1_0"),
        (0x00000020, "IntermediateSymmetricKeyFoundryClientKMIPV1_0"),
        (0x00000021, "AdvancedSymmetricKeyFoundryClientKMIPV1_0"),
        (0x00000022, "BasicSymmetricKeyFoundryClientKMIPV1_1"),
        (0x00000023, "IntermediateSymmetricKeyFoundryClientKMIPV1_1"),
        (0x00000024, "AdvancedSymmetricKeyFoundryClientKMIPV1_1"),
        (0x00000025, "BasicSymmetricKeyFoundryClientKMIPV1_2"),
        (0x00000026, "IntermediateSymmetricKeyFoundryClientKMIPV1_2"),
        (0x00000027, "AdvancedSymmetricKeyFoundryClientKMIPV1_2"),
        (0x00000028, "SymmetricKeyFoundryServerKMIPV1_0"),
        (0x00000029, "SymmetricKeyFoundryServerKMIPV1_1"),
        (0x0000002A, "SymmetricKeyFoundryServerKMIPV1_2"),
        (0x0000002B, "OpaqueManagedObjectStoreClientKMIPV1_0"),
        (0x0000002C, "OpaqueManagedObjectStoreClientKMIPV1_1"),
        (0x0000002D, "OpaqueManagedObjectStoreClientKMIPV1_2"),
        (0x0000002E, "OpaqueManagedObjectStoreServerKMIPV1_0"),
        (0x0000002F, "OpaqueManagedObjectStoreServerKMIPV1_1"),
        (0x00000030, "OpaqueManagedObjectStoreServerKMIPV1_2"),
        (0x00000031, "SuiteBMinLOS_128ClientKMIPV1_0"),
        (0x00000032, "SuiteBMinLOS_128ClientKMIPV1_1"),
        (0x00000033, "SuiteBMinLOS_128ClientKMIPV1_2"),
        (0x00000034, "SuiteBMinLOS_128ServerKMIPV1_0"),
        (0x00000035, "SuiteBMinLOS_128ServerKMIPV1_1"),
        (0x00000036, "SuiteBMinLOS_128ServerKMIPV1_2"),
        (0x00000037, "SuiteBMinLOS_192ClientKMIPV1_0"),
        (0x00000038, "SuiteBMinLOS_192ClientKMIPV1_1"),
        (0x00000039, "SuiteBMinLOS_192ClientKMIPV1_2"),
        (0x0000003A, "SuiteBMinLOS_192ServerKMIPV1_0"),
        (0x0000003B, "SuiteBMinLOS_192ServerKMIPV1_1"),
        (0x0000003C, "SuiteBMinLOS_192ServerKMIPV1_2"),
        (0x0000003D, "StorageArrayWithSelfEncryptingDriveClientKMIPV1_0"),
        (0x0000003E, "StorageArrayWithSelfEncryptingDriveClientKMIPV1_1"),
        (0x0000003F, "StorageArrayWithSelfEncryptingDriveClientKMIPV1_2"),
        (0x00000040, "StorageArrayWithSelfEncryptingDriveServerKMIPV1_0"),
        (0x00000041, "StorageArrayWithSelfEncryptingDriveServerKMIPV1_1"),
        (0x00000042, "StorageArrayWithSelfEncryptingDriveServerKMIPV1_2"),
        (0x00000043, "HTTPSClientKMIPV1_0"),
        (0x00000044, "HTTPSClientKMIPV1_1"),
        (0x00000045, "HTTPSClientKMIPV1_2"),
        (0x00000046, "HTTPSServerKMIPV1_0"),
        (0x00000047, "HTTPSServerKMIPV1_1"),
        (0x00000048, "HTTPSServerKMIPV1_2"),
        (0x00000049, "JSONClientKMIPV1_0"),
        (0x0000004A, "JSONClientKMIPV1_1"),
        (0x0000004B, "JSONClientKMIPV1_2"),
        (0x0000004C, "JSONServerKMIPV1_0"),
        (0x0000004D, "JSONServerKMIPV1_1"),
        (0x0000004E, "JSONServerKMIPV1_2"),
        (0x0000004F, "XMLClientKMIPV1_0"),
        (0x00000050, "XMLClientKMIPV1_1"),
        (0x00000051, "XMLClientKMIPV1_2"),
        (0x00000052, "XMLServerKMIPV1_0"),
        (0x00000053, "XMLServerKMIPV1_1"),
        (0x00000054, "XMLServerKMIPV1_2"),
        (0x00000055, "BaselineServerBasicKMIPV1_3"),
        (0x00000056, "BaselineServerTLSV1_2KMIPV1_3"),
        (0x00000057, "BaselineClientBasicKMIPV1_3"),
        (0x00000058, "BaselineClientTLSV1_2KMIPV1_3"),
        (0x00000059, "CompleteServerBasicKMIPV1_3"),
        (0x0000005A, "CompleteServerTLSV1_2KMIPV1_3"),
        (0x0000005B, "TapeLibraryClientKMIPV1_3"),
        (0x0000005C, "TapeLibraryServerKMIPV1_3"),
        (0x0000005D, "SymmetricKeyLifecycleClientKMIPV1_3"),
        (0x0000005E, "SymmetricKeyLifecycleServerKMIPV1_3"),
        (0x0000005F, "AsymmetricKeyLifecycleClientKMIPV1_3"),
        (0x00000060, "AsymmetricKeyLifecycleServerKMIPV1_3"),
        (0x00000061, "BasicCryptographicClientKMIPV1_3"),
        (0x00000062, "BasicCryptographicServerKMIPV1_3"),
        (0x00000063, "AdvancedCryptographicClientKMIPV1_3"),
        (0x00000064, "AdvancedCryptographicServerKMIPV1_3"),
        (0x00000065, "RNGCryptographicClientKMIPV1_3"),
        (0x00000066, "RNGCryptographicServerKMIPV1_3"),
        (0x00000067, "BasicSymmetricKeyFoundryClientKMIPV1_3"),
        (0x00000068, "IntermediateSymmetricKeyFoundryClientKMIPV1_3"),
        (0x00000069, "AdvancedSymmetricKeyFoundryClientKMIPV1_3"),
        (0x0000006A, "SymmetricKeyFoundryServerKMIPV1_3"),
        (0x0000006B, "OpaqueManagedObjectStoreClientKMIPV1_3"),
        (0x0000006C, "OpaqueManagedObjectStoreServerKMIPV1_3"),
        (0x0000006D, "SuiteBMinLOS_128ClientKMIPV1_3"),
        (0x0000006E, "SuiteBMinLOS_128ServerKMIPV1_3"),
        (0x0000006F, "SuiteBMinLOS_192ClientKMIPV1_3"),
        (0x00000070, "SuiteBMinLOS_192ServerKMIPV1_3"),
        (0x00000071, "StorageArrayWithSelfEncryptingDriveClientKMIPV1_3"),
        (0x00000072, "StorageArrayWithSelfEncryptingDriveServerKMIPV1_3"),
        (0x00000073, "HTTPSClientKMIPV1_3"),
        (0x00000074, "HTTPSServerKMIPV1_3"),
        (0x00000075, "JSONClientKMIPV1_3"),
        (0x00000076, "JSONServerKMIPV1_3"),
        (0x00000077, "XMLClientKMIPV1_3"),
        (0x00000078, "XMLServerKMIPV1_3"),
        (0x00000079, "BaselineServerBasicKMIPV1_4"),
        (0x0000007A, "BaselineServerTLSV1_2KMIPV1_4"),
        (0x0000007B, "BaselineClientBasicKMIPV1_4"),
        (0x0000007C, "BaselineClientTLSV1_2KMIPV1_4"),
        (0x0000007D, "CompleteServerBasicKMIPV1_4"),
        (0x0000007E, "CompleteServerTLSV1_2KMIPV1_4"),
        (0x0000007F, "TapeLibraryClientKMIPV1_4"),
        (0x00000080, "TapeLibraryServerKMIPV1_4"),
        (0x00000081, "SymmetricKeyLifecycleClientKMIPV1_4"),
        (0x00000082, "SymmetricKeyLifecycleServerKMIPV1_4"),
        (0x00000083, "AsymmetricKeyLifecycleClientKMIPV1_4"),
        (0x00000084, "AsymmetricKeyLifecycleServerKMIPV1_4"),
        (0x00000085, "BasicCryptographicClientKMIPV1_4"),
        (0x00000086, "BasicCryptographicServerKMIPV1_4"),
        (0x00000087, "AdvancedCryptographicClientKMIPV1_4"),
        (0x00000088, "AdvancedCryptographicServerKMIPV1_4"),
        (0x00000089, "RNGCryptographicClientKMIPV1_4"),
        (0x0000008A, "RNGCryptographicServerKMIPV1_4"),
        (0x0000008B, "BasicSymmetricKeyFoundryClientKMIPV1_4"),
        (0x0000008C, "IntermediateSymmetricKeyFoundryClientKMIPV1_4"),
        (0x0000008D, "AdvancedSymmetricKeyFoundryClientKMIPV1_4"),
        (0x0000008E, "SymmetricKeyFoundryServerKMIPV1_4"),
        (0x0000008F, "OpaqueManagedObjectStoreClientKMIPV1_4"),
        (0x00000090, "OpaqueManagedObjectStoreServerKMIPV1_4"),
        (0x00000091, "SuiteBMinLOS_128ClientKMIPV1_4"),
        (0x00000092, "SuiteBMinLOS_128ServerKMIPV1_4"),
        (0x00000093, "SuiteBMinLOS_192ClientKMIPV1_4"),
        (0x00000094, "SuiteBMinLOS_192ServerKMIPV1_4"),
        (0x00000095, "StorageArrayWithSelfEncryptingDriveClientKMIPV1_4"),
        (0x00000096, "StorageArrayWithSelfEncryptingDriveServerKMIPV1_4"),
        (0x00000097, "HTTPSClientKMIPV1_4"),
        (0x00000098, "HTTPSServerKMIPV1_4"),
        (0x00000099, "JSONClientKMIPV1_4"),
        (0x0000009A, "JSONServerKMIPV1_4"),
        (0x0000009B, "XMLClientKMIPV1_4"),
        (0x0000009C, "XMLServerKMIPV1_4"),
        (0x00000104, "CompleteServerBasic"),
        (0x00000105, "CompleteServerTLSV1_2"),
        (0x00000106, "TapeLibraryClient"),
        (0x00000107, "TapeLibraryServer"),
        (0x00000108, "SymmetricKeyLifecycleClient"),
        (0x00000109, "SymmetricKeyLifecycleServer"),
        (0x0000010A, "AsymmetricKeyLifecycleClient"),
        (0x0000010B, "AsymmetricKeyLifecycleServer"),
        (0x0000010C, "BasicCryptographicClient"),
        (0x0000010D, "BasicCryptographicServer"),
        (0x0000010E, "AdvancedCryptographicClient"),
        (0x0000010F, "AdvancedCryptographicServer"),
        (0x00000110, "RNGCryptographicClient"),
        (0x00000111, "RNGCryptographicServer"),
        (0x00000112, "BasicSymmetricKeyFoundryClient"),
        (0x00000113, "IntermediateSymmetricKeyFoundryClient"),
        (0x00000114, "AdvancedSymmetricKeyFoundryClient"),
        (0x00000115, "SymmetricKeyFoundryServer"),
        (0x00000116, "OpaqueManagedObjectStoreClient"),
        (0x00000117, "OpaqueManagedObjectStoreServer"),
        (0x0000011C, "StorageArrayWithSelfEncryptingDriveClient"),
        (0x0000011D, "StorageArrayWithSelfEncryptingDriveServer"),
        (0x0000011E, "HTTPSClient"),
        (0x0000011F, "HTTPSServer"),
        (0x00000120, "JSONClient"),
        (0x00000121, "JSONServer"),
        (0x00000122, "XMLClient"),
        (0x00000123, "XMLServer"),
        (0x00000124, "AESXTSClient"),
        (0x00000125, "AESXTSServer"),
        (0x00000126, "QuantumSafeClient"),
        (0x00000127, "QuantumSafeServer"),
        (0x00000128, "PKCS_11Client"),
        (0x00000129, "PKCS_11Server"),
        (0x0000012A, "BaselineClient"),
        (0x0000012B, "BaselineServer"),
        (0x0000012C, "CompleteServer"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Protection Level".
public struct ProtectionLevel: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let high = ProtectionLevel(rawValue: 0x00000001)
    public static let low = ProtectionLevel(rawValue: 0x00000002)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "High"),
        (0x00000002, "Low"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Put Function".
public struct PutFunction: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let new = PutFunction(rawValue: 0x00000001)
    public static let replace = PutFunction(rawValue: 0x00000002)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "New"),
        (0x00000002, "Replace"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Query Function".
public struct QueryFunction: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let queryOperations = QueryFunction(rawValue: 0x00000001)
    public static let queryObjects = QueryFunction(rawValue: 0x00000002)
    public static let queryServerInformation = QueryFunction(rawValue: 0x00000003)
    public static let queryApplicationNamespaces = QueryFunction(rawValue: 0x00000004)
    public static let queryExtensionList = QueryFunction(rawValue: 0x00000005)
    public static let queryExtensionMap = QueryFunction(rawValue: 0x00000006)
    public static let queryAttestationTypes = QueryFunction(rawValue: 0x00000007)
    public static let queryRNGs = QueryFunction(rawValue: 0x00000008)
    public static let queryValidations = QueryFunction(rawValue: 0x00000009)
    public static let queryProfiles = QueryFunction(rawValue: 0x0000000A)
    public static let queryCapabilities = QueryFunction(rawValue: 0x0000000B)
    public static let queryClientRegistrationMethods = QueryFunction(rawValue: 0x0000000C)
    public static let queryDefaultsInformation = QueryFunction(rawValue: 0x0000000D)
    public static let queryStorageProtectionMasks = QueryFunction(rawValue: 0x0000000E)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "QueryOperations"),
        (0x00000002, "QueryObjects"),
        (0x00000003, "QueryServerInformation"),
        (0x00000004, "QueryApplicationNamespaces"),
        (0x00000005, "QueryExtensionList"),
        (0x00000006, "QueryExtensionMap"),
        (0x00000007, "QueryAttestationTypes"),
        (0x00000008, "QueryRNGs"),
        (0x00000009, "QueryValidations"),
        (0x0000000A, "QueryProfiles"),
        (0x0000000B, "QueryCapabilities"),
        (0x0000000C, "QueryClientRegistrationMethods"),
        (0x0000000D, "QueryDefaultsInformation"),
        (0x0000000E, "QueryStorageProtectionMasks"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "RNG Algorithm".
public struct RNGAlgorithm: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let unspecified = RNGAlgorithm(rawValue: 0x00000001)
    public static let fips1862 = RNGAlgorithm(rawValue: 0x00000002)
    public static let drbg = RNGAlgorithm(rawValue: 0x00000003)
    public static let nrbg = RNGAlgorithm(rawValue: 0x00000004)
    public static let ansix931 = RNGAlgorithm(rawValue: 0x00000005)
    public static let ansix962 = RNGAlgorithm(rawValue: 0x00000006)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Unspecified"),
        (0x00000002, "FIPS186_2"),
        (0x00000003, "DRBG"),
        (0x00000004, "NRBG"),
        (0x00000005, "ANSIX9_31"),
        (0x00000006, "ANSIX9_62"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "RNG Mode".
public struct RNGMode: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let unspecified = RNGMode(rawValue: 0x00000001)
    public static let sharedInstantiation = RNGMode(rawValue: 0x00000002)
    public static let nonSharedInstantiation = RNGMode(rawValue: 0x00000003)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Unspecified"),
        (0x00000002, "SharedInstantiation"),
        (0x00000003, "NonSharedInstantiation"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Recommended Curve".
public struct RecommendedCurve: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let p192 = RecommendedCurve(rawValue: 0x00000001)
    public static let k163 = RecommendedCurve(rawValue: 0x00000002)
    public static let b163 = RecommendedCurve(rawValue: 0x00000003)
    public static let p224 = RecommendedCurve(rawValue: 0x00000004)
    public static let k233 = RecommendedCurve(rawValue: 0x00000005)
    public static let b233 = RecommendedCurve(rawValue: 0x00000006)
    public static let p256 = RecommendedCurve(rawValue: 0x00000007)
    public static let k283 = RecommendedCurve(rawValue: 0x00000008)
    public static let b283 = RecommendedCurve(rawValue: 0x00000009)
    public static let p384 = RecommendedCurve(rawValue: 0x0000000A)
    public static let k409 = RecommendedCurve(rawValue: 0x0000000B)
    public static let b409 = RecommendedCurve(rawValue: 0x0000000C)
    public static let p521 = RecommendedCurve(rawValue: 0x0000000D)
    public static let k571 = RecommendedCurve(rawValue: 0x0000000E)
    public static let b571 = RecommendedCurve(rawValue: 0x0000000F)
    public static let secp112R1 = RecommendedCurve(rawValue: 0x00000010)
    public static let secp112R2 = RecommendedCurve(rawValue: 0x00000011)
    public static let secp128R1 = RecommendedCurve(rawValue: 0x00000012)
    public static let secp128R2 = RecommendedCurve(rawValue: 0x00000013)
    public static let secp160K1 = RecommendedCurve(rawValue: 0x00000014)
    public static let secp160R1 = RecommendedCurve(rawValue: 0x00000015)
    public static let secp160R2 = RecommendedCurve(rawValue: 0x00000016)
    public static let secp192K1 = RecommendedCurve(rawValue: 0x00000017)
    public static let secp224K1 = RecommendedCurve(rawValue: 0x00000018)
    public static let secp256K1 = RecommendedCurve(rawValue: 0x00000019)
    public static let sect113R1 = RecommendedCurve(rawValue: 0x0000001A)
    public static let sect113R2 = RecommendedCurve(rawValue: 0x0000001B)
    public static let sect131R1 = RecommendedCurve(rawValue: 0x0000001C)
    public static let sect131R2 = RecommendedCurve(rawValue: 0x0000001D)
    public static let sect163R1 = RecommendedCurve(rawValue: 0x0000001E)
    public static let sect193R1 = RecommendedCurve(rawValue: 0x0000001F)
    public static let sect193R2 = RecommendedCurve(rawValue: 0x00000020)
    public static let sect239K1 = RecommendedCurve(rawValue: 0x00000021)
    public static let ansix9P192V2 = RecommendedCurve(rawValue: 0x00000022)
    public static let ansix9P192V3 = RecommendedCurve(rawValue: 0x00000023)
    public static let ansix9P239V1 = RecommendedCurve(rawValue: 0x00000024)
    public static let ansix9P239V2 = RecommendedCurve(rawValue: 0x00000025)
    public static let ansix9P239V3 = RecommendedCurve(rawValue: 0x00000026)
    public static let ansix9C2PNB163V1 = RecommendedCurve(rawValue: 0x00000027)
    public static let ansix9C2PNB163V2 = RecommendedCurve(rawValue: 0x00000028)
    public static let ansix9C2PNB163V3 = RecommendedCurve(rawValue: 0x00000029)
    public static let ansix9C2PNB176V1 = RecommendedCurve(rawValue: 0x0000002A)
    public static let ansix9C2TNB191V1 = RecommendedCurve(rawValue: 0x0000002B)
    public static let ansix9C2TNB191V2 = RecommendedCurve(rawValue: 0x0000002C)
    public static let ansix9C2TNB191V3 = RecommendedCurve(rawValue: 0x0000002D)
    public static let ansix9C2PNB208W1 = RecommendedCurve(rawValue: 0x0000002E)
    public static let ansix9C2TNB239V1 = RecommendedCurve(rawValue: 0x0000002F)
    public static let ansix9C2TNB239V2 = RecommendedCurve(rawValue: 0x00000030)
    public static let ansix9C2TNB239V3 = RecommendedCurve(rawValue: 0x00000031)
    public static let ansix9C2PNB272W1 = RecommendedCurve(rawValue: 0x00000032)
    public static let ansix9C2PNB304W1 = RecommendedCurve(rawValue: 0x00000033)
    public static let ansix9C2TNB359V1 = RecommendedCurve(rawValue: 0x00000034)
    public static let ansix9C2PNB368W1 = RecommendedCurve(rawValue: 0x00000035)
    public static let ansix9C2TNB431R1 = RecommendedCurve(rawValue: 0x00000036)
    public static let brainpoolp160R1 = RecommendedCurve(rawValue: 0x00000037)
    public static let brainpoolp160T1 = RecommendedCurve(rawValue: 0x00000038)
    public static let brainpoolp192R1 = RecommendedCurve(rawValue: 0x00000039)
    public static let brainpoolp192T1 = RecommendedCurve(rawValue: 0x0000003A)
    public static let brainpoolp224R1 = RecommendedCurve(rawValue: 0x0000003B)
    public static let brainpoolp224T1 = RecommendedCurve(rawValue: 0x0000003C)
    public static let brainpoolp256R1 = RecommendedCurve(rawValue: 0x0000003D)
    public static let brainpoolp256T1 = RecommendedCurve(rawValue: 0x0000003E)
    public static let brainpoolp320R1 = RecommendedCurve(rawValue: 0x0000003F)
    public static let brainpoolp320T1 = RecommendedCurve(rawValue: 0x00000040)
    public static let brainpoolp384R1 = RecommendedCurve(rawValue: 0x00000041)
    public static let brainpoolp384T1 = RecommendedCurve(rawValue: 0x00000042)
    public static let brainpoolp512R1 = RecommendedCurve(rawValue: 0x00000043)
    public static let brainpoolp512T1 = RecommendedCurve(rawValue: 0x00000044)
    public static let curve25519 = RecommendedCurve(rawValue: 0x00000045)
    public static let curve448 = RecommendedCurve(rawValue: 0x00000046)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "P_192"),
        (0x00000002, "K_163"),
        (0x00000003, "B_163"),
        (0x00000004, "P_224"),
        (0x00000005, "K_233"),
        (0x00000006, "B_233"),
        (0x00000007, "P_256"),
        (0x00000008, "K_283"),
        (0x00000009, "B_283"),
        (0x0000000A, "P_384"),
        (0x0000000B, "K_409"),
        (0x0000000C, "B_409"),
        (0x0000000D, "P_521"),
        (0x0000000E, "K_571"),
        (0x0000000F, "B_571"),
        (0x00000010, "SECP112R1"),
        (0x00000011, "SECP112R2"),
        (0x00000012, "SECP128R1"),
        (0x00000013, "SECP128R2"),
        (0x00000014, "SECP160K1"),
        (0x00000015, "SECP160R1"),
        (0x00000016, "SECP160R2"),
        (0x00000017, "SECP192K1"),
        (0x00000018, "SECP224K1"),
        (0x00000019, "SECP256K1"),
        (0x0000001A, "SECT113R1"),
        (0x0000001B, "SECT113R2"),
        (0x0000001C, "SECT131R1"),
        (0x0000001D, "SECT131R2"),
        (0x0000001E, "SECT163R1"),
        (0x0000001F, "SECT193R1"),
        (0x00000020, "SECT193R2"),
        (0x00000021, "SECT239K1"),
        (0x00000022, "ANSIX9P192V2"),
        (0x00000023, "ANSIX9P192V3"),
        (0x00000024, "ANSIX9P239V1"),
        (0x00000025, "ANSIX9P239V2"),
        (0x00000026, "ANSIX9P239V3"),
        (0x00000027, "ANSIX9C2PNB163V1"),
        (0x00000028, "ANSIX9C2PNB163V2"),
        (0x00000029, "ANSIX9C2PNB163V3"),
        (0x0000002A, "ANSIX9C2PNB176V1"),
        (0x0000002B, "ANSIX9C2TNB191V1"),
        (0x0000002C, "ANSIX9C2TNB191V2"),
        (0x0000002D, "ANSIX9C2TNB191V3"),
        (0x0000002E, "ANSIX9C2PNB208W1"),
        (0x0000002F, "ANSIX9C2TNB239V1"),
        (0x00000030, "ANSIX9C2TNB239V2"),
        (0x00000031, "ANSIX9C2TNB239V3"),
        (0x00000032, "ANSIX9C2PNB272W1"),
        (0x00000033, "ANSIX9C2PNB304W1"),
        (0x00000034, "ANSIX9C2TNB359V1"),
        (0x00000035, "ANSIX9C2PNB368W1"),
        (0x00000036, "ANSIX9C2TNB431R1"),
        (0x00000037, "BRAINPOOLP160R1"),
        (0x00000038, "BRAINPOOLP160T1"),
        (0x00000039, "BRAINPOOLP192R1"),
        (0x0000003A, "BRAINPOOLP192T1"),
        (0x0000003B, "BRAINPOOLP224R1"),
        (0x0000003C, "BRAINPOOLP224T1"),
        (0x0000003D, "BRAINPOOLP256R1"),
        (0x0000003E, "BRAINPOOLP256T1"),
        (0x0000003F, "BRAINPOOLP320R1"),
        (0x00000040, "BRAINPOOLP320T1"),
        (0x00000041, "BRAINPOOLP384R1"),
        (0x00000042, "BRAINPOOLP384T1"),
        (0x00000043, "BRAINPOOLP512R1"),
        (0x00000044, "BRAINPOOLP512T1"),
        (0x00000045, "CURVE25519"),
        (0x00000046, "CURVE448"),
    ]

    public static let spellings = Spellings(names, cosmian: [(0x80000001, "CURVEED25519"), (0x80000002, "CURVEED448")])
}

/// KMIP enumeration "Result Reason".
public struct ResultReason: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let itemNotFound = ResultReason(rawValue: 0x00000001)
    public static let responseTooLarge = ResultReason(rawValue: 0x00000002)
    public static let authenticationNotSuccessful = ResultReason(rawValue: 0x00000003)
    public static let invalidMessage = ResultReason(rawValue: 0x00000004)
    public static let operationNotSupported = ResultReason(rawValue: 0x00000005)
    public static let missingData = ResultReason(rawValue: 0x00000006)
    public static let invalidField = ResultReason(rawValue: 0x00000007)
    public static let featureNotSupported = ResultReason(rawValue: 0x00000008)
    public static let operationCanceledByRequester = ResultReason(rawValue: 0x00000009)
    public static let cryptographicFailure = ResultReason(rawValue: 0x0000000A)
    public static let illegalOperation = ResultReason(rawValue: 0x0000000B)
    public static let permissionDenied = ResultReason(rawValue: 0x0000000C)
    public static let objectArchived = ResultReason(rawValue: 0x0000000D)
    public static let indexOutOfBounds = ResultReason(rawValue: 0x0000000E)
    public static let applicationNamespaceNotSupported = ResultReason(rawValue: 0x0000000F)
    public static let keyFormatTypeNotSupported = ResultReason(rawValue: 0x00000010)
    public static let keyCompressionTypeNotSupported = ResultReason(rawValue: 0x00000011)
    public static let encodingOptionError = ResultReason(rawValue: 0x00000012)
    public static let keyValueNotPresent = ResultReason(rawValue: 0x00000013)
    public static let attestationRequired = ResultReason(rawValue: 0x00000014)
    public static let attestationFailed = ResultReason(rawValue: 0x00000015)
    public static let sensitive = ResultReason(rawValue: 0x00000016)
    public static let notExtractable = ResultReason(rawValue: 0x00000017)
    public static let objectAlreadyExists = ResultReason(rawValue: 0x00000018)
    public static let invalidTicket = ResultReason(rawValue: 0x00000019)
    public static let usageLimitExceeded = ResultReason(rawValue: 0x0000001A)
    public static let numericRange = ResultReason(rawValue: 0x0000001B)
    public static let invalidDataType = ResultReason(rawValue: 0x0000001C)
    public static let readOnlyAttribute = ResultReason(rawValue: 0x0000001D)
    public static let multiValuedAttribute = ResultReason(rawValue: 0x0000001E)
    public static let unsupportedAttribute = ResultReason(rawValue: 0x0000001F)
    public static let attributeInstanceNotFound = ResultReason(rawValue: 0x00000020)
    public static let attributeNotFound = ResultReason(rawValue: 0x00000021)
    public static let attributeReadOnly = ResultReason(rawValue: 0x00000022)
    public static let attributeSingleValued = ResultReason(rawValue: 0x00000023)
    public static let badCryptographicParameters = ResultReason(rawValue: 0x00000024)
    public static let badPassword = ResultReason(rawValue: 0x00000025)
    public static let codecError = ResultReason(rawValue: 0x00000026)
    public static let illegalObjectType = ResultReason(rawValue: 0x00000028)
    public static let incompatibleCryptographicUsageMask = ResultReason(rawValue: 0x00000029)
    public static let internalServerError = ResultReason(rawValue: 0x0000002A)
    public static let invalidAsynchronousCorrelationValue = ResultReason(rawValue: 0x0000002B)
    public static let invalidAttribute = ResultReason(rawValue: 0x0000002C)
    public static let invalidAttributeValue = ResultReason(rawValue: 0x0000002D)
    public static let invalidCorrelationValue = ResultReason(rawValue: 0x0000002E)
    public static let invalidCSR = ResultReason(rawValue: 0x0000002F)
    public static let invalidObjectType = ResultReason(rawValue: 0x00000030)
    public static let keyWrapTypeNotSupported = ResultReason(rawValue: 0x00000032)
    public static let missingInitializationVector = ResultReason(rawValue: 0x00000034)
    public static let nonUniqueNameAttribute = ResultReason(rawValue: 0x00000035)
    public static let objectDestroyed = ResultReason(rawValue: 0x00000036)
    public static let objectNotFound = ResultReason(rawValue: 0x00000037)
    public static let notAuthorised = ResultReason(rawValue: 0x00000039)
    public static let serverLimitExceeded = ResultReason(rawValue: 0x0000003A)
    public static let unknownEnumeration = ResultReason(rawValue: 0x0000003B)
    public static let unknownMessageExtension = ResultReason(rawValue: 0x0000003C)
    public static let unknownTag = ResultReason(rawValue: 0x0000003D)
    public static let unsupportedCryptographicParameters = ResultReason(rawValue: 0x0000003E)
    public static let unsupportedProtocolVersion = ResultReason(rawValue: 0x0000003F)
    public static let wrappingObjectArchived = ResultReason(rawValue: 0x00000040)
    public static let wrappingObjectDestroyed = ResultReason(rawValue: 0x00000041)
    public static let wrappingObjectNotFound = ResultReason(rawValue: 0x00000042)
    public static let wrongKeyLifecycleState = ResultReason(rawValue: 0x00000043)
    public static let protectionStorageUnavailable = ResultReason(rawValue: 0x00000044)
    public static let pkcs11CodecError = ResultReason(rawValue: 0x00000045)
    public static let pkcs11InvalidFunction = ResultReason(rawValue: 0x00000046)
    public static let pkcs11InvalidInterface = ResultReason(rawValue: 0x00000047)
    public static let privateProtectionStorageUnavailable = ResultReason(rawValue: 0x00000048)
    public static let publicProtectionStorageUnavailable = ResultReason(rawValue: 0x00000049)
    public static let unknownObjectGroup = ResultReason(rawValue: 0x0000004A)
    public static let constraintViolation = ResultReason(rawValue: 0x0000004B)
    public static let duplicateProcessRequest = ResultReason(rawValue: 0x0000004C)
    public static let generalFailure = ResultReason(rawValue: 0x00000100)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "ItemNotFound"),
        (0x00000002, "ResponseTooLarge"),
        (0x00000003, "AuthenticationNotSuccessful"),
        (0x00000004, "InvalidMessage"),
        (0x00000005, "OperationNotSupported"),
        (0x00000006, "MissingData"),
        (0x00000007, "InvalidField"),
        (0x00000008, "FeatureNotSupported"),
        (0x00000009, "OperationCanceledByRequester"),
        (0x0000000A, "CryptographicFailure"),
        (0x0000000B, "IllegalOperation"),
        (0x0000000C, "PermissionDenied"),
        (0x0000000D, "ObjectArchived"),
        (0x0000000E, "IndexOutOfBounds"),
        (0x0000000F, "ApplicationNamespaceNotSupported"),
        (0x00000010, "KeyFormatTypeNotSupported"),
        (0x00000011, "KeyCompressionTypeNotSupported"),
        (0x00000012, "EncodingOptionError"),
        (0x00000013, "KeyValueNotPresent"),
        (0x00000014, "AttestationRequired"),
        (0x00000015, "AttestationFailed"),
        (0x00000016, "Sensitive"),
        (0x00000017, "NotExtractable"),
        (0x00000018, "ObjectAlreadyExists"),
        (0x00000019, "InvalidTicket"),
        (0x0000001A, "UsageLimitExceeded"),
        (0x0000001B, "NumericRange"),
        (0x0000001C, "InvalidDataType"),
        (0x0000001D, "ReadOnlyAttribute"),
        (0x0000001E, "MultiValuedAttribute"),
        (0x0000001F, "UnsupportedAttribute"),
        (0x00000020, "AttributeInstanceNotFound"),
        (0x00000021, "AttributeNotFound"),
        (0x00000022, "AttributeReadOnly"),
        (0x00000023, "AttributeSingleValued"),
        (0x00000024, "BadCryptographicParameters"),
        (0x00000025, "BadPassword"),
        (0x00000026, "CodecError"),
        (0x00000028, "IllegalObjectType"),
        (0x00000029, "IncompatibleCryptographicUsageMask"),
        (0x0000002A, "InternalServerError"),
        (0x0000002B, "InvalidAsynchronousCorrelationValue"),
        (0x0000002C, "InvalidAttribute"),
        (0x0000002D, "InvalidAttributeValue"),
        (0x0000002E, "InvalidCorrelationValue"),
        (0x0000002F, "InvalidCSR"),
        (0x00000030, "InvalidObjectType"),
        (0x00000032, "KeyWrapTypeNotSupported"),
        (0x00000034, "MissingInitializationVector"),
        (0x00000035, "NonUniqueNameAttribute"),
        (0x00000036, "ObjectDestroyed"),
        (0x00000037, "ObjectNotFound"),
        (0x00000039, "NotAuthorised"),
        (0x0000003A, "ServerLimitExceeded"),
        (0x0000003B, "UnknownEnumeration"),
        (0x0000003C, "UnknownMessageExtension"),
        (0x0000003D, "UnknownTag"),
        (0x0000003E, "UnsupportedCryptographicParameters"),
        (0x0000003F, "UnsupportedProtocolVersion"),
        (0x00000040, "WrappingObjectArchived"),
        (0x00000041, "WrappingObjectDestroyed"),
        (0x00000042, "WrappingObjectNotFound"),
        (0x00000043, "WrongKeyLifecycleState"),
        (0x00000044, "ProtectionStorageUnavailable"),
        (0x00000045, "PKCS_11CodecError"),
        (0x00000046, "PKCS_11InvalidFunction"),
        (0x00000047, "PKCS_11InvalidInterface"),
        (0x00000048, "PrivateProtectionStorageUnavailable"),
        (0x00000049, "PublicProtectionStorageUnavailable"),
        (0x0000004A, "UnknownObjectGroup"),
        (0x0000004B, "ConstraintViolation"),
        (0x0000004C, "DuplicateProcessRequest"),
        (0x00000100, "GeneralFailure"),
    ]

    public static let spellings = Spellings(names, cosmian: [(0x00000001, "Item_Not_Found"), (0x00000002, "Response_Too_Large"), (0x00000003, "Authentication_Not_Successful"), (0x00000004, "Invalid_Message"), (0x00000005, "Operation_Not_Supported"), (0x00000006, "Missing_Data"), (0x00000007, "Invalid_Field"), (0x00000008, "Feature_Not_Supported"), (0x00000009, "Operation_Canceled_By_Requester"), (0x0000000A, "Cryptographic_Failure"), (0x0000000B, "Illegal_Operation"), (0x0000000C, "Permission_Denied"), (0x0000000D, "Object_Archived"), (0x0000000E, "Index_Out_of_Bounds"), (0x0000000F, "Application_Namespace_Not_Supported"), (0x00000010, "Key_Format_Type_Not_Supported"), (0x00000011, "Key_Compression_Type_Not_Supported"), (0x00000012, "Encoding_Option_Error"), (0x00000013, "Key_Value_Not_Present"), (0x00000014, "Attestation_Required"), (0x00000015, "Attestation_Failed"), (0x00000016, "Sensitive"), (0x00000017, "Not_Extractable"), (0x00000018, "Object_Already_Exists"), (0x00000019, "Invalid_Ticket"), (0x0000001A, "Usage_Limit_Exceeded"), (0x0000001B, "Numeric_Range"), (0x0000001C, "Invalid_Data_Type"), (0x0000001D, "Read_Only_Attribute"), (0x0000001E, "Multi_Valued_Attribute"), (0x0000001F, "Unsupported_Attribute"), (0x00000020, "Attribute_Instance_Not_Found"), (0x00000021, "Attribute_Not_Found"), (0x00000022, "Attribute_Read_Only"), (0x00000023, "Attribute_Single_Valued"), (0x00000024, "Bad_Cryptographic_Parameters"), (0x00000025, "Bad_Password"), (0x00000026, "Codec_Error"), (0x00000028, "Illegal_Object_Type"), (0x00000029, "Incompatible_Cryptographic_Usage_Mask"), (0x0000002A, "Internal_Server_Error"), (0x0000002B, "Invalid_Asynchronous_Correlation_Value"), (0x0000002C, "Invalid_Attribute"), (0x0000002D, "Invalid_Attribute_Value"), (0x0000002E, "Invalid_Correlation_Value"), (0x0000002F, "Invalid_CSR"), (0x00000030, "Invalid_Object_Type"), (0x00000032, "Key_Wrap_Type_Not_Supported"), (0x00000034, "Missing_Initialization_Vector"), (0x00000035, "Non_Unique_Name_Attribute"), (0x00000036, "Object_Destroyed"), (0x00000037, "Object_Not_Found"), (0x00000039, "Not_Authorised"), (0x0000003A, "Server_Limit_Exceeded"), (0x0000003B, "Unknown_Enumeration"), (0x0000003C, "Unknown_Message_Extension"), (0x0000003D, "Unknown_Tag"), (0x0000003E, "Unsupported_Cryptographic_Parameters"), (0x0000003F, "Unsupported_Protocol_Version"), (0x00000040, "Wrapping_Object_Archived"), (0x00000041, "Wrapping_Object_Destroyed"), (0x00000042, "Wrapping_Object_Not_Found"), (0x00000043, "Wrong_Key_Lifecycle_State"), (0x00000044, "Protection_Storage_Unavailable"), (0x00000045, "PKCS_11_Codec_Error"), (0x00000046, "PKCS_11_Invalid_Function"), (0x00000047, "PKCS_11_Invalid_Interface"), (0x00000048, "Private_Protection_Storage_Unavailable"), (0x00000049, "Public_Protection_Storage_Unavailable"), (0x0000004A, "Unknown_Object_Group"), (0x0000004B, "Constraint_Violation"), (0x0000004C, "Duplicate_Process_Request"), (0x00000100, "General_Failure")])
}

/// KMIP enumeration "Result Status".
public struct ResultStatus: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let success = ResultStatus(rawValue: 0x00000000)
    public static let operationFailed = ResultStatus(rawValue: 0x00000001)
    public static let operationPending = ResultStatus(rawValue: 0x00000002)
    public static let operationUndone = ResultStatus(rawValue: 0x00000003)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000000, "Success"),
        (0x00000001, "OperationFailed"),
        (0x00000002, "OperationPending"),
        (0x00000003, "OperationUndone"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Revocation Reason Code".
public struct RevocationReasonCode: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let unspecified = RevocationReasonCode(rawValue: 0x00000001)
    public static let keyCompromise = RevocationReasonCode(rawValue: 0x00000002)
    public static let caCompromise = RevocationReasonCode(rawValue: 0x00000003)
    public static let affiliationChanged = RevocationReasonCode(rawValue: 0x00000004)
    public static let superseded = RevocationReasonCode(rawValue: 0x00000005)
    public static let cessationOfOperation = RevocationReasonCode(rawValue: 0x00000006)
    public static let privilegeWithdrawn = RevocationReasonCode(rawValue: 0x00000007)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Unspecified"),
        (0x00000002, "KeyCompromise"),
        (0x00000003, "CACompromise"),
        (0x00000004, "AffiliationChanged"),
        (0x00000005, "Superseded"),
        (0x00000006, "CessationOfOperation"),
        (0x00000007, "PrivilegeWithdrawn"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Rotate Name Type".
public struct RotateNameType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let uninterpretedTextString = RotateNameType(rawValue: 0x00000001)
    public static let uri = RotateNameType(rawValue: 0x00000002)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "UninterpretedTextString"),
        (0x00000002, "URI"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Secret Data Type".
public struct SecretDataType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let password = SecretDataType(rawValue: 0x00000001)
    public static let seed = SecretDataType(rawValue: 0x00000002)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Password"),
        (0x00000002, "Seed"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Shredding Algorithm".
public struct ShreddingAlgorithm: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let unspecified = ShreddingAlgorithm(rawValue: 0x00000001)
    public static let cryptographic = ShreddingAlgorithm(rawValue: 0x00000002)
    public static let unsupported = ShreddingAlgorithm(rawValue: 0x00000003)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Unspecified"),
        (0x00000002, "Cryptographic"),
        (0x00000003, "Unsupported"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Split Key Method".
public struct SplitKeyMethod: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let xor = SplitKeyMethod(rawValue: 0x00000001)
    public static let polynomialSharingGF216 = SplitKeyMethod(rawValue: 0x00000002)
    public static let polynomialSharingPrimeField = SplitKeyMethod(rawValue: 0x00000003)
    public static let polynomialSharingGF28 = SplitKeyMethod(rawValue: 0x00000004)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "XOR"),
        (0x00000002, "PolynomialSharingGF2_16"),
        (0x00000003, "PolynomialSharingPrimeField"),
        (0x00000004, "PolynomialSharingGF2_8"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "State".
public struct State: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let preActive = State(rawValue: 0x00000001)
    public static let active = State(rawValue: 0x00000002)
    public static let deactivated = State(rawValue: 0x00000003)
    public static let compromised = State(rawValue: 0x00000004)
    public static let destroyed = State(rawValue: 0x00000005)
    public static let destroyedCompromised = State(rawValue: 0x00000006)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "PreActive"),
        (0x00000002, "Active"),
        (0x00000003, "Deactivated"),
        (0x00000004, "Compromised"),
        (0x00000005, "Destroyed"),
        (0x00000006, "DestroyedCompromised"),
    ]

    public static let spellings = Spellings(names, cosmian: [(0x00000006, "Destroyed_Compromised")])
}

/// KMIP enumeration "Ticket Type".
public struct TicketType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let login = TicketType(rawValue: 0x00000001)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Login"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Unique Identifier".
public struct IdentifierPlaceholder: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let idPlaceholder = IdentifierPlaceholder(rawValue: 0x00000001)
    public static let certify = IdentifierPlaceholder(rawValue: 0x00000002)
    public static let create = IdentifierPlaceholder(rawValue: 0x00000003)
    public static let createKeyPair = IdentifierPlaceholder(rawValue: 0x00000004)
    public static let createKeyPairPrivateKey = IdentifierPlaceholder(rawValue: 0x00000005)
    public static let createKeyPairPublicKey = IdentifierPlaceholder(rawValue: 0x00000006)
    public static let createSplitKey = IdentifierPlaceholder(rawValue: 0x00000007)
    public static let deriveKey = IdentifierPlaceholder(rawValue: 0x00000008)
    public static let `import` = IdentifierPlaceholder(rawValue: 0x00000009)
    public static let joinSplitKey = IdentifierPlaceholder(rawValue: 0x0000000A)
    public static let locate = IdentifierPlaceholder(rawValue: 0x0000000B)
    public static let register = IdentifierPlaceholder(rawValue: 0x0000000C)
    public static let reKey = IdentifierPlaceholder(rawValue: 0x0000000D)
    public static let reCertify = IdentifierPlaceholder(rawValue: 0x0000000E)
    public static let reKeyKeyPair = IdentifierPlaceholder(rawValue: 0x0000000F)
    public static let reKeyKeyPairPrivateKey = IdentifierPlaceholder(rawValue: 0x00000010)
    public static let reKeyKeyPairPublicKey = IdentifierPlaceholder(rawValue: 0x00000011)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "IDPlaceholder"),
        (0x00000002, "Certify"),
        (0x00000003, "Create"),
        (0x00000004, "CreateKeyPair"),
        (0x00000005, "CreateKeyPairPrivateKey"),
        (0x00000006, "CreateKeyPairPublicKey"),
        (0x00000007, "CreateSplitKey"),
        (0x00000008, "DeriveKey"),
        (0x00000009, "Import"),
        (0x0000000A, "JoinSplitKey"),
        (0x0000000B, "Locate"),
        (0x0000000C, "Register"),
        (0x0000000D, "ReKey"),
        (0x0000000E, "ReCertify"),
        (0x0000000F, "ReKeyKeyPair"),
        (0x00000010, "ReKeyKeyPairPrivateKey"),
        (0x00000011, "ReKeyKeyPairPublicKey"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Unwrap Mode".
public struct UnwrapMode: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let unspecified = UnwrapMode(rawValue: 0x00000001)
    public static let processed = UnwrapMode(rawValue: 0x00000002)
    public static let notProcessed = UnwrapMode(rawValue: 0x00000003)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Unspecified"),
        (0x00000002, "Processed"),
        (0x00000003, "NotProcessed"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Usage Limits Unit".
public struct UsageLimitsUnit: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let byte = UsageLimitsUnit(rawValue: 0x00000001)
    public static let object = UsageLimitsUnit(rawValue: 0x00000002)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Byte"),
        (0x00000002, "Object"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Validation Authority Type".
public struct ValidationAuthorityType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let unspecified = ValidationAuthorityType(rawValue: 0x00000001)
    public static let nistcmvp = ValidationAuthorityType(rawValue: 0x00000002)
    public static let commonCriteria = ValidationAuthorityType(rawValue: 0x00000003)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Unspecified"),
        (0x00000002, "NISTCMVP"),
        (0x00000003, "CommonCriteria"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Validation Type".
public struct ValidationType: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let unspecified = ValidationType(rawValue: 0x00000001)
    public static let hardware = ValidationType(rawValue: 0x00000002)
    public static let software = ValidationType(rawValue: 0x00000003)
    public static let firmware = ValidationType(rawValue: 0x00000004)
    public static let hybrid = ValidationType(rawValue: 0x00000005)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Unspecified"),
        (0x00000002, "Hardware"),
        (0x00000003, "Software"),
        (0x00000004, "Firmware"),
        (0x00000005, "Hybrid"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Validity Indicator".
public struct ValidityIndicator: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let valid = ValidityIndicator(rawValue: 0x00000001)
    public static let invalid = ValidityIndicator(rawValue: 0x00000002)
    public static let unknown = ValidityIndicator(rawValue: 0x00000003)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Valid"),
        (0x00000002, "Invalid"),
        (0x00000003, "Unknown"),
    ]

    public static let spellings = Spellings(names)
}

/// KMIP enumeration "Wrapping Method".
public struct WrappingMethod: KMIPEnumeration {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let encrypt = WrappingMethod(rawValue: 0x00000001)
    public static let macSign = WrappingMethod(rawValue: 0x00000002)
    public static let encryptThenMACSign = WrappingMethod(rawValue: 0x00000003)
    public static let macSignThenEncrypt = WrappingMethod(rawValue: 0x00000004)
    public static let tr31 = WrappingMethod(rawValue: 0x00000005)

    public static let names: [(value: UInt32, name: StaticString)] = [
        (0x00000001, "Encrypt"),
        (0x00000002, "MACSign"),
        (0x00000003, "EncryptThenMACSign"),
        (0x00000004, "MACSignThenEncrypt"),
        (0x00000005, "TR_31"),
    ]

    public static let spellings = Spellings(names)
}
