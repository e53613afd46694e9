extension Catalogue {
    static let hsmCrypto: [Case] = [
        Case(
            "hsm.crypto.gcm",
            "AES-GCM: the ciphertext is as long as the plaintext, the tag has 16 bytes, the IV is new "
                + "each time, and it all comes back"
        ) { test in
            let slot = try test.slot()
            try test.require(.aesGCM, of: slot)
            let id = test.keyID("gcm")
            try test.make(KeyTemplate(id, .aes, bits: 256, flags: .sensitive), in: slot)
            var ivs: Set<[UInt8]> = []
            for size in [0, 1, 15, 16, 17, 1000, 70_000] {
                let plain = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
                let sealed = try test.crypto(CryptoItem(.encrypt, .aesGCM, id, plain), in: slot)
                test.expect(sealed.status, .ok)
                test.expect(sealed.output.count, size, "bytes of ciphertext")
                test.expect(sealed.tag.count, 16, "bytes of the tag")
                test.check(sealed.iv.count >= 12, "the IV has \(sealed.iv.count) bytes")
                test.check(ivs.insert(sealed.iv).inserted, "an IV was used twice")
                test.expect(try test.crypto(.opening(sealed, .aesGCM, id), in: slot).output, plain)
            }
        },
        Case(
            "hsm.crypto.gcm.damaged",
            "AES-GCM: whatever is wrong with the data is KMS_CRYPTO_FAILED, and gives no plaintext"
        ) { test in
            let slot = try test.slot()
            try test.require(.aesGCM, of: slot)
            let id = test.keyID("gcm")
            try test.make(KeyTemplate(id, .aes, bits: 256), in: slot)
            var item = CryptoItem(.encrypt, .aesGCM, id, Array("attack at dawn".utf8))
            item.aad = [1, 2, 3]
            let sealed = try test.crypto(item, in: slot)
            if sealed.status == .unsupported { throw test.skip("no additional data here") }
            var good = CryptoItem.opening(sealed, .aesGCM, id)
            good.aad = item.aad
            test.expect(try test.crypto(good, in: slot).output, item.input)
            guard good.tag.count == 16, good.input.count > 3, !good.iv.isEmpty else { return }
            let damages: [(String, (inout CryptoItem) -> Void)] = [
                ("tag", { $0.tag[0] ^= 1 }), ("data", { $0.input[3] ^= 1 }),
                ("aad", { $0.aad = [1, 2] }), ("iv", { $0.iv[0] ^= 1 }),
                ("no tag", { $0.tag = [] }), ("short tag", { $0.tag.removeLast(8) }),
                ("no iv", { $0.iv = [] }), ("short data", { $0.input.removeLast() }),
            ]
            for (what, damage) in damages {
                var bad = good
                damage(&bad)
                let answer = try test.crypto(bad, in: slot)
                test.expect(answer.status, .cryptoFailed, what)
                test.check(answer.output.isEmpty, "\(what): there is a plaintext")
            }
            test.expect(try test.crypto(good, in: slot).output, item.input, "afterwards")
        },
        Case("hsm.crypto.cbc", "AES-CBC with and without padding comes back") { test in
            let slot = try test.slot()
            try test.require(.aesCBC, .aesCBCPad, of: slot)
            let id = test.keyID("cbc")
            try test.make(KeyTemplate(id, .aes, bits: 128), in: slot)
            for size in [0, 1, 15, 16, 17, 2048, 5000] {
                let plain = [UInt8](repeating: 0x61, count: size)
                let padded = try test.crypto(CryptoItem(.encrypt, .aesCBCPad, id, plain), in: slot)
                test.expect(padded.output.count, size / 16 * 16 + 16)
                test.expect(padded.iv.count, 16)
                test.expect(
                    try test.crypto(.opening(padded, .aesCBCPad, id), in: slot).output, plain)
                let whole = try test.crypto(CryptoItem(.encrypt, .aesCBC, id, plain), in: slot)
                test.expect(whole.status, size % 16 == 0 ? .ok : .cryptoFailed)
                guard whole.status == .ok else { continue }
                test.expect(try test.crypto(.opening(whole, .aesCBC, id), in: slot).output, plain)
            }
            var bad = CryptoItem.opening(
                try test.crypto(CryptoItem(.encrypt, .aesCBCPad, id, [1, 2, 3]), in: slot),
                .aesCBCPad, id)
            guard bad.iv.count == 16 else { return }
            bad.iv[15] ^= 0xFF
            test.expect(try test.crypto(bad, in: slot).status, .cryptoFailed, "a wrong padding")
        },
        Case("hsm.crypto.rsa", "RSA encrypts with the public half and decrypts with the private") {
            test in
            let slot = try test.slot()
            let id = test.keyID("rsa")
            try test.makePair(id, .rsaPrivate, bits: 2048, flags: .sensitive, in: slot)
            let can = Set(try slot.capabilities().map(\.mechanism))
            let limits: [(Mechanism, Int)] = [
                (.rsaPKCS1, 245), (.rsaOAEPSHA1, 214), (.rsaOAEPSHA256, 190),
            ]
            for (mechanism, most) in limits where can.contains(mechanism.rawValue) {
                for size in [1, 32, most] {
                    let plain = [UInt8](repeating: 7, count: size)
                    let sealed = try test.crypto(
                        CryptoItem(.encrypt, mechanism, id + "_pk", plain), in: slot)
                    test.expect(sealed.status, .ok, "\(mechanism)")
                    test.expect(sealed.output.count, 256)
                    guard sealed.output.count == 256 else { continue }
                    var open = CryptoItem(.decrypt, mechanism, id, sealed.output)
                    test.expect(try test.crypto(open, in: slot).output, plain, "\(mechanism)")
                    open.input[100] ^= 1
                    let damaged = try test.crypto(open, in: slot)
                    test.check(
                        damaged.status == .cryptoFailed || damaged.output != plain,
                        "\(mechanism): a damaged ciphertext gives \(damaged.status)")
                    open.input.removeLast()
                    test.expect(try test.crypto(open, in: slot).status, .cryptoFailed, "short")
                }
                let long = [UInt8](repeating: 7, count: most + 1)
                test.expect(
                    try test.crypto(CryptoItem(.encrypt, mechanism, id + "_pk", long), in: slot)
                        .status, .cryptoFailed, "\(mechanism): one byte too many")
            }
        },
        Case("hsm.crypto.sign", "a signature holds for its message and for no other") { test in
            let slot = try test.slot()
            let id = test.keyID("sign")
            try test.makePair(id, .rsaPrivate, bits: 2048, flags: .sensitive, in: slot)
            let can = Set(try slot.capabilities().map(\.mechanism))
            let mechanisms: [Mechanism] = [
                .rsaPKCS1SHA1, .rsaPKCS1SHA256, .rsaPKCS1SHA384, .rsaPKCS1SHA512, .rsaPSSSHA256,
            ]
            for mechanism in mechanisms where can.contains(mechanism.rawValue) {
                try checkSignature(mechanism, id, size: 256, slot, test)
            }
        },
        Case("hsm.crypto.ec", "keys on curves are made where the device has them, and sign") {
            test in
            let slot = try test.slot()
            try test.require(.generateEC, .ecdsaSHA256, of: slot)
            for (curve, bits, size) in [(7, 256, 64), (10, 384, 96)] as [(UInt32, UInt32, Int)] {
                let id = test.keyID("ec")
                let made = try test.makePair(
                    id, .ecPrivate, bits: bits, flags: .sensitive, curve: curve, in: slot)
                test.expect(made.map(\.curve), [curve, curve])
                test.expect(made.map(\.bits), [bits, bits])
                test.check(made[1].publicMaterial.starts(with: [0x30]), "no DER comes with it")
                try checkSignature(.ecdsaSHA256, id, size: size, slot, test)
            }
        },
        Case("hsm.crypto.hmac", "a MAC holds for its message and for no other") { test in
            let slot = try test.slot()
            try test.require(.generateGeneric, .hmacSHA256, of: slot)
            let id = test.keyID("mac")
            try test.make(KeyTemplate(id, .generic, bits: 256, flags: .sensitive), in: slot)
            try checkSignature(.hmacSHA256, id, id, size: 32, slot, test)
        },
        Case("hsm.crypto.wrap", "a key leaves wrapped and comes back as another, with its material")
        {
            test in
            let slot = try test.slot()
            try test.require(.aesKW, of: slot)
            let (kek, key, copy) = (test.keyID("kek"), test.keyID("key"), test.keyID("copy"))
            try test.make(KeyTemplate(kek, .aes, bits: 256, flags: .sensitive), in: slot)
            try test.make(KeyTemplate(key, .aes, bits: 256), in: slot)
            var wrap = CryptoItem(.wrap, .aesKW, kek)
            wrap.target = KeyTemplate(key, .aes, bits: 256)
            let wrapped = try test.crypto(wrap, in: slot)
            test.expect(wrapped.status, .ok)
            test.expect(wrapped.output.count, 40)
            guard wrapped.status == .ok else { return }
            var unwrap = CryptoItem(.unwrap, .aesKW, kek, wrapped.output)
            unwrap.target = KeyTemplate(copy, .aes, bits: 256)
            test.remove([Array(copy.utf8)], from: slot)
            test.expect(try test.crypto(unwrap, in: slot).status, .ok)
            let out = try slot.export([key, copy].map { Array($0.utf8) })
            test.expect(out[0].secretMaterial, out[1].secretMaterial, "the material")
            test.expect(try test.crypto(unwrap, in: slot).status, .exists, "the id is taken")
            unwrap.input[0] ^= 1
            unwrap.target?.id += [0x78]
            test.check(try test.crypto(unwrap, in: slot).status != .ok, "damaged, and unwrapped")
        },
        Case(
            "hsm.crypto.mixed",
            "many operations in one call have their answers in order, each with its own status"
        ) { test in
            let slot = try test.slot()
            try test.require(.aesGCM, of: slot)
            let (a, b) = (test.keyID("a"), test.keyID("b"))
            try test.make(KeyTemplate(a, .aes, bits: 128), in: slot)
            try test.make(KeyTemplate(b, .aes, bits: 256), in: slot)
            let items = (0..<60).map { index in
                CryptoItem(
                    .encrypt, .aesGCM, index % 7 == 3 ? "kit-none" : index % 2 == 0 ? a : b,
                    [UInt8](repeating: UInt8(index), count: index))
            }
            let sealed = try slot.crypto(items)
            let opened = try slot.crypto(
                zip(sealed, items).map { answer, item in
                    .opening(answer, .aesGCM, String(decoding: item.key, as: UTF8.self))
                })
            for (index, item) in items.enumerated() {
                let isMissing = index % 7 == 3
                test.expect(sealed[index].status, isMissing ? .notFound : .ok)
                test.expect(opened[index].output, isMissing ? [] : item.input, "item \(index)")
            }
        },
        Case("hsm.crypto.wrong", "a mechanism that the key is not for is refused") { test in
            let slot = try test.slot()
            let (aes, rsa) = (test.keyID("aes"), test.keyID("rsa"))
            try test.make(KeyTemplate(aes, .aes, bits: 256), in: slot)
            try test.makePair(rsa, .rsaPrivate, bits: 2048, in: slot)
            for item in [
                CryptoItem(.encrypt, .rsaPKCS1, aes, [1]),
                CryptoItem(.encrypt, .aesGCM, rsa + "_pk", [1]),
                CryptoItem(.sign, .rsaPKCS1SHA256, aes, [1]),
            ] {
                let status = try test.crypto(item, in: slot).status
                test.check(
                    [.unsupported, .cryptoFailed, .denied, .invalid].contains(status),
                    "\(item.mechanism) gives \(status)")
            }
        },
    ]

    private static func checkSignature(
        _ mechanism: Mechanism, _ id: String, _ verifier: String? = nil, size: Int, _ slot: Slot,
        _ test: Test
    ) throws {
        for length in [0, 1, 1000] {
            let message = [UInt8](repeating: 0x6D, count: length)
            let signed = try test.crypto(CryptoItem(.sign, mechanism, id, message), in: slot)
            test.expect(signed.status, .ok, "\(mechanism)")
            test.expect(signed.output.count, size, "\(mechanism)")
            guard signed.output.count == size else { continue }
            var check = CryptoItem(.verify, mechanism, verifier ?? id + "_pk", message)
            check.signature = signed.output
            test.expect(try test.crypto(check, in: slot).status, .ok, "\(mechanism)")
            check.input.append(1)
            test.expect(try test.crypto(check, in: slot).status, .cryptoFailed, "other message")
            check.input.removeLast()
            check.signature[size / 2] ^= 1
            test.expect(try test.crypto(check, in: slot).status, .cryptoFailed, "other signature")
            check.signature = [1, 2, 3]
            test.expect(try test.crypto(check, in: slot).status, .cryptoFailed, "a short one")
        }
    }
}

extension CryptoItem {
    /// Decrypts what an encryption answered.
    static func opening(
        _ sealed: CryptoAnswer, _ mechanism: Mechanism, _ key: String
    ) -> CryptoItem {
        var item = CryptoItem(.decrypt, mechanism, key, sealed.output)
        item.iv = sealed.iv
        item.tag = sealed.tag
        return item
    }
}
