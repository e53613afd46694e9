extension Catalogue {
    static let hsmKeys: [Case] = [
        Case("hsm.generate.aes", "an AES key is made as it was asked for, and found so") { test in
            let slot = try test.slot()
            for (bits, flags) in [(128, KeyFlags.extractable), (256, [.sensitive, .extractable])]
                as [(UInt32, KeyFlags)]
            {
                let id = test.keyID("aes")
                let made = try test.make(
                    KeyTemplate(id, .aes, bits: bits, flags: flags), in: slot)
                let found = try slot.find([Array(id.utf8)])
                for key in [made.first, found.first].compactMap({ $0 }) {
                    test.expect(key.status, .ok)
                    test.expect(key.type, .aes)
                    test.expect(key.bits, bits)
                    test.expect(key.flags, flags, "flags")
                    test.check(key.publicMaterial.isEmpty, "a secret key with public material")
                }
            }
        },
        Case(
            "hsm.generate.pair",
            "a pair is made whole, each half under its id, with the public key told at once"
        ) { test in
            let slot = try test.slot()
            let id = test.keyID("rsa")
            let made = try test.makePair(id, .rsaPrivate, bits: 2048, flags: .sensitive, in: slot)
            test.expect(made.map(\.type), [.rsaPrivate, .rsaPublic])
            test.expect(made.map(\.bits), [2048, 2048])
            test.check(made[1].publicMaterial.starts(with: [0x30, 0x82]), "no DER comes with it")
            test.expect(
                made[0].publicMaterial, made[1].publicMaterial, "what both halves tell")
            test.check(made[0].flags.contains(.sensitive), "the private half is not sensitive")
            let found = try slot.find(made.map(\.id))
            test.expect(found.map(\.status), [.ok, .ok])
            test.expect(found[1].publicMaterial, made[1].publicMaterial)
        },
        Case("hsm.generate.taken", "an id that is taken is KMS_EXISTS, and its key stays as it was")
        {
            test in
            let slot = try test.slot()
            let id = test.keyID("taken")
            try test.make(KeyTemplate(id, .aes, bits: 256), in: slot)
            let before = try slot.export([Array(id.utf8)]).first?.secretMaterial
            let again = try slot.generate([
                KeyTemplate(id, .aes, bits: 128), KeyTemplate(id + "-2", .aes, bits: 128),
            ])
            test.remove([Array("\(id)-2".utf8)], from: slot)
            test.expect(again.map(\.status), [.exists, .ok])
            test.expect(try slot.export([Array(id.utf8)]).first?.secretMaterial, before)
            let pair = try slot.generate(KeyTemplate.pair(id + "-3", id, .rsaPrivate, bits: 2048))
            test.expect(pair.map(\.status), [.exists, .exists], "a pair of which half is taken")
            test.expect(
                try slot.find([Array("\(id)-3".utf8)]).first?.status, .notFound, "the other half")
        },
        Case("hsm.generate.refused", "what the device cannot make is refused per item") { test in
            let slot = try test.slot()
            let id = test.keyID("odd")
            let ids = ["", "-1", "-2", "-3"].map { Array((id + $0).utf8) }
            test.remove(ids, from: slot)
            let made = try slot.generate([
                KeyTemplate(id, .aes, bits: 136), KeyTemplate(id + "-1", .rsaPrivate, bits: 2048),
                KeyTemplate(id + "-2", .aes, bits: 256),
                KeyTemplate(id + "-3", .rsaPublic, bits: 2048),
            ])
            test.expect(made.count, 4)
            test.expect(made[2].status, .ok)
            for index in [0, 1, 3] {
                test.check(
                    [.unsupported, .invalid].contains(made[index].status),
                    "item \(index): \(made[index].status)")
            }
            test.expect(try slot.find([ids[0]]).first?.status, .notFound)
        },
        Case("hsm.empty", "nothing asked is nothing answered") { test in
            let slot = try test.slot()
            test.expect(try slot.generate([]).count, 0)
            test.expect(try slot.export([]).count, 0)
            test.expect(try slot.destroy([]).count, 0)
            test.expect(try slot.crypto([]).count, 0)
        },
        Case("hsm.find.list", "all keys of a type are listed once, page by page, without secrets") {
            test in
            let slot = try test.slot()
            let ids = (0..<7).map { test.keyID("list\($0)") }
            for id in ids { try test.make(KeyTemplate(id, .aes, bits: 128), in: slot) }
            try test.makePair(test.keyID("other"), .rsaPrivate, bits: 2048, in: slot)
            for limit in [1, 3, 100] as [UInt32] {
                let all = try test.listAll(.aes, limit: limit, in: slot)
                for id in ids {
                    test.expect(
                        all.count { $0.id == Array(id.utf8) }, 1, "with pages of \(limit)")
                }
                test.check(all.allSatisfy { $0.type == .aes }, "another type is among them")
            }
            let any = try test.listAll(.any, limit: 50, in: slot)
            test.check(any.contains { $0.type == .rsaPublic }, "the pair is not among all keys")
            test.expect(
                try test.listAll(.rsaPrivate, limit: 50, in: slot).allSatisfy {
                    $0.type == .rsaPrivate
                }, true)
        },
        Case("hsm.find.cursor", "a cursor that is not the driver's is KMS_INVALID") { test in
            let slot = try test.slot()
            try test.expectFailure(.invalid, .unavailable) {
                _ = try slot.list(.any, cursor: [1, 2, 3])
            }
            try test.expectFailure(.invalid, .unavailable) {
                _ = try slot.list(.any, cursor: [UInt8](repeating: 0xFF, count: 16))
            }
        },
        Case("hsm.find.ids", "keys are found in the order asked, and what is missing is said") {
            test in
            let slot = try test.slot()
            let (a, b) = (test.keyID("a"), test.keyID("b"))
            try test.make(KeyTemplate(a, .aes, bits: 128), in: slot)
            try test.make(KeyTemplate(b, .aes, bits: 256), in: slot)
            let ids = [b, "kit-none", a, b].map { Array($0.utf8) }
            let found = try slot.find(ids)
            test.expect(found.map(\.status), [.ok, .notFound, .ok, .ok])
            test.expect(found.map(\.bits), [256, 0, 128, 256])
        },
        Case("hsm.export.material", "a key that may leave does: as it is, or as PKCS#8") { test in
            let slot = try test.slot()
            let (aes, rsa) = (test.keyID("aes"), test.keyID("rsa"))
            try test.make(KeyTemplate(aes, .aes, bits: 256), in: slot)
            try test.makePair(rsa, .rsaPrivate, bits: 2048, in: slot)
            let out = try slot.export([aes, rsa, rsa + "_pk", "kit-none"].map { Array($0.utf8) })
            test.expect(out.map(\.status), [.ok, .ok, .ok, .notFound])
            test.expect(out[0].secretMaterial.count, 32)
            test.check(
                out[1].secretMaterial.starts(with: [0x30, 0x82])
                    && out[1].secretMaterial.count > 1000, "the private key is no PKCS#8")
            test.check(out[2].secretMaterial.isEmpty, "a public key has secret material")
            test.check(!out[2].publicMaterial.isEmpty, "a public key has no material")
        },
        Case(
            "hsm.export.sensitive",
            "a sensitive key never leaves in clear, and its public half always does"
        ) { test in
            let slot = try test.slot()
            let (aes, rsa) = (test.keyID("aes"), test.keyID("rsa"))
            try test.make(KeyTemplate(aes, .aes, bits: 256, flags: .sensitive), in: slot)
            try test.makePair(rsa, .rsaPrivate, bits: 2048, flags: .sensitive, in: slot)
            let out = try slot.export([aes, rsa, rsa + "_pk"].map { Array($0.utf8) })
            test.expect(out.map(\.status), [.notExtractable, .notExtractable, .ok])
            test.check(out.allSatisfy(\.secretMaterial.isEmpty), "it left all the same")
        },
        Case("hsm.destroy", "a key that is destroyed is gone, alone, and its id is free") { test in
            let slot = try test.slot()
            let id = test.keyID("gone")
            try test.makePair(id, .rsaPrivate, bits: 2048, in: slot)
            let both = [id, id + "_pk"].map { Array($0.utf8) }
            test.expect(try slot.destroy([both[0], Array("kit-none".utf8)]), [.ok, .notFound])
            test.expect(try slot.find(both).map(\.status), [.notFound, .ok])
            test.expect(try slot.export([both[0]]).first?.status, .notFound)
            test.expect(
                try test.crypto(CryptoItem(.sign, .rsaPKCS1SHA256, id, [1]), in: slot).status,
                .notFound)
            test.expect(try slot.destroy(both), [.notFound, .ok])
            try test.make(KeyTemplate(id, .aes, bits: 128), in: slot)
        },
        Case(
            "hsm.update.dates",
            "dates are written to existing keys, also to those that cannot leave",
            needs: [.function(.update)]
        ) { test in
            let slot = try test.slot()
            let id = test.keyID("dated")
            try test.make(KeyTemplate(id, .aes, bits: 256, flags: .sensitive), in: slot)
            var change = KeyTemplate(id, .aes, bits: 256)
            // 2024-02-29 and 2100-01-01.
            change.startDay = 19_782
            change.endDay = 47_482
            let outcome = try slot.update([change, KeyTemplate("kit-none", .aes, bits: 256)])
            if outcome.first == .unsupported { throw test.skip("the device keeps no dates") }
            test.expect(outcome, [.ok, .notFound])
            let found = try slot.find([Array(id.utf8)]).first
            test.expect(found?.startDay, 19_782)
            test.expect(found?.endDay, 47_482)
        },
        Case("hsm.ids", "ids are bytes: colons, spaces, non-ASCII and long ones come back as given")
        {
            test in
            let slot = try test.slot()
            for suffix in ["::x::y", " a b", "-äöü-鍵", String(repeating: "l", count: 200)] {
                let id = test.keyID("id") + suffix
                let made = try slot.generate([KeyTemplate(id, .aes, bits: 128)])
                test.remove([Array(id.utf8)], from: slot)
                // Devices have limits of their own, and say so.
                guard made.first?.status == .ok else { continue }
                test.expect(try slot.find([Array(id.utf8)]).first?.status, .ok)
                test.check(
                    try test.listAll(.aes, limit: 100, in: slot).contains {
                        $0.id == Array(id.utf8)
                    }, "it is not listed as it is called")
            }
            let none = try slot.generate([KeyTemplate("", .aes, bits: 128)])
            test.check(none.first?.status != .ok, "a key without an id was made")
        },
    ]
}

