public import Secrets

// The records of `kms/database.h` as the host sees them: owned Swift values.

/// Parts of an object: what to fetch, and what an update replaces (`KMS_PART_*`).
public struct ObjectParts: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let object = ObjectParts(rawValue: 1 << 0)
    /// In a write with the terms.
    public static let attributes = ObjectParts(rawValue: 1 << 1)
    public static let tags = ObjectParts(rawValue: 1 << 2)
    /// Fetched always, like uid, owner, type, revision and rights.
    public static let state = ObjectParts(rawValue: 1 << 3)
    public static let all: ObjectParts = [.object, .attributes, .tags, .state]
}

/// How much a value narrows a search (`kms_rank`).
public enum TermRank: UInt32, Sendable { case rare, group, common }

/// A value of a term or a filter.
public enum TermValue: Sendable, Equatable {
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
}

/// A searchable fact about an object.
public struct Term: Sendable, Equatable {
    public var path: String
    public var value: TermValue
    public var rank: TermRank
    /// No two objects may share it: the write fails with ``DriverError/Status/exists``.
    public var isUnique: Bool

    public init(path: String, value: TermValue, rank: TermRank, isUnique: Bool = false) {
        self.path = path
        self.value = value
        self.rank = rank
        self.isUnique = isUnique
    }
}

/// An object as it is written.
public struct NewObject: Sendable {
    public var uid: String
    public var owner: String
    /// KMIP Object Type and State.
    public var type: UInt32, state: UInt32
    /// Drawn at random for each change; never 0.
    public var revision: UInt64
    public var object: SecretBytes?
    public var attributes: [UInt8]
    public var tags: [String]
    public var terms: [Term]

    public init(
        uid: String, owner: String, type: UInt32, state: UInt32, revision: UInt64,
        object: SecretBytes?, attributes: [UInt8], tags: [String], terms: [Term]
    ) {
        self.uid = uid
        self.owner = owner
        self.type = type
        self.state = state
        self.revision = revision
        self.object = object
        self.attributes = attributes
        self.tags = tags
        self.terms = terms
    }
}

/// One object to read.
public struct GetRequest: Sendable {
    public var uid: String
    /// The user first, then `*` and groups: the names whose grants count.
    public var who: [String]
    /// When the object still has it, the parts are left out and the item is
    /// ``ObjectRecord/isUnchanged``.
    public var knownRevision: UInt64?
    public var parts: ObjectParts

    public init(uid: String, who: [String], knownRevision: UInt64? = nil, parts: ObjectParts) {
        self.uid = uid
        self.who = who
        self.knownRevision = knownRevision
        self.parts = parts
    }
}

/// One object as it was read.
public struct ObjectRecord: Sendable {
    /// `.ok`, `.notFound` (uid and rights are still there) or `.corrupt`.
    public var status: DriverStatus
    public var uid: String
    public var owner: String
    public var type: UInt32, state: UInt32
    public var revision: UInt64
    /// All that `who` was granted, together.
    public var rights: UInt64
    public var isUnchanged: Bool
    /// nil when not asked for, unchanged, or kept elsewhere.
    public var object: SecretBytes?
    public var attributes: [UInt8]
    public var tags: [String]
}

/// A filter of a query. The loader flattens it to prefix order.
public indirect enum Filter: Sendable, Equatable {
    case all([Filter])
    case any([Filter])
    case not(Filter)
    case equal(path: String, TermValue, TermRank)
    case atMost(path: String, Int64)
    case atLeast(path: String, Int64)
    case prefix(path: String, TermValue)
    case hasBits(path: String, Int64)
    case hasPath(String)
    case uid(String)
    case owner(String)
    case type(UInt32)
    case state(UInt32)
    case tag(String, TermRank = .group)
}

/// A search for objects.
public struct Query: Sendable {
    /// Which of the visible objects count.
    public enum Scope: Sendable { case any, owned, granted }

    public var filter: Filter?
    public var parts: ObjectParts
    /// Only what these own or were granted; empty: everything.
    public var who: [String]
    /// Granted with at least one of these; 0: with any.
    public var rights: UInt64
    public var scope: Scope
    /// Empty for the first page.
    public var cursor: [UInt8]
    /// 1 to 1000.
    public var limit: Int
    public var skip: Int
    public var countsTotal: Bool
    public var newestFirst: Bool

    public init(
        filter: Filter?, parts: ObjectParts = [], who: [String] = [], rights: UInt64 = 0,
        scope: Scope = .any, cursor: [UInt8] = [], limit: Int = 1000, skip: Int = 0,
        countsTotal: Bool = false, newestFirst: Bool = false
    ) {
        self.filter = filter
        self.parts = parts
        self.who = who
        self.rights = rights
        self.scope = scope
        self.cursor = cursor
        self.limit = limit
        self.skip = skip
        self.countsTotal = countsTotal
        self.newestFirst = newestFirst
    }
}

