import Crypto
import CryptoExtras
import FoundationEssentials

extension Catalogue {
    /// What the device made, looked at with another implementation and the exported key.
    static let hsmKnownAnswers: [Case] = [
        Case("hsm.answers.gcm", "another AES-GCM opens what the device sealed, and the other way") {
            test in
            let slot = try test.slot()
            try test.require(.aesGCM, of: slot)
            let id = test.keyID("gcm")
            try test.make(KeyTemplate(id, .aes, bits: 256), in: slot)
            let key = SymmetricKey(data: try test.material(id, in: slot))
            var item = CryptoItem(.encrypt, .aesGCM, id, Array("the quick brown fox".utf8))
            item.aad = Array("jumps".utf8)
            let sealed = try test.crypto(item, in: slot)
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: sealed.iv), ciphertext: sealed.output, tag: sealed.tag)
            test.expect(
                Array(try AES.GCM.open(box, using: key, authenticating: item.aad)), item.input)
            let other = try AES.GCM.seal(item.input, using: key, authenticating: item.aad)
            var open = CryptoItem(.decrypt, .aesGCM, id, Array(other.ciphertext))
            open.iv = Array(other.nonce)
            open.tag = Array(other.tag)
            open.aad = item.aad
            test.expect(try test.crypto(open, in: slot).output, item.input)
        },
        Case("hsm.answers.cbc", "another AES-CBC opens what the device encrypted") { test in
            let slot = try test.slot()
            try test.require(.aesCBCPad, of: slot)
            let id = test.keyID("cbc")
            try test.make(KeyTemplate(id, .aes, bits: 256), in: slot)
            let key = SymmetricKey(data: try test.material(id, in: slot))
            let item = CryptoItem(.encrypt, .aesCBCPad, id, Array("the quick brown fox".utf8))
            let sealed = try test.crypto(item, in: slot)
            let opened = try AES._CBC.decrypt(
                sealed.output, using: key, iv: try AES._CBC.IV(ivBytes: sealed.iv))
            test.expect(Array(opened), item.input)
        },
        Case("hsm.answers.rsa", "another RSA opens and checks with the keys that were exported") {
            test in
            let slot = try test.slot()
            let id = test.keyID("rsa")
            let made = try test.makePair(id, .rsaPrivate, bits: 2048, in: slot)
            let der = try test.material(id, in: slot)
            let can = Set(try slot.capabilities().map(\.mechanism))
            let plain = Array("the quick brown fox".utf8)
            let ours = try _RSA.Encryption.PrivateKey(derRepresentation: der)
            test.expect(
                Array(ours.publicKey.derRepresentation), made[1].publicMaterial,
                "the public key by the private one")
            let paddings: [(Mechanism, _RSA.Encryption.Padding)] = [
                (.rsaOAEPSHA1, .PKCS1_OAEP), (.rsaOAEPSHA256, .PKCS1_OAEP_SHA256),
            ]
            for (mechanism, padding) in paddings where can.contains(mechanism.rawValue) {
                let sealed = try test.crypto(
                    CryptoItem(.encrypt, mechanism, id + "_pk", plain), in: slot)
                test.expect(
                    Array(try ours.decrypt(sealed.output, padding: padding)), plain,
                    "\(mechanism)")
            }
            let verifier = try _RSA.Signing.PublicKey(derRepresentation: made[1].publicMaterial)
            let signatures: [(Mechanism, _RSA.Signing.Padding)] = [
                (.rsaPKCS1SHA256, .insecurePKCS1v1_5), (.rsaPSSSHA256, .PSS),
            ]
            for (mechanism, padding) in signatures where can.contains(mechanism.rawValue) {
                let signed = try test.crypto(CryptoItem(.sign, mechanism, id, plain), in: slot)
                let signature = _RSA.Signing.RSASignature(rawRepresentation: signed.output)
                test.check(
                    verifier.isValidSignature(
                        signature, for: SHA256.hash(data: plain), padding: padding),
                    "\(mechanism): the signature does not hold")
            }
        },
        Case("hsm.answers.ec", "another ECDSA checks what the device signed") { test in
            let slot = try test.slot()
            try test.require(.generateEC, .ecdsaSHA256, of: slot)
            let id = test.keyID("ec")
            let made = try test.makePair(id, .ecPrivate, bits: 256, curve: 7, in: slot)
            let message = Array("the quick brown fox".utf8)
            let signed = try test.crypto(CryptoItem(.sign, .ecdsaSHA256, id, message), in: slot)
            let verifier = try P256.Signing.PublicKey(derRepresentation: made[1].publicMaterial)
            let signature = try P256.Signing.ECDSASignature(rawRepresentation: signed.output)
            test.check(verifier.isValidSignature(signature, for: message), "it does not hold")
            let exported = try P256.Signing.PrivateKey(
                derRepresentation: try test.material(id, in: slot))
            test.expect(
                Array(exported.publicKey.derRepresentation), made[1].publicMaterial,
                "the public key by the private one")
        },
        Case("hsm.answers.hmac", "another HMAC computes the same") { test in
            let slot = try test.slot()
            try test.require(.generateGeneric, .hmacSHA256, of: slot)
            let id = test.keyID("mac")
            try test.make(KeyTemplate(id, .generic, bits: 256), in: slot)
            let key = SymmetricKey(data: try test.material(id, in: slot))
            let message = Array("the quick brown fox".utf8)
            let made = try test.crypto(CryptoItem(.sign, .hmacSHA256, id, message), in: slot)
            test.expect(
                made.output, Array(HMAC<SHA256>.authenticationCode(for: message, using: key)))
        },
    ]
}

extension Test {
    /// The exported key.
    fileprivate func material(_ id: String, in slot: Slot) throws -> [UInt8] {
        guard let key = try slot.export([Array(id.utf8)]).first, key.status == .ok else {
            throw skip("the device lets no key out")
        }
        return key.secretMaterial
    }
}
