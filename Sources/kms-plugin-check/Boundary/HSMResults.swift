import PluginABI

/// Reads and releases what the HSM interface answered.
extension ResultReader {
    /// - Parameter ids: Those asked for, of which each must have its item; nil for a page.
    func keys(_ result: kms_hsm_keys, ids: [[UInt8]]?) -> [FoundKey] {
        let found = items(result.items, result.count, most: ids?.count ?? 1 << 16).map(key)
        if let ids {
            if found.count != ids.count { note("\(found.count) items answer \(ids.count)") }
            for (item, id) in zip(found, ids) where item.id != id {
                note("an item is about another id than the one asked for")
            }
            if result.cursor.size != 0 { note("a cursor is set") }
        }
        let secrets = items(result.items, result.count, most: .max).map(\.secret_material)
        for key in found where !key.secretMaterial.isEmpty {
            if function != .exportKeys { note("key material comes out of \(function)") }
            Canaries.ofThisProcess.add(key.secretMaterial)
        }
        release(result.owner, secrets)
        return found
    }

    private func key(_ item: kms_hsm_key) -> FoundKey {
        let status = Status(rawValue: item.status)
        if !status.isKnown || status == .wouldBlock { note("a key has status \(status)") }
        let type = KeyType(rawValue: item.type)
        if type == nil { note("a key has the unknown type \(item.type)") }
        if status == .ok && (type == nil || type == .any) { note("a key has no type") }
        return FoundKey(
            status: status, id: bytes(item.id, "id", most: 1 << 16),
            label: text(item.label, "label", most: 1 << 16), type: type, bits: item.bits,
            flags: KeyFlags(rawValue: item.flags), curve: item.curve, usage: item.usage,
            startDay: item.start_day, endDay: item.end_day,
            publicMaterial: bytes(item.public_material, "public material", most: 1 << 16),
            secretMaterial: bytes(item.secret_material, "secret material", most: 1 << 16))
    }

    func answers(_ result: kms_crypto_results, count: Int) -> [CryptoAnswer] {
        let answers = items(result.items, result.count, most: count).map { item in
            let status = Status(rawValue: item.status)
            if !status.isKnown || status == .wouldBlock { note("an item has status \(status)") }
            if status != .ok && item.output.size > 0 { note("an item that failed has an output") }
            return CryptoAnswer(
                status: status, output: bytes(item.output, "output", most: 1 << 25),
                iv: bytes(item.iv, "iv", most: 1 << 10), tag: bytes(item.tag, "tag", most: 64))
        }
        if answers.count != count { note("\(answers.count) items answer \(count)") }
        release(result.owner, items(result.items, result.count, most: .max).map(\.output))
        return answers
    }

    /// Ends a result, and looks whether its secrets are left behind.
    private func release(_ owner: kms_owner, _ secrets: [kms_bytes]) {
        let places = secrets.filter { secret in
            let bytes = UnsafeRawBufferPointer(
                start: secret.data, count: secret.data == nil ? 0 : secret.size)
            return secret.size < 1 << 16 && Canaries.ofThisProcess.areFound(in: bytes)
        }.map { (address: UInt(bitPattern: $0.data), count: $0.size) }
        owner.release?(owner.owner)
        for place in places
        where Canaries.ofThisProcess.areFound(
            in: OwnMemory.bytes(at: place.address, count: place.count))
        {
            note("a secret was still in memory when its result was released")
        }
    }
}
