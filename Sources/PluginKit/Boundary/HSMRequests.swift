import PluginABI

// Views on what the host sends to an HSM driver, valid until the driver's function returns.

/// What `slot_open` is given (`kms_hsm_slot_open`).
public struct HSMSlotOpening {
    // The host's struct, alive until `slot_open` returns.
    private let pointer: UnsafePointer<kms_hsm_slot_open>

    init(_ pointer: UnsafePointer<kms_hsm_slot_open>) { self.pointer = pointer }

    public var slot: UInt64 { pointer.pointee.slot }
    /// Secret; may be empty, which is a PIN too.
    public var pin: BorrowedBytes { BorrowedBytes(pointer.pointee.pin) }
    /// Public objects only, without a PIN.
    public var isWithoutLogin: Bool {
        pointer.pointee.flags & UInt32(KMS_SLOT_OPEN_NO_LOGIN) != 0
    }
    /// Most calls in flight.
    public var concurrency: Int { Int(pointer.pointee.concurrency) }
}

/// Key ids, in the order in which the answers are wanted.
public struct HSMKeyIDs: RandomAccessCollection {
    // The host's array of `count` slices.
    private let items: UnsafePointer<kms_bytes>?
    public let count: Int

    init(_ items: UnsafePointer<kms_bytes>?, count: Int) {
        self.items = items
        self.count = items == nil ? 0 : count
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }
    public subscript(position: Int) -> BorrowedBytes {
        precondition(position >= 0 && position < count, "index out of range")
        return BorrowedBytes(items.unsafelyUnwrapped[position])  // in range, so there are items
    }
}

/// What a key is to be: of `generate`, of `update`, and the target of an unwrapping.
public struct HSMKeyTemplate {
    public let id: BorrowedBytes
    public let label: BorrowedText
    /// Nil for a type that this version does not know.
    public let type: HSMKeyType?
    public let bits: UInt32
    public let flags: HSMKeyFlags
    public let curve: UInt32, usage: UInt32
    public let startDay: Int32?, endDay: Int32?

    init(_ key: kms_hsm_key) {
        id = BorrowedBytes(key.id)
        label = BorrowedText(key.label)
        type = HSMKeyType(rawValue: key.type)
        bits = key.bits
        flags = HSMKeyFlags(rawValue: key.flags)
        curve = key.curve
        usage = key.usage
        startDay = key.start_day == .min ? nil : key.start_day
        endDay = key.end_day == .min ? nil : key.end_day
    }
}

/// The templates of one call.
public struct HSMKeyTemplates: RandomAccessCollection {
    private let items: UnsafePointer<kms_hsm_key>?
    public let count: Int

    init(_ items: UnsafePointer<kms_hsm_key>?, count: Int) {
        self.items = items
        self.count = items == nil ? 0 : count
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }
    public subscript(position: Int) -> HSMKeyTemplate {
        precondition(position >= 0 && position < count, "index out of range")
        return HSMKeyTemplate(items.unsafelyUnwrapped[position])
    }
}

/// What `find` is asked: these keys, or a page of all of a type.
public struct HSMKeyQuery {
    /// Nil for a type that this version does not know.
    public let type: HSMKeyType?
    /// Empty: all of the type.
    public let ids: HSMKeyIDs
    /// Empty for the first page.
    public let cursor: BorrowedBytes
    public let limit: Int

    init(_ type: UInt32, _ ids: HSMKeyIDs, _ cursor: kms_bytes, limit: UInt32) {
        self.type = HSMKeyType(rawValue: type)
        self.ids = ids
        self.cursor = BorrowedBytes(cursor)
        self.limit = Int(limit)
    }
}

/// One operation of `crypto`.
public struct CryptoRequest {
    /// Nil for an operation that this version does not know.
    public let operation: CryptoOperation?
    /// Nil for a mechanism that this version does not know.
    public let mechanism: Mechanism?
    public let key: BorrowedBytes
    public let input: BorrowedBytes
    public let iv: BorrowedBytes, aad: BorrowedBytes, tag: BorrowedBytes
    public let signature: BorrowedBytes
    /// Of wrapping and unwrapping.
    public let target: HSMKeyTemplate?

    init(_ item: kms_crypto) {
        operation = CryptoOperation(rawValue: item.op)
        mechanism = Mechanism(rawValue: item.mechanism)
        key = BorrowedBytes(item.key)
        input = BorrowedBytes(item.input)
        iv = BorrowedBytes(item.iv)
        aad = BorrowedBytes(item.aad)
        tag = BorrowedBytes(item.tag)
        signature = BorrowedBytes(item.signature)
        target = item.target.map { HSMKeyTemplate($0.pointee) }
    }
}

/// The operations of one call.
public struct CryptoRequests: RandomAccessCollection {
    private let items: UnsafePointer<kms_crypto>?
    public let count: Int

    init(_ items: UnsafePointer<kms_crypto>?, count: Int) {
        self.items = items
        self.count = items == nil ? 0 : count
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }
    public subscript(position: Int) -> CryptoRequest {
        precondition(position >= 0 && position < count, "index out of range")
        return CryptoRequest(items.unsafelyUnwrapped[position])
    }
}

/// Memory of the host's to be filled, until the driver's function returns.
public struct FillableMemory {
    private let base: UnsafeMutablePointer<UInt8>?
    public let count: Int

    init(_ base: UnsafeMutablePointer<UInt8>?, count: Int) {
        self.base = base
        self.count = base == nil ? 0 : count
    }

    /// Fills it with as many bytes.
    public func fill(with bytes: BorrowedBytes) {
        precondition(bytes.count == count, "fills all of it")
        // Both have `count` bytes.
        bytes.withUnsafeBytes { source in
            guard let from = source.baseAddress, let base else { return }
            UnsafeMutableRawPointer(base).copyMemory(from: from, byteCount: count)
        }
    }
}
