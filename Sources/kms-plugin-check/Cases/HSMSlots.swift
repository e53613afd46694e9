extension Catalogue {
    static let hsmSlots: [Case] = [
        Case(
            "hsm.essential",
            "a server can use it: slots, health, generate, find, export, destroy and crypto are there"
        ) { test in
            for function in [
                .slots, .health, .capabilities, .generate, .find, .exportKeys, .destroy, .crypto,
            ] as [Function] {
                test.check(
                    test.driver.lacks(.function(function)) == nil,
                    "the driver has no \(function)")
            }
        },
        Case("hsm.interface", "an unknown interface is NULL, a known one the same every time") {
            test in
            let library = test.driver.library
            let id = HSMInterface.id
            test.check(library.interface(id) == library.interface(id), "\(id) differs")
            for other in ["", id + "0", String(id.dropLast(2)), id.uppercased(), "x"] {
                test.check(library.interface(other) == nil, "there is an interface \"\(other)\"")
            }
        },
        Case(
            "hsm.whole", "starts, serves and ends; no thread and no secure memory is left",
            place: .own
        ) { test in
            let threads = Threads.count
            try test.driver.library.start()
            let hsm = try test.hsm()
            let slot = try test.slot(of: hsm)
            try slot.health()
            _ = try? slot.random(16)
            slot.close()
            hsm.close()
            test.driver.library.stop()
            test.expect(test.host.secureBlocks, 0, "blocks of secure memory after deinit")
            test.check(Threads.settle(at: threads), "threads are left after deinit")
        },
        Case("hsm.slots.list", "the slots are listed with what is known of their tokens") { test in
            let hsm = try test.hsm()
            let number = try test.slotNumber(in: hsm)
            let slots = try hsm.slots()
            test.expect(Set(slots.map(\.id)).count, slots.count, "different numbers")
            let ours = slots.first { $0.id == number }
            test.check(ours?.isUsable == true, "the slot of the cases is not listed as usable")
            try test.expectFailure(.deadline) { _ = try hsm.slots(.late) }
        },
        Case("hsm.slots.missing", "a slot that is not there is KMS_NOT_FOUND") { test in
            let hsm = try test.hsm()
            let taken = Set(try hsm.slots().map(\.id))
            let free = (UInt64(900_000)...).first { !taken.contains($0) } ?? 0
            try test.expectFailure(.notFound) {
                _ = try hsm.openSlot(free, pin: try test.access().pin)
            }
        },
        Case("hsm.slots.uninitialised", "a slot without a usable token is KMS_UNAVAILABLE") {
            test in
            let hsm = try test.hsm()
            guard let empty = try hsm.slots().first(where: { !$0.isUsable }) else {
                throw test.skip("every slot has a token that is ready")
            }
            try test.expectFailure(.unavailable, .notFound) {
                _ = try hsm.openSlot(empty.id, pin: try test.access().pin)
            }
        },
        Case(
            "hsm.login.twice",
            "a slot that is open is KMS_EXISTS for who opens it again, on whichever handle, and "
                + "free once it is closed"
        ) { test in
            let hsm = try test.hsm()
            let other = try test.hsm()
            let slot = try test.slot(of: hsm)
            try test.expectFailure(.exists) { _ = try test.slot(of: hsm) }
            try test.expectFailure(.exists) { _ = try test.slot(of: other) }
            try slot.health()
            slot.close()
            try test.slot(of: other).health()
        },
        Case(
            "hsm.login.wrong",
            "a wrong PIN is KMS_DENIED and not retryable; the right one still "
                + "works afterwards"
        ) { test in
            let hsm = try test.hsm()
            let number = try test.slotNumber(in: hsm)
            let wrong = Array(Canaries.ofThisProcess.make().utf8.prefix(8))
            Canaries.ofThisProcess.add(wrong)
            let failure = try test.expectFailure(.denied) {
                _ = try hsm.openSlot(number, pin: wrong)
            }
            test.check(failure?.isRetryable == false, "KMS_DENIED says that it may be tried again")
            try test.slot(of: hsm).health()
        },
        Case("hsm.login.empty", "an empty PIN is a wrong PIN, and no login is something else") {
            test in
            let hsm = try test.hsm()
            let number = try test.slotNumber(in: hsm)
            try test.expectFailure(.denied) { _ = try hsm.openSlot(number, pin: []) }
            let slot = try test.slot(of: hsm)
            let id = test.keyID("hidden")
            try test.make(KeyTemplate(id, .aes, bits: 256), in: slot)
            slot.close()
            let visitor = try hsm.openSlot(number, pin: nil)
            test.hsmHandles.add { visitor.close() }
            test.check(
                try visitor.list(.aes, limit: 1000).items.allSatisfy { $0.id != Array(id.utf8) },
                "a private key is listed without a login")
            visitor.close()
            let again = try test.slot(of: hsm)
            test.expect(try again.destroy([Array(id.utf8)]), [.ok])
        },
        Case("hsm.late", "a deadline that has passed is KMS_DEADLINE") { test in
            let slot = try test.slot()
            let id = test.keyID("late")
            test.remove([Array(id.utf8)], from: slot)
            let late = slot.late
            try test.expectFailure(.deadline, of: "health") { try late.health() }
            try test.expectFailure(.deadline, of: "find") { _ = try late.list(.any) }
            try test.expectFailure(.deadline, of: "generate") {
                _ = try late.generate([KeyTemplate(id, .aes, bits: 256)])
            }
            try test.expectFailure(.deadline, of: "crypto") {
                _ = try late.crypto([CryptoItem(.encrypt, .aesGCM, id, [1])])
            }
            test.expect(try slot.find([Array(id.utf8)]).first?.status, .notFound, "a late key")
        },
        Case("hsm.cancelled", "a call that was cancelled is KMS_CANCELLED") { test in
            let slot = try test.slot()
            let cancellation = Cancellation()
            cancellation.set()
            let cancelled = slot.with { $0.cancellation = cancellation }
            try test.expectFailure(.cancelled) { _ = try cancelled.list(.any) }
            try test.expectFailure(.cancelled) {
                _ = try cancelled.crypto([CryptoItem(.encrypt, .aesGCM, "none", [1])])
            }
            try slot.health()
        },
        Case(
            "hsm.capabilities",
            "capabilities name each mechanism once, with bounds that make sense",
            needs: [.function(.capabilities)]
        ) { test in
            let slot = try test.slot()
            let capabilities = try slot.capabilities()
            test.expect(Set(capabilities.map(\.mechanism)).count, capabilities.count, "once each")
            test.check(!capabilities.isEmpty, "it can do nothing")
            for item in capabilities where Mechanism(rawValue: item.mechanism) == nil {
                test.fail("mechanism \(item.mechanism) is unknown")
            }
        },
        Case(
            "hsm.random", "random fills all of the memory, and differently each time",
            needs: [.function(.random)]
        ) { test in
            let slot = try test.slot()
            let first = try slot.random(64)
            test.check(first != (try slot.random(64)), "the same bytes twice")
            test.check(first.suffix(16).contains { $0 != 0 }, "the end was not filled")
            test.expect(try slot.random(1).count, 1)
            if test.driver.lacks(.function(.seed)) == nil { try slot.seed([1, 2, 3, 4]) }
        },
        Case(
            "hsm.statistics", "counters have a name that no other has, and a unit as in UCUM",
            needs: [.function(.statistics)]
        ) { test in
            let statistics = try test.slot().statistics()
            test.expect(Set(statistics.map(\.name)).count, statistics.count, "different names")
            for item in statistics {
                test.check(!item.name.isEmpty && !item.unit.isEmpty, "\(item) lacks name or unit")
                test.check(
                    UnitOfMeasure.isKnown(item.unit),
                    "the unit of \(item.name) is no UCUM: \(item.unit)")
                test.check(item.value.isFinite, "\(item.name) is \(item.value)")
            }
        },
    ]
}
