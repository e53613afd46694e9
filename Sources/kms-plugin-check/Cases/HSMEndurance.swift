import PluginLoader

extension Catalogue {
    static let hsmEndurance: [Case] = [
        Case(
            "hsm.threads",
            "8 threads make, find, use and destroy keys of one slot; nothing is lost or mixed up",
            patience: 6
        ) { test in
            let slot = try test.slot(concurrency: 8)
            try test.require(.aesGCM, of: slot)
            let shared = test.keyID("shared")
            try test.make(KeyTemplate(shared, .aes, bits: 256, flags: .sensitive), in: slot)
            let family = test.keyID("family")
            let seconds = min(test.rounds(1), 30)
            let end = monotonicNanoseconds() + UInt64(seconds) * 1_000_000_000
            try onThreads(8) { index in
                var round = 0
                while monotonicNanoseconds() < end || round == 0 {
                    try oneLife("\(family)-\(index)", shared, round, slot, test)
                    round += 1
                }
            }
            test.check(
                try test.listAll(.aes, limit: 100, in: slot).allSatisfy {
                    !String(decoding: $0.id, as: UTF8.self).hasPrefix(family)
                }, "a key that was destroyed is listed")
        },
        Case(
            "hsm.waiting", "more callers than sessions wait their turn, until their deadline",
            patience: 2
        ) { test in
            let slot = try test.slot(concurrency: 2)
            try test.require(.aesGCM, of: slot)
            let id = test.keyID("busy")
            try test.make(KeyTemplate(id, .aes, bits: 256), in: slot)
            try onThreads(2) { index in
                for round in 0..<50 {
                    let plain = [UInt8](repeating: UInt8(index * 50 + round), count: 40)
                    let sealed = try test.crypto(CryptoItem(.encrypt, .aesGCM, id, plain), in: slot)
                    test.expect(
                        try test.crypto(.opening(sealed, .aesGCM, id), in: slot).output, plain)
                }
            }
        },
        Case(
            "hsm.reopened", "a slot that was closed opens again, and finds its keys", patience: 2
        ) { test in
            let hsm = try test.hsm()
            let id = test.keyID("kept")
            var slot = try test.slot(of: hsm)
            test.expect(
                try slot.generate([KeyTemplate(id, .aes, bits: 256)]).map(\.status), [.ok])
            for _ in 0..<5 {
                slot.close()
                slot = try test.slot(of: hsm)
                test.expect(try slot.find([Array(id.utf8)]).first?.status, .ok)
            }
            test.expect(try slot.destroy([Array(id.utf8)]), [.ok])
        },
        Case(
            "hsm.handles", "handles that are opened and closed again leave nothing behind",
            patience: 2
        ) { test in
            for _ in 0..<5 {
                let hsm = try test.hsm()
                let slot = try test.slot(of: hsm)
                try slot.health()
                slot.close()
                hsm.close()
            }
        },
    ]

    /// A key is made, used beside one that all share, and destroyed.
    private static func oneLife(
        _ id: String, _ shared: String, _ round: Int, _ slot: Slot, _ test: Test
    ) throws {
        let name = [Array(id.utf8)]
        test.expect(try slot.generate([KeyTemplate(id, .aes, bits: 256)]).map(\.status), [.ok])
        let plain = Array("\(id) \(round)".utf8)
        for key in [id, shared] {
            let sealed = try test.crypto(CryptoItem(.encrypt, .aesGCM, key, plain), in: slot)
            let opened = try test.crypto(.opening(sealed, .aesGCM, key), in: slot)
            test.expect(opened.status, .ok)
            test.expect(opened.output, plain)
        }
        test.expect(try slot.find(name).map(\.status), [.ok])
        if round % 4 == 0 { _ = try slot.list(.aes, limit: 10) }
        test.expect(try slot.destroy(name), [.ok])
        test.expect(try slot.find(name).map(\.status), [.notFound])
    }
}
