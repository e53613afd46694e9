import KMIP
import Testing

/// The spelling of enumeration values in the 4.22 dialect, both ways.
@Suite struct NameTests {
    /// Writes a value in an attribute, reads the text that was written.
    static func written(_ set: (inout Attributes) -> Void) -> String {
        var attributes = Attributes()
        set(&attributes)
        let json = String(decoding: Cosmian422.plainJSON(attributes), as: UTF8.self)
        return json.split(separator: "\"").map(String.init).filter {
            !$0.contains(where: ":,{}[]".contains)
        }
        .first {
            ![
                "CryptographicAlgorithm", "CryptographicParameters", "BlockCipherMode",
                "PaddingMethod", "HashingAlgorithm", "CryptographicDomainParameters",
                "RecommendedCurve", "KeyFormatType", "Link",
            ].contains($0)
        } ?? ""
    }

    @Test(arguments: [
        (CryptographicAlgorithm.des3, "THREE_DES"), (.aes, "AES"), (.hmacSHA256, "HMACSHA256"),
        (.sha3224, "SHA3224"), (.shake128, "SHAKE128"), (.sphincs256, "SPHINCS_256"),
        (.chaCha20Poly1305, "ChaCha20Poly1305"),
        (CryptographicAlgorithm(rawValue: 0x34), "Page166Of230McEliece"),
    ])
    func writesAlgorithms(_ algorithm: CryptographicAlgorithm, _ name: String) {
        #expect(Self.written { $0.cryptographicAlgorithm = algorithm } == name)
    }

