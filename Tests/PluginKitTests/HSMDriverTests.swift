import PluginABI
import PluginKit
import Synchronization
import Testing

@Suite struct HSMDriverTests {
    private let table = EchoHSM.table
    private var call = Handle.call()
    private var error = kms_error()

    @Test func listsAsManySlotsAsThereIsRoomFor() throws {
        var call = call
        var error = error
        let hsm = try open()
        var count = 0
        #expect(table.slots(hsm, &call, nil, 0, &count, &error) == KMS_OK)
        #expect(count == 2)
        var infos = [kms_hsm_slot_info](repeating: kms_hsm_slot_info(), count: 1)
        #expect(table.slots(hsm, &call, &infos, 1, &count, &error) == KMS_OK)
        #expect(count == 2 && infos[0].id == 4)
        #expect(string(cArray: infos[0].label) == "kms1")
        #expect(infos[0].flags == UInt32(KMS_SLOT_TOKEN_PRESENT | KMS_SLOT_TOKEN_READY))
        table.close(hsm)
    }

    @Test func refusesAPinAndLeavesOutAlone() throws {
        var call = call
        let hsm = try open()
        var slot: OpaquePointer?
        let (status, message) = withError(capacity: 64) { error in
            var opening = opening(pin: "no")
            return table.slot_open(hsm, &opening, &call, &slot, &error)
        }
        #expect(status == KMS_DENIED && slot == nil)
        #expect(message == "the PIN was refused")
        table.close(hsm)
    }

    @Test func passesKeysThroughBothWays() throws {
        var call = call
        var error = error
        let (hsm, slot) = try openSlot()
        var template = kms_hsm_key()
        template.id = bytes("a::b")
        template.type = KMS_KEY_AES.rawValue
        template.bits = 256
        template.flags = UInt32(KMS_KEY_SENSITIVE)
        template.start_day = 19_000
        template.end_day = .min
        var keys = kms_hsm_keys()
        #expect(table.generate(slot, &call, &template, 1, &keys, &error) == KMS_OK)
        let key = try #require(keys.items?.pointee)
        #expect(keys.count == 1 && string(key.id) == "a::b" && key.bits == 256)
        #expect(key.type == KMS_KEY_AES.rawValue && key.flags == template.flags)
        #expect(key.start_day == 19_000 && key.end_day == .min)
        #expect(string(key.secret_material) == "secret")
        keys.owner.release(keys.owner.owner)
        table.slot_close(slot)
        table.close(hsm)
    }

    @Test func answersEveryOperationAndStatusInOrder() throws {
        var call = call
        var error = error
        let (hsm, slot) = try openSlot()
        var items = [kms_crypto](repeating: kms_crypto(), count: 3)
        for index in 0..<3 {
            items[index].op = KMS_CRYPTO_ENCRYPT.rawValue
            items[index].mechanism = index == 1 ? 9999 : KMS_AES_GCM.rawValue
            items[index].input = bytes("p\(index)")
        }
        var results = kms_crypto_results()
        #expect(table.crypto(slot, &call, items, 3, &results, &error) == KMS_OK)
        let answers = Array(UnsafeBufferPointer(start: results.items, count: results.count))
        #expect(answers.map(\.status) == [0, Int32(KMS_UNSUPPORTED), 0])
        #expect(answers.map { string($0.output) } == ["p0", "", "p2"])
        results.owner.release(results.owner.owner)
        var statuses = [kms_status](repeating: 77, count: 2)
        let ids = [bytes("x"), bytes("y")]
        #expect(table.destroy(slot, &call, ids, 2, &statuses, &error) == KMS_OK)
        #expect(statuses == [Int32(KMS_NOT_FOUND), Int32(KMS_OK)])
        var random = [UInt8](repeating: 0, count: 4)
        #expect(table.random(slot, &call, &random, 4, &error) == KMS_OK)
        #expect(random == [9, 9, 9, 9])
        #expect(table.health(slot, &call, &error) == KMS_UNSUPPORTED)
        table.slot_close(slot)
        table.close(hsm)
        #expect(EchoHSM.closed.load(ordering: .relaxed) > 0)
    }

    private func open() throws -> OpaquePointer {
        var call = call
        var error = error
        var options = kms_hsm_open()
        var hsm: OpaquePointer?
        #expect(table.open(&options, &call, &hsm, &error) == KMS_OK)
        return try #require(hsm)
    }

    private func openSlot() throws -> (OpaquePointer, OpaquePointer) {
        var call = call
        var error = error
        let hsm = try open()
        var opening = opening(pin: "1234")
        var slot: OpaquePointer?
        #expect(table.slot_open(hsm, &opening, &call, &slot, &error) == KMS_OK)
        return (hsm, try #require(slot))
    }

    private func opening(pin: String) -> kms_hsm_slot_open {
        var opening = kms_hsm_slot_open()
        opening.slot = 4
        opening.pin = bytes(pin)
        opening.concurrency = 2
        return opening
    }

    private func bytes(_ string: String) -> kms_bytes {
        let text = text(string)
        return kms_bytes(
            data: UnsafeRawPointer(text.data)?.assumingMemoryBound(to: UInt8.self), size: text.size)
    }
}
