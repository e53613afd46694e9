import PluginABI
import PluginLoader

/// The functions of an open slot, as cases call them; a failure is thrown as ``CallFailed``.
struct Slot: Sendable {
    let handle: SlotHandle
    var options = CallOptions()

    func with(_ change: (inout CallOptions) -> Void) -> Slot {
        var copy = self
        change(&copy.options)
        return copy
    }
    var late: Slot { with { $0.deadline = 1 } }

    func close() { handle.close() }

    private var table: kms_hsm_driver { handle.table }
    private var calling: Calling { Calling(findings: handle.findings) }
    private func reader(_ function: Function) -> ResultReader {
        ResultReader(function: function, findings: handle.findings)
    }

    private func needed<F>(_ pointer: F?, _ function: Function) throws -> F {
        guard let pointer else {
            throw CallFailed(
                function: function, status: .unsupported, message: "the driver has none")
        }
        return pointer
    }

    func health() throws {
        let health = try needed(table.health, .health)
        try calling.perform(.health, options, Inputs()) { health(handle.pointer, $0, $1) }
    }

    func capabilities() throws -> [Capability] {
        let capabilities = try needed(table.capabilities, .capabilities)
        var items = [kms_hsm_capability](repeating: kms_hsm_capability(), count: 256)
        var count = 0
        try calling.perform(.capabilities, options, Inputs()) { call, error in
            items.withUnsafeMutableBufferPointer {
                capabilities(handle.pointer, call, $0.baseAddress, $0.count, &count, error)
            }
        }
        return items.prefix(count).map {
            if $0.minimum_bits > $0.maximum_bits {
                reader(.capabilities).note("bounds are reversed")
            }
            let least = min($0.minimum_bits, $0.maximum_bits)
            return Capability(
                mechanism: $0.mechanism, bits: least...$0.maximum_bits, inputMax: $0.maximum_input)
        }
    }

    func generate(_ templates: [KeyTemplate]) throws -> [FoundKey] {
        let generate = try needed(table.generate, .generate)
        let inputs = Inputs()
        let items = try inputs.keys(templates)
        let out = try calling.fill(.generate, options, inputs, as: kms_hsm_keys.self) {
            generate(handle.pointer, $0, items, templates.count, $1, $2)
        }
        return reader(.generate).keys(out, ids: templates.map(\.id))
    }

    func find(_ ids: [[UInt8]]) throws -> [FoundKey] {
        let find = try needed(table.find, .find)
        let inputs = Inputs()
        let items = try inputs.ids(ids)
        let out = try calling.fill(.find, options, inputs, as: kms_hsm_keys.self) {
            find(handle.pointer, $0, 0, items, ids.count, kms_bytes(), 100, $1, $2)
        }
        return reader(.find).keys(out, ids: ids)
    }

    func list(_ type: KeyType, cursor: [UInt8] = [], limit: UInt32 = 100) throws -> KeyPage {
        let find = try needed(table.find, .find)
        let inputs = Inputs()
        let place = try inputs.bytes(cursor)
        let out = try calling.fill(.find, options, inputs, as: kms_hsm_keys.self) {
            find(handle.pointer, $0, type.rawValue, nil, 0, place, limit, $1, $2)
        }
        let reader = reader(.find)
        if out.count > Int(limit) { reader.note("\(out.count) keys on a page of \(limit)") }
        let cursor = reader.bytes(out.cursor, "cursor", most: Int(KMS_MAX_CURSOR))
        return KeyPage(items: reader.keys(out, ids: nil), cursor: cursor)
    }

    func export(_ ids: [[UInt8]]) throws -> [FoundKey] {
        let export = try needed(table.export_keys, .exportKeys)
        let inputs = Inputs()
        let items = try inputs.ids(ids)
        let out = try calling.fill(.exportKeys, options, inputs, as: kms_hsm_keys.self) {
            export(handle.pointer, $0, items, ids.count, $1, $2)
        }
        return reader(.exportKeys).keys(out, ids: ids)
    }

    func update(_ keys: [KeyTemplate]) throws -> [Status] {
        let update = try needed(table.update, .update)
        let inputs = Inputs()
        let items = try inputs.keys(keys)
        return try statuses(.update, keys.count, inputs) {
            update(handle.pointer, $0, items, keys.count, $1, $2)
        }
    }

    func destroy(_ ids: [[UInt8]]) throws -> [Status] {
        let destroy = try needed(table.destroy, .destroy)
        let inputs = Inputs()
        let items = try inputs.ids(ids)
        return try statuses(.destroy, ids.count, inputs) {
            destroy(handle.pointer, $0, items, ids.count, $1, $2)
        }
    }

    private func statuses(
        _ function: Function, _ count: Int, _ inputs: Inputs,
        _ body: (
            UnsafePointer<kms_call>, UnsafeMutablePointer<kms_status>?,
            UnsafeMutablePointer<kms_error>
        ) -> kms_status
    ) throws -> [Status] {
        // What no driver writes; the driver fills `count` slots.
        var out = [kms_status](repeating: 0x5A5A_5A5A, count: count)
        try calling.perform(function, options, inputs) { call, error in
            out.withUnsafeMutableBufferPointer { body(call, $0.baseAddress, error) }
        }
        if out.contains(where: { !Status(rawValue: $0).isKnown }) {
            reader(function).note("an item has no status")
        }
        return out.map { Status(rawValue: $0) }
    }

    func crypto(_ asked: [CryptoItem]) throws -> [CryptoAnswer] {
        let crypto = try needed(table.crypto, .crypto)
        let inputs = Inputs()
        let items = try inputs.cryptos(asked)
        let out = try calling.fill(.crypto, options, inputs, as: kms_crypto_results.self) {
            crypto(handle.pointer, $0, items, asked.count, $1, $2)
        }
        return reader(.crypto).answers(out, count: asked.count)
    }

    func random(_ count: Int) throws -> [UInt8] {
        let random = try needed(table.random, .random)
        var out = [UInt8](repeating: 0, count: count)
        try calling.perform(.random, options, Inputs()) { call, error in
            out.withUnsafeMutableBufferPointer {
                random(handle.pointer, call, $0.baseAddress, $0.count, error)
            }
        }
        return out
    }

    func seed(_ bytes: [UInt8]) throws {
        let seed = try needed(table.seed, .seed)
        let inputs = Inputs()
        let slice = try inputs.bytes(bytes)
        try calling.perform(.seed, options, inputs) { seed(handle.pointer, $0, slice, $1) }
    }

    func statistics() throws -> [Statistic] {
        let statistics = try needed(table.statistics, .statistics)
        let out = try calling.fill(.statistics, options, Inputs(), as: kms_statistics.self) {
            statistics(handle.pointer, $0, $1, $2)
        }
        defer { out.owner.release?(out.owner.owner) }
        return reader(.statistics).statistics(out)
    }
}
