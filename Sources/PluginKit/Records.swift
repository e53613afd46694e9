/// Parts of an object: what to fetch, what an update replaces (`KMS_PART_*`).
public struct Parts: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32
    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let object = Parts(rawValue: 1 << 0)
    /// In a write with the terms.
    public static let attributes = Parts(rawValue: 1 << 1)
    public static let tags = Parts(rawValue: 1 << 2)
    /// Fetched always.
    public static let state = Parts(rawValue: 1 << 3)
}

/// Functions that answer on the host's own thread when they can (`KMS_QUICK_*`).
public struct QuickFunctions: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let get = QuickFunctions(rawValue: 1 << 0)
    public static let query = QuickFunctions(rawValue: 1 << 1)
    public static let grants = QuickFunctions(rawValue: 1 << 2)
}

/// What a driver knows of one stored object; a builder copies it into the result.
///
/// Members that were not asked for stay empty. `rights` is all that the callers of the request were
/// granted on the uid, together.
public struct ObjectRecord {
    public var uid: BorrowedText
    public var owner = BorrowedText()
    public var type: UInt32 = 0
    public var state: UInt32 = 0
    public var revision: UInt64 = 0
    /// Secret.
    public var object = BorrowedBytes()
    public var attributes = BorrowedBytes()
    public var rights: UInt64 = 0
    public var status = Status.ok
    /// The revision is the one that the host knows: the parts asked for are left empty.
    public var isUnchanged = false

    public init(uid: BorrowedText) { self.uid = uid }
}

/// One grant as `grants` lists it. Owner, state and type are those of the object, if any.
public struct GrantRecord {
    public var uid: BorrowedText
    public var user: BorrowedText
    public var owner = BorrowedText()
    public var rights: UInt64
    public var state: UInt32 = 0
    public var type: UInt32 = 0

    public init(uid: BorrowedText, user: BorrowedText, rights: UInt64) {
        self.uid = uid
        self.user = user
        self.rights = rights
    }
}

/// What the driver thinks of the schema (`kms_context`). Texts are cut to what the struct holds.
public struct SchemaContext: Sendable, Equatable {
    /// `kms_schema_state`; the numbers are those of `kms/database.h`.
    public enum State: UInt32, Sendable {
        case empty, ready, behind, upgrading, ahead, foreign
    }

    public var state: State
    /// Version of the newest host that migrated the database; empty when none.
    public var version = ""
    /// Schema in the database.
    public var schema = ""
    /// Schema that this driver writes.
    public var supported = ""
    /// ``State/foreign``: whose, when known.
    public var format = ""
    /// "PostgreSQL 16.3".
    public var backend = ""

    public init(state: State) { self.state = state }
}

/// A counter or gauge for metrics, for example `pool.in-use`.
public struct Statistic: Sendable {
    public var name: StaticString
    public var unit: StaticString
    public var value: Double

    public init(_ name: StaticString, _ unit: StaticString, _ value: Double) {
        self.name = name
        self.unit = unit
        self.value = value
    }
}
