import PluginABI

/// Collects the keys of `generate`, `find` and `export`. Everything is copied into one arena.
public struct HSMKeysBuilder: ~Copyable {
    private var arena: Arena
    private var items: ArenaArray<kms_hsm_key>
    private var cursorSlice = kms_bytes()

    init(expected: Int) {
        let capacity = min(max(expected, 1), 64)
        arena = Arena(capacity: capacity * (MemoryLayout<kms_hsm_key>.stride + 160))
        items = ArenaArray(capacity: capacity)
    }

    /// How many keys there are so far.
    public var count: Int { items.count }

    /// Adds a key.
    ///
    /// - Parameter secret: Its material, for `export` alone; zeroed when the host releases it.
    public mutating func append(
        _ record: HSMKeyRecord, secret: BorrowedBytes = BorrowedBytes()
    ) throws(DriverFailure) {
        var item = kms_hsm_key()
        item.id = try copy(record.id)
        let label = try copy(record.label)
        item.label = kms_text(
            data: UnsafeRawPointer(label.data)?.assumingMemoryBound(to: CChar.self),
            size: label.size)
        item.type = record.type.rawValue
        item.bits = record.bits
        item.flags = record.flags.rawValue
        item.curve = record.curve
        item.usage = record.usage
        item.status = record.status.rawValue
        item.native_code = record.nativeCode
        item.start_day = record.startDay ?? .min
        item.end_day = record.endDay ?? .min
        item.public_material = try copy(record.publicMaterial)
        item.secret_material = try arena.bytes(secret, secret: true)
        try items.append(item, in: &arena)
    }

    /// Says where the next page begins; at most 512 bytes. Leave it out on the last page.
    public mutating func setCursor(_ cursor: [UInt8]) throws(DriverFailure) {
        cursorSlice = try copy(cursor)
    }

    private mutating func copy(_ bytes: [UInt8]) throws(DriverFailure) -> kms_bytes {
        // The arena outlives the array, and keeps a copy.
        let place = try arena.allocate(bytes.count)
        bytes.withUnsafeBytes { source in
            if let from = source.baseAddress {
                place.copyMemory(from: from, byteCount: source.count)
            }
        }
        return kms_bytes(
            data: bytes.isEmpty ? nil : UnsafePointer(place.assumingMemoryBound(to: UInt8.self)),
            size: bytes.count)
    }

    /// Fills the host's struct, which takes over the memory.
    mutating func finish(into out: UnsafeMutablePointer<kms_hsm_keys>) {
        out.pointee.items = UnsafePointer(items.base)
        out.pointee.count = items.count
        out.pointee.cursor = cursorSlice
        out.pointee.owner = arena.detach()
    }
}

/// The outcomes of one `crypto`, in the order of the requests; set in any order.
public struct CryptoResults: ~Copyable {
    private var arena: Arena
    private var items: ArenaArray<kms_crypto_result>

    init(count: Int) throws(DriverFailure) {
        arena = Arena(capacity: count * (MemoryLayout<kms_crypto_result>.stride + 128))
        items = ArenaArray(capacity: count)
        var unset = kms_crypto_result()
        unset.status = Status.internal.rawValue
        for _ in 0..<count { try items.append(unset, in: &arena) }
    }

    public var count: Int { items.count }

    /// Notes what came of a request.
    ///
    /// - Parameter output: Copied; zeroed when the host releases it.
    public mutating func set(
        _ position: Int, _ status: Status, nativeCode: UInt32 = 0,
        output: BorrowedBytes = BorrowedBytes(), iv: BorrowedBytes = BorrowedBytes(),
        tag: BorrowedBytes = BorrowedBytes()
    ) throws(DriverFailure) {
        precondition(position >= 0 && position < count, "index out of range")
        var item = kms_crypto_result()
        item.status = status.rawValue
        item.native_code = nativeCode
        item.output = try arena.bytes(output, secret: true)
        item.iv = try arena.bytes(iv)
        item.tag = try arena.bytes(tag)
        items.set(position, item)
    }

    mutating func finish(into out: UnsafeMutablePointer<kms_crypto_results>) {
        out.pointee.items = UnsafePointer(items.base)
        out.pointee.count = items.count
        out.pointee.owner = arena.detach()
    }
}

/// The outcomes of `update` and `destroy`, one for each key.
public struct HSMOutcomes: ~Copyable {
    private var items: [kms_status]

    init(count: Int) { items = Array(repeating: Status.internal.rawValue, count: count) }

    public var count: Int { items.count }

    public subscript(position: Int) -> Status {
        get { Status(rawValue: items[position]) }
        set { items[position] = newValue.rawValue }
    }

    /// Writes them to the host's slots, which are as many as `count` said.
    func finish(into slots: UnsafeMutablePointer<kms_status>) {
        items.withUnsafeBufferPointer { items in
            if let first = items.baseAddress { slots.update(from: first, count: items.count) }
        }
    }
}