extension KeyTemplate {
    /// Both halves, private first.
    static func pair(
        _ privateID: String, _ publicID: String, _ type: KeyType, bits: UInt32,
        flags: KeyFlags = .extractable, curve: UInt32 = 0
    ) -> [KeyTemplate] {
        var halves = [
            KeyTemplate(privateID, type, bits: bits, flags: flags),
            KeyTemplate(
                publicID, type == .rsaPrivate ? .rsaPublic : .ecPublic, bits: bits,
                flags: .extractable),
        ]
        for index in halves.indices { halves[index].curve = curve }
        return halves
    }
}

extension Test {
    /// A pair `id` and `id_pk`, removed when the case ends.
    @discardableResult
    func makePair(
        _ id: String, _ type: KeyType, bits: UInt32, flags: KeyFlags = .extractable,
        curve: UInt32 = 0, in slot: Slot
    ) throws -> [FoundKey] {
        let halves = KeyTemplate.pair(
            id, id + "_pk", type, bits: bits, flags: flags, curve: curve)
        return try make(halves[0], halves[1], in: slot)
    }

    /// All pages.
    func listAll(_ type: KeyType, limit: UInt32, in slot: Slot) throws -> [FoundKey] {
        var all: [FoundKey] = []
        var cursor: [UInt8] = []
        for _ in 0..<100_000 {
            let page = try slot.list(type, cursor: cursor, limit: limit)
            all += page.items
            if page.cursor.isEmpty { return all }
            cursor = page.cursor
        }
        fail("a listing that has no end")
        return all
    }
}
