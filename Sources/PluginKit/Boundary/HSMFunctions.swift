import PluginABI

/// The driver behind a `kms_hsm *`.
final class HSMHandle {
    let driver: any HSMDriver

    private init(_ driver: any HSMDriver) { self.driver = driver }

    /// A handle that the host owns until it calls `close`.
    static func make(_ driver: any HSMDriver) -> OpaquePointer {
        OpaquePointer(Unmanaged.passRetained(HSMHandle(driver)).toOpaque())
    }

    /// The driver of a handle made by `make` and not closed yet, which the host promises.
    static func driver(_ handle: OpaquePointer) -> any HSMDriver {
        Unmanaged<HSMHandle>.fromOpaque(UnsafeRawPointer(handle))
            ._withUnsafeGuaranteedRef { $0.driver }
    }

    static func close(_ handle: OpaquePointer) {
        Unmanaged<HSMHandle>.fromOpaque(UnsafeRawPointer(handle)).takeRetainedValue()
            .driver.close()
    }
}

/// The slot behind a `kms_hsm_slot *`; owned like ``HSMHandle``.
final class HSMSlotHandle {
    let slot: any HSMSlot

    private init(_ slot: any HSMSlot) { self.slot = slot }

    static func make(_ slot: any HSMSlot) -> OpaquePointer {
        OpaquePointer(Unmanaged.passRetained(HSMSlotHandle(slot)).toOpaque())
    }

    @inline(__always)
    static func slot(_ handle: OpaquePointer) -> any HSMSlot {
        Unmanaged<HSMSlotHandle>.fromOpaque(UnsafeRawPointer(handle))
            ._withUnsafeGuaranteedRef { $0.slot }
    }

    static func close(_ handle: OpaquePointer) {
        Unmanaged<HSMSlotHandle>.fromOpaque(UnsafeRawPointer(handle)).takeRetainedValue()
            .slot.close()
    }
}

private let invalid = Status.invalid.rawValue

/// The table of the contract, `open` excepted, which is each plugin's own.
let hsmFunctions: kms_hsm_driver = {
    var table = kms_hsm_driver()
    table.struct_size = UInt32(MemoryLayout<kms_hsm_driver>.size)
    table.close = { if let hsm = $0 { HSMHandle.close(hsm) } }
    table.slots = { hsm, call, out, capacity, count, error in
        guard let hsm, let call, let count else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            let slots = try HSMHandle.driver(hsm).slots(Call(call))
            // The host has room for `capacity`.
            for (place, slot) in slots.prefix(capacity).enumerated() {
                out?[place] = kms_hsm_slot_info(slot)
            }
            count.pointee = slots.count
        }
    }
    table.slot_open = { hsm, options, call, out, error in
        guard let hsm, let options, let call, let out else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            out.pointee = HSMSlotHandle.make(
                try HSMHandle.driver(hsm).openSlot(HSMSlotOpening(options), Call(call)))
        }
    }
    table.slot_close = { if let slot = $0 { HSMSlotHandle.close(slot) } }
    addSlotFunctions(&table)
    return table
}()

private func addSlotFunctions(_ table: inout kms_hsm_driver) {
    table.health = { slot, call, error in
        guard let slot, let call else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            try HSMSlotHandle.slot(slot).health(Call(call))
        }
    }
    table.capabilities = { slot, call, out, capacity, count, error in
        guard let slot, let call, let count else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            let capabilities = try HSMSlotHandle.slot(slot).capabilities(Call(call))
            for (place, item) in capabilities.prefix(capacity).enumerated() {
                out?[place] = kms_hsm_capability(
                    mechanism: item.mechanism.rawValue, minimum_bits: item.bits.lowerBound,
                    maximum_bits: item.bits.upperBound, maximum_input: item.inputMax)
            }
            count.pointee = capabilities.count
        }
    }
    table.generate = { slot, call, templates, count, out, error in
        guard let slot, let call, let out else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            var builder = HSMKeysBuilder(expected: count)
            try HSMSlotHandle.slot(slot).generate(
                HSMKeyTemplates(templates, count: count), Call(call), into: &builder)
            builder.finish(into: out)
        }
    }
    table.find = { slot, call, type, ids, count, cursor, limit, out, error in
        guard let slot, let call, let out else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            var builder = HSMKeysBuilder(expected: count > 0 ? count : min(Int(limit), 64))
            let query = HSMKeyQuery(type, HSMKeyIDs(ids, count: count), cursor, limit: limit)
            try HSMSlotHandle.slot(slot).find(query, Call(call), into: &builder)
            builder.finish(into: out)
        }
    }
    table.export_keys = { slot, call, ids, count, out, error in
        guard let slot, let call, let out else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            var builder = HSMKeysBuilder(expected: count)
            try HSMSlotHandle.slot(slot).export(
                HSMKeyIDs(ids, count: count), Call(call), into: &builder)
            builder.finish(into: out)
        }
    }
    table.update = { slot, call, keys, count, out, error in
        guard let slot, let call, let out else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            var outcomes = HSMOutcomes(count: count)
            try HSMSlotHandle.slot(slot).update(
                HSMKeyTemplates(keys, count: count), Call(call), into: &outcomes)
            outcomes.finish(into: out)
        }
    }
    table.destroy = { slot, call, ids, count, out, error in
        guard let slot, let call, let out else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            var outcomes = HSMOutcomes(count: count)
            try HSMSlotHandle.slot(slot).destroy(
                HSMKeyIDs(ids, count: count), Call(call), into: &outcomes)
            outcomes.finish(into: out)
        }
    }
    table.crypto = { slot, call, items, count, out, error in
        guard let slot, let call, let out else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            var results = try CryptoResults(count: count)
            try HSMSlotHandle.slot(slot).crypto(
                CryptoRequests(items, count: count), Call(call), into: &results)
            results.finish(into: out)
        }
    }
    table.random = { slot, call, out, size, error in
        guard let slot, let call, let out else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            try HSMSlotHandle.slot(slot).random(FillableMemory(out, count: size), Call(call))
        }
    }
    table.seed = { slot, call, seed, error in
        guard let slot, let call else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            try HSMSlotHandle.slot(slot).seed(BorrowedBytes(seed), Call(call))
        }
    }
    table.statistics = { slot, call, out, error in
        guard let slot, let call, let out else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            try fill(out, with: HSMSlotHandle.slot(slot).statistics(Call(call)))
        }
    }
}

extension kms_hsm_slot_info {
    fileprivate init(_ slot: HSMSlotInfo) {
        self.init()
        id = slot.id
        flags = slot.flags.rawValue
        max_sessions = slot.sessionsMax
        // Each array is the struct's own.
        withUnsafeMutableBytes(of: &label) { copy(slot.label, into: $0) }
        withUnsafeMutableBytes(of: &model) { copy(slot.model, into: $0) }
        withUnsafeMutableBytes(of: &serial) { copy(slot.serial, into: $0) }
        withUnsafeMutableBytes(of: &firmware) { copy(slot.firmware, into: $0) }
    }
}
