import PKCS11
import PluginKit
import Testing

@Suite struct MechanismsTests {
    @Test func offersWhatTheTokenListsAndTheQuirksLeave() {
        var quirks = Quirks(model: "test")
        // OAEP, RSA key pairs, GCM in bytes, AES keys in bits.
        let listed: [UInt: (minimum: UInt, maximum: UInt)] = [
            0x9: (1024, 4096), 0x0: (1024, 4096), 0x1087: (16, 32), 0x1080: (128, 256),
        ]

        let all = Mechanisms.capabilities(listed, quirks)
        quirks.oaepHashes = [.sha1]
        let fewer = Mechanisms.capabilities(listed, quirks)

        #expect(
            Set(all.map(\.mechanism)) == [
                .rsaOAEPSHA1, .rsaOAEPSHA256, .generateRSA, .aesGCM, .generateAES,
            ])
        #expect(
            Set(fewer.map(\.mechanism)) == Set(all.map(\.mechanism)).subtracting([.rsaOAEPSHA256]))
        #expect(all.first { $0.mechanism == .aesGCM }?.bits == 128...256)
        #expect(all.first { $0.mechanism == .generateAES }?.bits == 128...256)
        #expect(all.first { $0.mechanism == .generateRSA }?.bits == 1024...4096)
    }

    @Test func signsDigestsWhereTheTokenHashes() {
        let quirks = Quirks(model: "test")

        let alone = Mechanisms.capabilities([0x1041: (256, 521)], quirks)
        let both = Mechanisms.capabilities([0x1041: (256, 521), 0x250: (0, 0)], quirks)

        #expect(alone.map(\.mechanism) == [.ecdsa])
        #expect(both.map(\.mechanism) == [.ecdsa, .ecdsaSHA256])
    }

    @Test func takesBoundsThatMakeNoSense() {
        let found = Mechanisms.capabilities([0x1: (.max, 8)], Quirks(model: "test"))

        #expect(found.map(\.bits) == [8...8])
    }
}
