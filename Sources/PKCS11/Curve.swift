import CPKCS11

/// A curve that keys can be on: how KMIP numbers it, and how PKCS#11 writes it.
struct Curve: Sendable {
    /// KMIP Recommended Curve.
    let number: UInt32
    let bits: Int
    /// `CKA_EC_PARAMS`: the DER of an object identifier.
    let parameters: [UInt8]
    let isEdwards: Bool

    /// Bytes of a private scalar, and of each half of a signature.
    var size: Int { (bits + 7) / 8 }

    static let p256 = Curve(
        number: 7, bits: 256, parameters: [6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7],
        isEdwards: false)
    static let p384 = Curve(
        number: 10, bits: 384, parameters: [6, 5, 0x2B, 0x81, 4, 0, 0x22], isEdwards: false)
    static let p521 = Curve(
        number: 13, bits: 521, parameters: [6, 5, 0x2B, 0x81, 4, 0, 0x23], isEdwards: false)
    /// 1.3.101.112, which KMIP knows as an algorithm; its number is that of CURVE25519.
    static let ed25519 = Curve(
        number: 0x45, bits: 255, parameters: [6, 3, 0x2B, 0x65, 0x70], isEdwards: true)
    /// What PKCS#11 3.0 also allows, and SoftHSM2 wants: PrintableString "edwards25519".
    static let ed25519Name: [UInt8] = [0x13, 12] + Array("edwards25519".utf8)

    static let all = [p256, p384, p521, ed25519]

    static func numbered(_ number: UInt32) -> Curve? { all.first { $0.number == number } }

    static func written(_ parameters: [UInt8]) -> Curve? {
        parameters == ed25519Name ? ed25519 : all.first { $0.parameters == parameters }
    }
}
