import PluginABI

/// What calls of the HSM interface are lent.
extension Inputs {
    func ids(_ ids: [[UInt8]]) throws(OutOfMemory) -> UnsafePointer<kms_bytes>? {
        let items = try array(of: kms_bytes.self, count: ids.count)
        for (index, id) in ids.enumerated() { items?[index] = try bytes(id) }
        return UnsafePointer(items)
    }

    func keys(_ keys: [KeyTemplate]) throws(OutOfMemory) -> UnsafePointer<kms_hsm_key>? {
        let items = try array(of: kms_hsm_key.self, count: keys.count)
        for (index, template) in keys.enumerated() { items?[index] = try key(template) }
        return UnsafePointer(items)
    }

    private func key(_ template: KeyTemplate) throws(OutOfMemory) -> kms_hsm_key {
        var key = kms_hsm_key()
        key.id = try bytes(template.id)
        key.type = template.type.rawValue
        key.bits = template.bits
        key.flags = template.flags.rawValue
        key.curve = template.curve
        key.usage = template.usage
        key.start_day = template.startDay
        key.end_day = template.endDay
        return key
    }

    func cryptos(_ asked: [CryptoItem]) throws(OutOfMemory) -> UnsafePointer<kms_crypto>? {
        let items = try array(of: kms_crypto.self, count: asked.count)
        for (index, item) in asked.enumerated() {
            var crypto = kms_crypto()
            crypto.op = item.operation.rawValue
            crypto.mechanism = item.mechanism.rawValue
            crypto.key = try bytes(item.key)
            crypto.input = try bytes(item.input)
            crypto.iv = try bytes(item.iv)
            crypto.aad = try bytes(item.aad)
            crypto.tag = try bytes(item.tag)
            crypto.signature = try bytes(item.signature)
            if let target = item.target {
                crypto.target = UnsafePointer(try copy(try key(target)))
            }
            items?[index] = crypto
        }
        return UnsafePointer(items)
    }
}
