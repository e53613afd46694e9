import PluginABI

/// One write of `apply` (`kms_write`), valid until the driver's function returns.
public struct Write {
    /// `kms_write_op`; the numbers are those of `kms/database.h`.
    public enum Operation: UInt32, Sendable {
        case create = 1
        case update, delete, grant, revoke, check
    }

    /// `KMS_IF_*`.
    public struct Conditions: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        public static let present = Conditions(rawValue: 1 << 0)
        public static let revision = Conditions(rawValue: 1 << 1)
        public static let owner = Conditions(rawValue: 1 << 2)
    }

    // An element of the host's array.
    private let pointer: UnsafePointer<kms_write>

    init(_ pointer: UnsafePointer<kms_write>) { self.pointer = pointer }

    /// Nil for an operation that this version does not know.
    public var operation: Operation? { Operation(rawValue: pointer.pointee.op) }
    public var conditions: Conditions { Conditions(rawValue: pointer.pointee.flags) }
    public var batch: UInt32 { pointer.pointee.batch }
    /// Update: what is replaced.
    public var parts: Parts { Parts(rawValue: pointer.pointee.parts) }

    public var uid: BorrowedText { BorrowedText(pointer.pointee.object.uid) }
    public var owner: BorrowedText { BorrowedText(pointer.pointee.object.owner) }
    public var type: UInt32 { pointer.pointee.object.type }
    public var state: UInt32 { pointer.pointee.object.state }
    public var revision: UInt64 { pointer.pointee.object.revision }
    /// Secret.
    public var object: BorrowedBytes { BorrowedBytes(pointer.pointee.object.object) }
    public var attributes: BorrowedBytes { BorrowedBytes(pointer.pointee.object.attributes) }
    public var tags: BorrowedTexts { BorrowedTexts(pointer.pointee.object.tags) }
    public var terms: Terms {
        Terms(pointer.pointee.object.terms, count: pointer.pointee.object.term_count)
    }

    /// Grant and revoke.
    public var user: BorrowedText { BorrowedText(pointer.pointee.user) }
    /// Grant and revoke; the bits mean something to the host only.
    public var rights: UInt64 { pointer.pointee.rights }
    public var expectedRevision: UInt64 { pointer.pointee.expected_revision }
    public var expectedOwner: BorrowedText { BorrowedText(pointer.pointee.expected_owner) }
}

/// The writes of one `apply`.
public struct Writes: RandomAccessCollection {
    private let items: UnsafePointer<kms_write>?
    public let count: Int

    init(_ items: UnsafePointer<kms_write>?, count: Int) {
        self.items = items
        self.count = items == nil ? 0 : count
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }
    public subscript(position: Int) -> Write {
        precondition(position >= 0 && position < count, "index out of range")
        return Write(items.unsafelyUnwrapped + position)  // in range, so there are items
    }

    /// The batch that begins at `start`: neighbours with the same number.
    public func batch(from start: Int) -> Range<Int> {
        let number = self[start].batch
        var end = start + 1
        while end < count, self[end].batch == number { end += 1 }
        return start..<end
    }
}
