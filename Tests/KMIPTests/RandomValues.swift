import KMIP
import Secrets

/// Random values of the typed core, the same for the same seed.
struct RandomValues: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    // SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    mutating func flag() -> Bool { next() & 1 == 0 }
    mutating func maybe<T>(_ value: (inout RandomValues) -> T) -> T? { flag() ? value(&self) : nil }
    mutating func list<T>(_ value: (inout RandomValues) -> T) -> [T] {
        (0..<below(4)).map { _ in value(&self) }
    }

    mutating func int32() -> Int32 {
        [0, 1, -1, 256, .max, .min, Int32(truncatingIfNeeded: next())][below(7)]
    }
    mutating func int64() -> Int64 {
        [0, 1, -1, 256, .max, .min, Int64(bitPattern: next())][below(7)]
    }
    mutating func bytes() -> [UInt8] {
        (0..<below(40)).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
    mutating func secret() -> SecretBytes { SecretBytes(copying: bytes()) }

    /// Never a name of a revocation reason nor a list in brackets.
    mutating func text() -> String {
        let alphabet: [Character] = [
            "a", "Z", "0", " ", "-", "_", "\"", "\\", "/", "\n", "\t", "\u{1}", "\u{7F}", "é", "€",
            "😀", "<",
        ]
        return "t" + String((0..<below(24)).map { _ in alphabet[below(alphabet.count)] })
    }

    /// One of the values that the registry names.
    mutating func enumeration<E: KMIPEnumeration>(_ type: E.Type) -> E {
        E(rawValue: E.names[below(E.names.count)].value)
    }

    mutating func identifier() -> Identifier {
        switch below(4) {
        case 0: .enumeration(UInt32(1 + below(17)))
        case 1: .integer(Int64(int32()))
        default: .text(text())
        }
    }

    mutating func parameters() -> CryptographicParameters {
        var parameters = CryptographicParameters()
        parameters.blockCipherMode = maybe {
            $0.flag() ? .gcmSIV : $0.enumeration(BlockCipherMode.self)
        }
        parameters.paddingMethod = maybe { $0.enumeration(PaddingMethod.self) }
        parameters.hashingAlgorithm = maybe { $0.enumeration(HashingAlgorithm.self) }
        parameters.keyRoleType = maybe { $0.enumeration(KeyRoleType.self) }
        parameters.digitalSignatureAlgorithm = maybe {
            $0.enumeration(DigitalSignatureAlgorithm.self)
        }
        // Always there: an empty structure is left out, and read as absent.
        parameters.cryptographicAlgorithm = enumeration(CryptographicAlgorithm.self)
        parameters.randomIV = maybe { $0.flag() }
        parameters.ivLength = maybe { $0.int64() }
        parameters.tagLength = maybe { $0.int64() }
        parameters.fixedFieldLength = maybe { $0.int64() }
        parameters.invocationFieldLength = maybe { $0.int64() }
        parameters.counterLength = maybe { $0.int64() }
        parameters.initialCounterValue = maybe { $0.int64() }
        parameters.saltLength = maybe { $0.int64() }
        parameters.maskGenerator = maybe { $0.enumeration(MaskGenerator.self) }
        parameters.maskGeneratorHashingAlgorithm = maybe { $0.enumeration(HashingAlgorithm.self) }
        parameters.pSource = maybe { $0.bytes() }
        parameters.trailerField = maybe { $0.int64() }
        return parameters
    }

    mutating func domainParameters() -> CryptographicDomainParameters {
        CryptographicDomainParameters(
            qLength: maybe { $0.int32() }, recommendedCurve: enumeration(RecommendedCurve.self))
    }

    mutating func link() -> Link { Link(enumeration(LinkType.self), to: identifier()) }

    mutating func vendorAttribute() -> VendorAttribute {
        VendorAttribute(vendor: text(), name: text(), value: bytes())
    }

    /// What the 4.22 dialect carries.
    mutating func attributes() -> Attributes {
        var attributes = Attributes()
        attributes.uniqueIdentifier = maybe { $0.text() }
        attributes.objectType = maybe { $0.enumeration(ObjectType.self) }
        attributes.cryptographicAlgorithm = maybe { $0.enumeration(CryptographicAlgorithm.self) }
        attributes.cryptographicLength = maybe { $0.int32() }
        attributes.cryptographicParameters = maybe { $0.parameters() }
        attributes.cryptographicDomainParameters = maybe { $0.domainParameters() }
        attributes.cryptographicUsageMask = maybe {
            UsageMask(rawValue: UInt32(bitPattern: $0.int32()))
        }
        attributes.keyFormatType = maybe { $0.enumeration(KeyFormatType.self) }
        attributes.sensitive = maybe { $0.flag() }
        attributes.links = list { $0.link() }
        attributes.vendorAttributes = list { $0.vendorAttribute() }
        attributes.activationDate = maybe { $0.int64() }
        return attributes
    }

    /// What is stored: everything.
    mutating func storedAttributes() -> Attributes {
        var attributes = attributes()
        attributes.state = maybe { $0.enumeration(State.self) }
        attributes.initialDate = maybe { $0.int64() }
        attributes.deactivationDate = maybe { $0.int64() }
        attributes.destroyDate = maybe { $0.int64() }
        attributes.compromiseDate = maybe { $0.int64() }
        attributes.compromiseOccurrenceDate = maybe { $0.int64() }
        attributes.lastChangeDate = maybe { $0.int64() }
        attributes.revocationReason = maybe {
            RevocationReason(
                $0.enumeration(RevocationReasonCode.self), message: $0.maybe { $0.text() })
        }
        return attributes
    }

    mutating func keyInformation() -> KeyInformation {
        KeyInformation(identifier(), cryptographicParameters: maybe { $0.parameters() })
    }

    mutating func wrappingData() -> KeyWrappingData {
        var data = KeyWrappingData(
            wrappingMethod: enumeration(WrappingMethod.self),
            encryptionKeyInformation: maybe { $0.keyInformation() },
            encodingOption: maybe { $0.enumeration(EncodingOption.self) })
        data.macSignatureKeyInformation = maybe { $0.keyInformation() }
        data.macSignature = maybe { $0.bytes() }
        data.ivCounterNonce = maybe { $0.bytes() }
        return data
    }

    mutating func keyValue() -> KeyValue {
        KeyValue(
            flag() ? .bytes(secret()) : .transparentSymmetricKey(secret()),
            attributes: maybe { random in
                var attributes = random.attributes()
                attributes.sensitive = random.flag()
                return attributes
            })
    }

    mutating func keyBlock() -> KeyBlock {
        var block = KeyBlock(
            keyFormatType: enumeration(KeyFormatType.self), keyValue: maybe { $0.keyValue() },
            cryptographicAlgorithm: maybe { $0.enumeration(CryptographicAlgorithm.self) },
            cryptographicLength: maybe { $0.int32() }, keyWrappingData: maybe { $0.wrappingData() })
        block.keyCompressionType = maybe { $0.enumeration(KeyCompressionType.self) }
        return block
    }

    mutating func object() -> ManagedObject {
        switch below(4) {
        case 0: .secretData(enumeration(SecretDataType.self), keyBlock())
        case 1: .opaque(OpaqueDataType(rawValue: 0x8000_0000 + UInt32(below(8))), secret())
        default: .symmetricKey(keyBlock())
        }
    }

    mutating func attributeReference() -> AttributeReference {
        flag()
            ? .vendor(vendor: text(), name: text())
            : .standard(
                [Tag.cryptographicLength, .linkType, .vendorExtension, .x509CertificateIdentifier][
                    below(4)])
    }

    mutating func attributeValue() -> AttributeValue {
        switch below(8) {
        case 0: .activationDate(int64())
        case 1: .cryptographicAlgorithm(enumeration(CryptographicAlgorithm.self))
        case 2: .cryptographicLength(int32())
        case 3: .cryptographicParameters(parameters())
        case 4: .cryptographicDomainParameters(domainParameters())
        case 5: .cryptographicUsageMask(UsageMask(rawValue: UInt32(bitPattern: int32())))
        case 6: .links([link()] + list { $0.link() })
        default: .vendorAttributes([vendorAttribute()] + list { $0.vendorAttribute() })
        }
    }
}