/// A page of a query.
public struct ObjectPage: Sendable {
    public var objects: [ObjectRecord]
    /// Empty on the last page.
    public var cursor: [UInt8]
    /// nil when not counted.
    public var total: Int?
    /// Some filters were not applied: the host filters what it gets.
    public var isInexact: Bool
}

/// One write. Those of one batch are committed together or not at all.
public struct Write: Sendable {
    public enum Operation: Sendable {
        case create(NewObject)
        /// Replaces the parts and the revision.
        case update(NewObject, ObjectParts)
        case delete(uid: String)
        case grant(uid: String, user: String, rights: UInt64)
        case revoke(uid: String, user: String, rights: UInt64)
        /// Writes nothing: only the conditions count.
        case check(uid: String)
    }

    /// All must hold in the transaction of the write, else `.conflict`.
    public struct Conditions: Sendable {
        public var isPresent = false
        public var revision: UInt64?
        public var owner: String?
        public init(isPresent: Bool = false, revision: UInt64? = nil, owner: String? = nil) {
            self.isPresent = isPresent
            self.revision = revision
            self.owner = owner
        }
    }

    public var operation: Operation
    public var conditions: Conditions

    public init(_ operation: Operation, if conditions: Conditions = Conditions()) {
        self.operation = operation
        self.conditions = conditions
    }
}

/// What one name may do with one uid. Owner, state and type are those of the object, if any.
public struct Grant: Sendable, Equatable {
    public var uid: String, user: String, owner: String
    public var rights: UInt64
    public var state: UInt32, type: UInt32
}

/// A search for grants.
public struct GrantsQuery: Sendable {
    public var uid: String?
    /// Exactly these names; empty: any.
    public var who: [String]
    public var cursor: [UInt8]
    public var limit: Int
    public init(uid: String? = nil, who: [String] = [], cursor: [UInt8] = [], limit: Int = 1000) {
        self.uid = uid
        self.who = who
        self.cursor = cursor
        self.limit = limit
    }
}

/// A page of grants.
public struct GrantsPage: Sendable {
    public var grants: [Grant]
    public var cursor: [UInt8]
}

/// Where the schema of a database stands (`kms_schema_state`).
public enum SchemaState: UInt32, Sendable { case empty, ready, behind, upgrading, ahead, foreign }

/// What `context` tells of a database.
public struct DatabaseContext: Sendable {
    public var state: SchemaState
    public var version: String, schema: String, supported: String, format: String, backend: String
}

/// Outcome of a call or of one item (`kms_status`).
public enum DriverStatus: Int32, Sendable {
    case ok, notFound, exists, conflict, aborted, invalid, unsupported, denied, unavailable
    case upgrading, wouldBlock, cancelled, deadline, exhausted, corrupt, notExtractable
    case cryptoFailed, internalError
}

/// A driver's call that failed, as facts for the log. Nothing of it is for clients.
public struct DriverError: Error, Sendable {
    public typealias Status = DriverStatus
    public var status: DriverStatus
    /// The same request may succeed later; nothing was written.
    public var isRetryable: Bool
    /// A commit may or may not have happened.
    public var isInDoubt: Bool
    public var nativeCode: Int64
    public var nativeState: String
    public var retryAfter: Duration?
    /// For operators; holds no secrets.
    public var message: String
    /// Which write of a batch was at fault, counted from 0; nil when the call failed as a whole.
    public var failedItem: Int?

    public init(
        status: DriverStatus, isRetryable: Bool = false, isInDoubt: Bool = false,
        nativeCode: Int64 = 0, nativeState: String = "", retryAfter: Duration? = nil,
        message: String = "", failedItem: Int? = nil
    ) {
        self.status = status
        self.isRetryable = isRetryable
        self.isInDoubt = isInDoubt
        self.nativeCode = nativeCode
        self.nativeState = nativeState
        self.retryAfter = retryAfter
        self.message = message
        self.failedItem = failedItem
    }
}

extension DriverError: CustomStringConvertible {
    /// For the log: everything that is known, on one line.
    public var description: String {
        var text = "\(status)"
        if let failedItem { text += " (item \(failedItem))" }
        if !message.isEmpty { text += ": \(message)" }
        if nativeCode != 0 { text += ", code \(nativeCode)" }
        if !nativeState.isEmpty { text += ", SQLSTATE \(nativeState)" }
        if isInDoubt { text += ", in doubt" }
        return text
    }
}

/// One number for metrics, as a driver names it (`kms_statistic`).
public struct Statistic: Sendable, Equatable {
    public var name: String, unit: String
    public var value: Double
}

/// What changed since a token, grants included (`kms_changes`).
public struct Changes: Sendable, Equatable {
    /// May repeat and may name what is gone.
    public var uids: [String]
    /// The token was too old: every cached object is to be dropped.
    public var isLost: Bool
    /// For the next call; at most 64 bytes.
    public var token: [UInt8]
}
