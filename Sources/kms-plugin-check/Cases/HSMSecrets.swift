import FoundationEssentials

extension Catalogue {
    /// What shows up where it must not is noted by what reads logs, messages and results.
    static let hsmSecrets: [Case] = [
        Case("hsm.secrets.keys", "key material, plaintext and PIN reach no log and no message") {
            test in
            let canaries = Canaries.ofThisProcess
            let slot = try test.slot()
            try test.require(.aesGCM, of: slot)
            let id = test.keyID("secret")
            try test.make(KeyTemplate(id, .aes, bits: 256), in: slot)
            // Watched from here on by the reader of results.
            _ = try slot.export([Array(id.utf8)])
            let plain = Array(canaries.make().utf8)
            let sealed = try test.crypto(CryptoItem(.encrypt, .aesGCM, id, plain), in: slot)
            test.expect(try test.crypto(.opening(sealed, .aesGCM, id), in: slot).output, plain)
            _ = try? slot.generate([KeyTemplate(id, .aes, bits: 256)])
            _ = try? slot.late.export([Array(id.utf8)])
            _ = try? slot.late.crypto([CryptoItem(.encrypt, .aesGCM, id, plain)])
            _ = try? slot.crypto([CryptoItem(.encrypt, .rsaPKCS1, id, plain)])
            _ = try slot.statistics()
        },
        Case("hsm.secrets.pin", "a PIN that is refused reaches no log, no message and no file") {
            test in
            let hsm = try test.hsm()
            let number = try test.slotNumber(in: hsm)
            let wrong = Array(Canaries.ofThisProcess.make().utf8)
            try test.expectFailure(.denied) { _ = try hsm.openSlot(number, pin: wrong) }
            for name in try FileManager.default.subpathsOfDirectory(atPath: test.scratch) {
                guard let data = FileManager.default.contents(atPath: test.scratch + "/" + name)
                else { continue }
                test.check(
                    !Canaries.ofThisProcess.areFound(in: data), "a secret is in the file \(name)")
            }
        },
        Case("hsm.secrets.memory", "secure memory that is refused is an error and no crash") {
            test in
            let hsm = try test.hsm()
            let number = try test.slotNumber(in: hsm)
            for n in 1...20 {
                test.host.failAllocation(at: n)
                defer { test.host.failAllocation(at: nil) }
                do {
                    let slot = try hsm.openSlot(number, pin: try test.access().pin)
                    slot.close()
                } catch let failure as CallFailed {
                    test.expect(failure.status, .exhausted, "allocation \(n)")
                }
                if !test.host.allocationFault.hasStruck { return }
            }
        },
        Case("hsm.secrets.random", "an IV that cannot be drawn is an error and no weak IV") {
            test in
            let slot = try test.slot()
            try test.require(.aesGCM, of: slot)
            let id = test.keyID("iv")
            try test.make(KeyTemplate(id, .aes, bits: 256), in: slot)
            test.host.failRandom(at: 1)
            defer { test.host.failRandom(at: nil) }
            do {
                let answer = try test.crypto(CryptoItem(.encrypt, .aesGCM, id, [1]), in: slot)
                test.check(
                    answer.status != .ok || !test.host.randomFault.hasStruck,
                    "it encrypted with what the generator refused")
            } catch is CallFailed {}
        },
    ]
}
