import CPKCS11
import PluginKit

/// One object of the token as its attributes describe it.
struct KeyFacts: Sendable {
    let handle: CK_OBJECT_HANDLE
    let type: TokenKeyType
    /// What the key is called: its label, or its id where it has no label.
    let id: [UInt8]
    fileprivate let details: ReadAttributes

    private static let identity: [UInt] = [CKA_CLASS, CKA_KEY_TYPE, CKA_LABEL, CKA_ID]

    /// Nil for an object that is no key we know.
    init?(_ handle: CK_OBJECT_HANDLE, in session: Session) throws(TokenFailure) {
        let identity = try session.read(Self.identity, of: handle)
        guard
            let type = TokenKeyType(
                class: identity.number(CKA_CLASS), keyType: identity.number(CKA_KEY_TYPE))
        else { return nil }
        self.handle = handle
        self.type = type
        let label = identity.bytes(CKA_LABEL)
        id = label.isEmpty ? identity.bytes(CKA_ID) : label
        details = try session.readWhatCanBe(Self.details(of: type), of: handle)
    }

    /// What a type has: asking for more is an error to some tokens.
    private static func details(of type: TokenKeyType) -> [UInt] {
        var types = [CKA_START_DATE, CKA_END_DATE, CKA_DERIVE]
        if type.kind != .publicKey { types += [CKA_SENSITIVE, CKA_EXTRACTABLE] }
        switch type.kind {
        case .secret:
            types += [
                CKA_VALUE_LEN, CKA_ENCRYPT, CKA_DECRYPT, CKA_WRAP, CKA_UNWRAP, CKA_SIGN,
                CKA_VERIFY,
            ]
        case .privateKey: types += [CKA_DECRYPT, CKA_UNWRAP, CKA_SIGN]
        case .publicKey: types += [CKA_ENCRYPT, CKA_WRAP, CKA_VERIFY]
        }
        switch (type.family, type.kind) {
        case (.rsa, _): types += [CKA_MODULUS, CKA_PUBLIC_EXPONENT]
        case (.ec, .publicKey), (.edwards, .publicKey): types += [CKA_EC_PARAMS, CKA_EC_POINT]
        case (.ec, _), (.edwards, _): types.append(CKA_EC_PARAMS)
        default: break
        }
        return types
    }

    var bits: Int {
        switch type.family {
        case .aes, .generic: Int(clamping: details.number(CKA_VALUE_LEN) ?? 0) * 8
        case .rsa:
            // Some tokens put a zero before the modulus.
            details.withBytes(CKA_MODULUS) { $0.drop { $0 == 0 }.count * 8 }
        case .ec, .edwards: curve?.bits ?? 0
        }
    }

    private var curve: Curve? { Curve.written(details.bytes(CKA_EC_PARAMS)) }

    /// As the host sees it, under the id that it asked for.
    func record(as asked: [UInt8]? = nil) throws(TokenFailure) -> HSMKeyRecord {
        var record = HSMKeyRecord(id: asked ?? id)
        record.label = id == record.id ? [] : id
        record.type = type.type
        record.bits = UInt32(clamping: bits)
        if type.kind != .publicKey {
            // What is not told is taken for the safer.
            if details.flag(CKA_SENSITIVE) ?? true { record.flags.insert(.sensitive) }
            if details.flag(CKA_EXTRACTABLE) ?? false { record.flags.insert(.extractable) }
        } else {
            record.flags = .extractable
        }
        record.curve = curve?.number ?? 0
        for (usage, attribute) in KeySpecification.Usage.attributes
        where details.flag(attribute) == true { record.usage |= usage.rawValue }
        record.startDay = Day.number(details.bytes(CKA_START_DATE))
        record.endDay = Day.number(details.bytes(CKA_END_DATE))
        record.publicMaterial = try publicMaterial()
        return record
    }

    /// SubjectPublicKeyInfo; empty where the object does not hold a public key.
    private func publicMaterial() throws(TokenFailure) -> [UInt8] {
        switch type.family {
        case .aes, .generic: return []
        case .rsa:
            guard details.has(CKA_MODULUS), details.has(CKA_PUBLIC_EXPONENT) else { return [] }
            let key = DER.sequence([
                .integer(details, CKA_MODULUS), .integer(details, CKA_PUBLIC_EXPONENT),
            ])
            return try DER.sequence([.rsaEncryption, .bits(.nested(key))]).encoded().array
        case .ec, .edwards:
            guard type.kind == .publicKey, let curve else { return [] }
            let point = Self.point(details.bytes(CKA_EC_POINT))
            guard !point.isEmpty else { return [] }
            let algorithm: DER =
                curve.isEdwards
                ? .sequence([.raw(curve.parameters)])
                : .sequence([.ecPublicKey, .raw(curve.parameters)])
            return try DER.sequence([algorithm, .bits(.bytes(point))]).encoded().array
        }
    }

    /// The point without the OCTET STRING around it, which some tokens leave out.
    private static func point(_ bytes: [UInt8]) -> [UInt8] {
        if bytes.count > 2, bytes[0] == 4, bytes[1] < 0x80, bytes.count == Int(bytes[1]) + 2 {
            return Array(bytes.dropFirst(2))
        }
        if bytes.count > 3, bytes[0] == 4, bytes[1] == 0x81, bytes.count == Int(bytes[2]) + 3 {
            return Array(bytes.dropFirst(3))
        }
        return bytes
    }

    /// The raw key, or PKCS#8.
    ///
    /// - Throws: `CKR_ATTRIBUTE_SENSITIVE` where the device keeps it to itself.
    func secretMaterial(in session: Session) throws(TokenFailure) -> SecretBuffer? {
        switch (type.family, type.kind) {
        case (_, .publicKey): return nil
        case (.aes, _), (.generic, _):
            let read = try read([CKA_VALUE], in: session)
            return try read.withBytes(CKA_VALUE) { (bytes) throws(TokenFailure) in
                try SecretBuffer(copying: bytes)
            }
        case (.rsa, _):
            let parts = [
                CKA_MODULUS, CKA_PUBLIC_EXPONENT, CKA_PRIVATE_EXPONENT, CKA_PRIME_1, CKA_PRIME_2,
                CKA_EXPONENT_1, CKA_EXPONENT_2, CKA_COEFFICIENT,
            ]
            let read = try read(parts, in: session)
            let key = DER.sequence([.small(0)] + parts.map { .integer(read, $0) })
            return try DER.sequence([.small(0), .rsaEncryption, .octets(.nested(key))]).encoded()
        case (.ec, _), (.edwards, _):
            guard let curve else { throw TokenFailure(.functionNotSupported, in: "export") }
            let read = try read([CKA_VALUE], in: session)
            let size = curve.isEdwards ? 32 : curve.size
            let scalar = DER.octets(.value(read, CKA_VALUE, size: size))
            let parts: [DER] =
                curve.isEdwards
                ? [.small(0), .sequence([.raw(curve.parameters)]), .octets(.nested(scalar))]
                : [
                    .small(0), .sequence([.ecPublicKey, .raw(curve.parameters)]),
                    .octets(.nested(.sequence([.small(1), scalar]))),
                ]
            return try DER.sequence(parts).encoded()
        }
    }

    private func read(
        _ types: [UInt], in session: Session
    ) throws(TokenFailure) -> ReadAttributes {
        let read = try session.read(types, of: handle)
        // A token that withholds one of them withholds the key.
        guard !read.isWithheld, types.allSatisfy(read.has) else {
            throw TokenFailure(.attributeSensitive, in: "C_GetAttributeValue")
        }
        return read
    }
}