    @Test(arguments: [
        (BlockCipherMode.cbcMAC, "CBCMAC"), (.gcmSIV, "GCMSIV"), (.aead, "AEAD"),
        (.nistKeyWrap, "NISTKeyWrap"),
        (.x9102AESKW, "X9102AESKW"),
    ])
    func writesModes(_ mode: BlockCipherMode, _ name: String) {
        #expect(
            Self.written {
                $0.cryptographicParameters = CryptographicParameters()
                $0.cryptographicParameters?.blockCipherMode = mode
            } == name)
    }

    @Test(arguments: [
        (HashingAlgorithm.sha256, "SHA256"), (.sha1, "SHA1"), (.ripemd160, "RIPEMD_160"),
        (.sha512224, "SHA512224"),
    ])
    func writesHashes(_ hash: HashingAlgorithm, _ name: String) {
        #expect(
            Self.written {
                $0.cryptographicParameters = CryptographicParameters()
                $0.cryptographicParameters?.hashingAlgorithm = hash
            } == name)
    }

    @Test(arguments: [
        "SHA256", "SHA_256",
    ])
    func readsBothSpellings(_ name: String) throws {
        let body =
            #"{"tag":"Encrypt","value":[{"tag":"CryptographicParameters","value":[{"tag":"HashingAlgorithm","type":"Enumeration","value":"\#(name)"}]}]}"#
        guard case .operation(.encrypt(let request)) = try Cosmian422.decode(Array(body.utf8))
        else {
            Issue.record("no Encrypt")
            return
        }

        #expect(request.cryptographicParameters?.hashingAlgorithm == .sha256)
    }

    /// The names that the wire format notes list, "Enumeration names used".
    @Test(arguments: [
        "DES THREE_DES AES RSA DSA ECDSA HMACSHA1 HMACSHA224 HMACSHA256 HMACSHA384 HMACSHA512 HMACMD5 DH ECDH ECMQV Blowfish Camellia CAST5 IDEA MARS RC2 RC4 RC5 SKIPJACK Twofish EC OneTimePad ChaCha20 Poly1305 ChaCha20Poly1305 SHA3224 SHA3256 SHA3384 SHA3512 HMACSHA3224 HMACSHA3256 HMACSHA3384 HMACSHA3512 SHAKE128 SHAKE256 ARIA SEED SM2 SM3 SM4 GOSTR34102012 GOSTR34112012 GOSTR34132015 GOST2814789 XMSS SPHINCS_256 Page166Of230McEliece McEliece6960119 McEliece8192128 Ed25519 Ed448 CoverCrypt CoverCryptBulk"
    ])
    func readsEveryAlgorithm(_ names: String) throws {
        try expectReadable(names, in: "CryptographicAlgorithm")
    }

    @Test func readsEveryOtherName() throws {
        try expectReadable(
            "Raw Opaque PKCS1 PKCS8 X509 ECPrivateKey TransparentSymmetricKey TransparentDSAPrivateKey TransparentDSAPublicKey TransparentRSAPrivateKey TransparentRSAPublicKey TransparentDHPrivateKey TransparentDHPublicKey TransparentECPrivateKey TransparentECPublicKey PKCS12 PKCS10 Pkcs12Legacy PKCS7 EnclaveECKeyPair EnclaveECSharedKey CoverCryptSecretKey CoverCryptPublicKey",
            in: "KeyFormatType")
        try expectReadable(
            "Certificate SymmetricKey PublicKey PrivateKey SplitKey SecretData OpaqueObject PGPKey CertificateRequest",
            in: "ObjectType")
        try expectReadable(
            "P192 P224 P256 P384 P521 CURVE25519 CURVE448 CURVEED25519 CURVEED448",
            in: "RecommendedCurve",
            of: "CryptographicDomainParameters")
        try expectReadable(
            "CBC ECB PCBC CFB OFB CTR CMAC CCM GCM CBCMAC XTS X9102AESKW X9102TDKW X9102AKW1 X9102AKW2 AEAD NISTKeyWrap GCMSIV",
            in: "BlockCipherMode", of: "CryptographicParameters")
        try expectReadable(
            "None OAEP PKCS5 SSL3 Zeros ANSIX923 ISO10126 PKCS1v15 X931 PSS", in: "PaddingMethod",
            of: "CryptographicParameters")
        try expectReadable(
            "MD2 MD4 MD5 SHA1 SHA224 SHA256 SHA384 SHA512 RIPEMD_160 Tiger Whirlpool SHA512224 SHA512256 SHA3224 SHA3256 SHA3384 SHA3512",
            in: "HashingAlgorithm", of: "CryptographicParameters")
    }

    /// Each name is read, and written as it was.
    private func expectReadable(_ names: String, in field: String, of structure: String? = nil)
        throws
    {
        for name in names.split(separator: " ") {
            let item = #"{"tag":"\#(field)","type":"Enumeration","value":"\#(name)"}"#
            let inner =
                structure.map { #"{"tag":"\#($0)","type":"Structure","value":[\#(item)]}"# } ?? item
            let body =
                #"{"tag":"Locate","type":"Structure","value":[{"tag":"Attributes","type":"Structure","value":[\#(inner)]}]}"#

            guard case .operation(let request) = try Cosmian422.decode(Array(body.utf8)) else {
                Issue.record("no operation")
                return
            }

            #expect(String(decoding: Cosmian422.encode(request), as: UTF8.self) == body)
        }
    }

    @Test func namesStatesAndOperations() {
        #expect(Cosmian422.stateName(.destroyedCompromised) == "Destroyed_Compromised")
        #expect(Cosmian422.stateName(.preActive) == "PreActive")
        #expect(Cosmian422.operationName(.getAttributes) == "getattributes")
        #expect(Cosmian422.operationName(.reKey) == "rekey")
        #expect(Cosmian422.operation(named: "getattributes") == .getAttributes)
        #expect(Cosmian422.operation(named: "get_attributes") == nil)
        #expect(Cosmian422.operation(named: "") == nil)
    }

    @Test(arguments: ["IvCounterNonce", "IVCounterNonce"])
    func readsBothSpellingsOfTheIV(_ tag: String) throws {
        let body =
            #"{"tag":"Encrypt","value":[{"tag":"\#(tag)","type":"ByteString","value":"0A"}]}"#
        guard case .operation(.encrypt(let request)) = try Cosmian422.decode(Array(body.utf8))
        else {
            Issue.record("no Encrypt")
            return
        }

        #expect(request.ivCounterNonce == [10])
        #expect(
            String(decoding: Cosmian422.encode(.encrypt(request)), as: UTF8.self).contains(
                "IvCounterNonce"))
    }
}
