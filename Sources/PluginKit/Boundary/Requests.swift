import PluginABI

// Views on what the host sends. Each holds a pointer into the host's memory, which the contract
// keeps alive and unchanged until the driver's function returns.

/// The items of one `get`.
public struct GetRequests: RandomAccessCollection {
    private let items: UnsafePointer<kms_get>?
    public let count: Int

    init(_ items: UnsafePointer<kms_get>?, count: Int) {
        self.items = items
        self.count = items == nil ? 0 : count
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }
    public subscript(position: Int) -> GetRequest {
        precondition(position >= 0 && position < count, "index out of range")
        return GetRequest(items.unsafelyUnwrapped[position])  // in range, so there are items
    }
}

/// One object to retrieve.
public struct GetRequest {
    public let uid: BorrowedText
    /// The user first, then whatever else grants may name. Only the first may be the owner.
    public let who: BorrowedTexts
    /// 0: always fetch.
    public let knownRevision: UInt64
    public let parts: Parts

    init(_ item: kms_get) {
        uid = BorrowedText(item.uid)
        who = BorrowedTexts(item.who)
        knownRevision = item.known_revision
        parts = Parts(rawValue: item.parts)
    }
}

/// A searchable value. Integers also stand for enumerations, booleans and instants.
public struct Value {
    public enum Content {
        case integer(Int64)
        case text(BorrowedText)
        case bytes(BorrowedBytes)
        /// A type that this version does not know.
        case unknown
    }

    /// How much a value narrows a search: `kms_rank`, rarest first.
    public enum Rank: UInt32, Comparable, Sendable {
        case rare, group, common

        public static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
    }

    public let content: Content
    public let rank: Rank
    /// The plain number, for filters on type and state.
    public let number: Int64
    /// The plain bytes, for filters on uid, owner and tag.
    public let bytes: BorrowedBytes

    init(_ value: kms_value) {
        number = value.number
        bytes = BorrowedBytes(value.bytes)
        rank = Rank(rawValue: value.rank) ?? .common
        content =
            switch value.type {
            case KMS_VALUE_INTEGER.rawValue: .integer(value.number)
            case KMS_VALUE_TEXT.rawValue: .text(BorrowedText(utf8: bytes))
            case KMS_VALUE_BYTES.rawValue: .bytes(bytes)
            default: .unknown
            }
    }
}

/// A searchable fact about an object.
public struct Term {
    public let path: BorrowedText
    public let value: Value
    /// No two objects may have this path with this value.
    public let isUnique: Bool

    init(_ term: kms_term) {
        path = BorrowedText(term.path)
        value = Value(term.value)
        isUnique = term.flags & UInt32(KMS_TERM_UNIQUE) != 0
    }
}

/// The terms of one object.
public struct Terms: RandomAccessCollection {
    private let items: UnsafePointer<kms_term>?
    public let count: Int

    init(_ items: UnsafePointer<kms_term>?, count: Int) {
        self.items = items
        self.count = items == nil ? 0 : count
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }
    public subscript(position: Int) -> Term {
        precondition(position >= 0 && position < count, "index out of range")
        return Term(items.unsafelyUnwrapped[position])
    }
}

/// A node of a filter, in prefix order (`kms_filter`).
public struct FilterNode {
    /// `kms_filter_op`; the numbers are those of `kms/database.h`.
    public enum Operation: UInt32, Sendable {
        case and = 1
        case or, not
        case equal, atMost, atLeast, prefix, hasBits, hasPath
        case uid, owner, type, state, tag
    }

    /// Nil for an operation that this version does not know.
    public let operation: Operation?
    public let arity: Int
    public let path: BorrowedText
    public let value: Value

    init(_ node: kms_filter) {
        operation = Operation(rawValue: node.op)
        arity = Int(node.arity)
        path = BorrowedText(node.path)
        value = Value(node.value)
    }
}

/// One tree of filters in prefix order; empty means everything.
public struct Filters: RandomAccessCollection {
    private let items: UnsafePointer<kms_filter>?
    public let count: Int

    init(_ items: UnsafePointer<kms_filter>?, count: Int) {
        self.items = items
        self.count = items == nil ? 0 : count
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }
    public subscript(position: Int) -> FilterNode {
        precondition(position >= 0 && position < count, "index out of range")
        return FilterNode(items.unsafelyUnwrapped[position])
    }
}

/// A search (`kms_query`).
public struct Query {
    /// `KMS_QUERY_*`.
    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        public static let owned = Flags(rawValue: 1 << 0)
        public static let granted = Flags(rawValue: 1 << 1)
        public static let count = Flags(rawValue: 1 << 2)
        public static let newest = Flags(rawValue: 1 << 3)
    }

    public let parts: Parts
    public let filters: Filters
    /// Only objects that these own or are granted; empty: all.
    public let who: BorrowedTexts
    /// Granted with at least one of these; 0: with any.
    public let rights: UInt64
    /// Empty for the first page.
    public let cursor: BorrowedBytes
    /// 1...1000.
    public let limit: Int
    /// First page only.
    public let skip: Int
    public let flags: Flags

    init(_ query: UnsafePointer<kms_query>) {
        parts = Parts(rawValue: query.pointee.parts)
        filters = Filters(query.pointee.filters, count: query.pointee.filter_count)
        who = BorrowedTexts(query.pointee.who)
        rights = query.pointee.rights
        cursor = BorrowedBytes(query.pointee.cursor)
        limit = Int(query.pointee.limit)
        skip = Int(query.pointee.skip)
        flags = Flags(rawValue: query.pointee.flags)
    }
}

/// A listing of grants (`kms_grants_query`).
public struct GrantsQuery {
    /// Empty: any.
    public let uid: BorrowedText
    /// Exactly these names; empty: any.
    public let who: BorrowedTexts
    public let cursor: BorrowedBytes
    /// 1...1000.
    public let limit: Int

    init(_ query: UnsafePointer<kms_grants_query>) {
        uid = BorrowedText(query.pointee.uid)
        who = BorrowedTexts(query.pointee.who)
        cursor = BorrowedBytes(query.pointee.cursor)
        limit = Int(query.pointee.limit)
    }
}
