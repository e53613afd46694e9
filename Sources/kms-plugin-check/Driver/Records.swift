// The records of `kms/database.h` as cases write and read them: plain values that may also break
// the contract, which the loader's own records cannot.

/// Parts of an object (`KMS_PART_*`).
struct Parts: OptionSet, Sendable, Codable {
    let rawValue: UInt32
    static let object = Parts(rawValue: 1 << 0)
    static let attributes = Parts(rawValue: 1 << 1)
    static let tags = Parts(rawValue: 1 << 2)
    static let state = Parts(rawValue: 1 << 3)
    static let all: Parts = [.object, .attributes, .tags, .state]
}

/// A value of a term or filter (`kms_value`).
struct Value: Sendable, Equatable, Codable {
    enum Content: Sendable, Equatable, Codable {
        case integer(Int64)
        case text(String)
        case bytes([UInt8])
    }
    enum Rank: UInt32, Sendable, CaseIterable, Codable { case rare, group, common }

    var content: Content
    var rank = Rank.group

    static func integer(_ number: Int64) -> Value { Value(content: .integer(number)) }
    static func text(_ text: String) -> Value { Value(content: .text(text)) }
    static func bytes(_ bytes: [UInt8]) -> Value { Value(content: .bytes(bytes)) }
    func ranked(_ rank: Rank) -> Value { Value(content: content, rank: rank) }
}

/// A searchable fact (`kms_term`).
struct Term: Sendable, Equatable, Codable {
    var path: String
    var value: Value
    var isUnique = false

    init(_ path: String, _ value: Value, isUnique: Bool = false) {
        self.path = path
        self.value = value
        self.isUnique = isUnique
    }
}

/// An object as it is written. A case names only what matters to it.
struct Object: Sendable, Equatable, Codable {
    var uid: String
    var owner = "alice"
    var type: UInt32 = 2
    var state: UInt32 = 1
    var revision: UInt64
    var object: [UInt8] = []
    var attributes: [UInt8] = []
    var tags: [String] = []
    var terms: [Term] = []

    /// - Parameter revision: nil draws one, as the host does.
    init(
        _ uid: String, owner: String = "alice", type: UInt32 = 2, state: UInt32 = 1,
        revision: UInt64? = nil, object: [UInt8] = [], attributes: [UInt8] = [],
        tags: [String] = [], terms: [Term] = []
    ) {
        self.uid = uid
        self.owner = owner
        self.type = type
        self.state = state
        self.revision = revision ?? UInt64.random(in: 1...(.max))
        self.object = object
        self.attributes = attributes
        self.tags = tags
        self.terms = terms
    }
}

/// An object as it was read, copied out of the driver's result.
struct Found: Sendable, Equatable, Codable {
    var status: Status
    var uid: String
    var owner: String
    var type: UInt32, state: UInt32
    var revision: UInt64
    var rights: UInt64
    var object: [UInt8], attributes: [UInt8]
    var tags: [String]
    /// `KMS_OBJECT_*`.
    var flags: UInt32

    var isUnchanged: Bool { flags & 1 != 0 }
}

/// One item of `get`.
struct Get: Sendable, Codable {
    var uid: String
    var who: [String] = []
    var knownRevision: UInt64 = 0
    var parts: Parts = .all

    init(
        _ uid: String, who: [String] = [], knownRevision: UInt64 = 0, parts: Parts = .all
    ) {
        self.uid = uid
        self.who = who
        self.knownRevision = knownRevision
        self.parts = parts
    }
}

/// What `get` and `query` answer (`kms_objects`).
struct Objects: Sendable {
    var items: [Found]
    var cursor: [UInt8]
    /// -1: not counted.
    var total: Int64
    /// `KMS_OBJECTS_*`.
    var flags: UInt32

    var isInexact: Bool { flags & 1 != 0 }
    var uids: [String] { items.map(\.uid) }
}

/// What one name may do with one uid (`kms_grant`).
struct Grant: Sendable, Equatable, Hashable {
    var uid: String, user: String, owner: String
    var rights: UInt64
    var state: UInt32, type: UInt32
}

struct Grants: Sendable {
    var items: [Grant]
    var cursor: [UInt8]
}

struct GrantsQuery: Sendable {
    var uid = ""
    var who: [String] = []
    var cursor: [UInt8] = []
    var limit: UInt32 = 1000
}

/// What `changes` answers.
struct Changes: Sendable, Codable {
    var uids: [String]
    var token: [UInt8]
    var isLost: Bool
}

struct Statistic: Sendable, Equatable {
    var name: String, unit: String
    var value: Double
}

/// `kms_schema_state`.
enum SchemaState: UInt32, Sendable, CaseIterable, CustomStringConvertible {
    case empty, ready, behind, upgrading, ahead, foreign

    private static let names = ["empty", "ready", "behind", "upgrading", "ahead", "foreign"]
    init?(name: String) {
        guard let index = Self.names.firstIndex(of: name) else { return nil }
        self.init(rawValue: UInt32(index))
    }
    var name: String { Self.names[Int(rawValue)] }
    var description: String { name.uppercased() }
}

/// `kms_context`, with its state as the driver gave it.
struct Context: Sendable {
    var state: SchemaState?
    var version: String, schema: String, supported: String, format: String, backend: String
}
