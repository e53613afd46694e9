import PluginABI

/// A value as the tests write it.
struct TestValue {
    enum Content {
        case integer(Int64)
        case text(String)
        case bytes([UInt8])
    }

    var content: Content
    var rank: UInt32 = KMS_RANK_GROUP.rawValue

    static func integer(_ number: Int64) -> TestValue { TestValue(content: .integer(number)) }
    static func text(_ text: String) -> TestValue { TestValue(content: .text(text)) }
    static func bytes(_ bytes: [UInt8]) -> TestValue { TestValue(content: .bytes(bytes)) }

    func ranked(_ rank: kms_rank) -> TestValue {
        TestValue(content: content, rank: rank.rawValue)
    }
}

struct TestTerm {
    var path: String
    var value: TestValue
    var isUnique = false
}

/// A filter tree; `arity` overrides the number of operands, to make broken ones.
struct TestFilter {
    var op: UInt32
    var arity: Int?
    var path = ""
    var value: TestValue?
    var operands: [TestFilter] = []

    private init(
        _ op: kms_filter_op, path: String = "", _ value: TestValue? = nil,
        _ operands: [TestFilter] = []
    ) {
        self.op = op.rawValue
        self.path = path
        self.value = value
        self.operands = operands
    }

    static func and(_ operands: TestFilter...) -> Self { .init(KMS_FILTER_AND, nil, operands) }
    static func or(_ operands: TestFilter...) -> Self { .init(KMS_FILTER_OR, nil, operands) }
    static func all(_ operands: [TestFilter]) -> Self { .init(KMS_FILTER_AND, nil, operands) }
    static func not(_ operand: TestFilter) -> Self { .init(KMS_FILTER_NOT, nil, [operand]) }
    static func equal(_ path: String, _ value: TestValue) -> Self {
        .init(KMS_FILTER_EQUAL, path: path, value)
    }
    static func atMost(_ path: String, _ number: Int64) -> Self {
        .init(KMS_FILTER_AT_MOST, path: path, .integer(number))
    }
    static func atLeast(_ path: String, _ number: Int64) -> Self {
        .init(KMS_FILTER_AT_LEAST, path: path, .integer(number))
    }
    static func prefix(_ path: String, _ value: TestValue) -> Self {
        .init(KMS_FILTER_PREFIX, path: path, value)
    }
    static func hasBits(_ path: String, _ bits: Int64) -> Self {
        .init(KMS_FILTER_HAS_BITS, path: path, .integer(bits))
    }
    static func hasPath(_ path: String) -> Self { .init(KMS_FILTER_HAS_PATH, path: path) }
    static func uid(_ uid: String) -> Self { .init(KMS_FILTER_UID, .text(uid)) }
    static func owner(_ owner: String) -> Self { .init(KMS_FILTER_OWNER, .text(owner)) }
    static func type(_ type: Int64) -> Self { .init(KMS_FILTER_TYPE, .integer(type)) }
    static func state(_ state: Int64) -> Self { .init(KMS_FILTER_STATE, .integer(state)) }
    static func tag(_ tag: String) -> Self { .init(KMS_FILTER_TAG, .text(tag)) }

    private init(_ op: kms_filter_op, _ value: TestValue?, _ operands: [TestFilter] = []) {
        self.init(op, path: "", value, operands)
    }
}

/// An object as the tests write and read it.
struct TestObject: Equatable {
    var uid: String
    var owner = "alice"
    var type: UInt32 = 2
    var state: UInt32 = 2
    var revision: UInt64 = 1
    var object: [UInt8] = []
    var attributes: [UInt8] = []
    var tags: [String] = []
    var rights: UInt64 = 0
    var status: Int = Int(KMS_OK)
    var isUnchanged = false
}

struct TestWrite {
    var op: kms_write_op
    var object: TestObject
    var terms: [TestTerm] = []
    var batch: UInt32 = 0
    var flags: Int = 0
    var parts: Int = 0
    var user = ""
    var rights: UInt64 = 0
    var expectedRevision: UInt64 = 0
    var expectedOwner = ""

    static func create(
        _ object: TestObject, terms: [TestTerm] = [], batch: UInt32 = 0
    ) -> TestWrite {
        TestWrite(op: KMS_WRITE_CREATE, object: object, terms: terms, batch: batch)
    }
    static func update(
        _ object: TestObject, parts: Int, terms: [TestTerm] = [], ifRevision: UInt64? = nil,
        batch: UInt32 = 0
    ) -> TestWrite {
        TestWrite(
            op: KMS_WRITE_UPDATE, object: object, terms: terms, batch: batch,
            flags: ifRevision == nil ? 0 : KMS_IF_REVISION, parts: parts,
            expectedRevision: ifRevision ?? 0)
    }
    static func delete(_ uid: String, batch: UInt32 = 0) -> TestWrite {
        TestWrite(op: KMS_WRITE_DELETE, object: TestObject(uid: uid), batch: batch)
    }
    static func grant(
        _ uid: String, to user: String, _ rights: UInt64, batch: UInt32 = 0
    ) -> TestWrite {
        TestWrite(
            op: KMS_WRITE_GRANT, object: TestObject(uid: uid), batch: batch, user: user,
            rights: rights)
    }
    static func revoke(_ uid: String, from user: String, _ rights: UInt64) -> TestWrite {
        TestWrite(
            op: KMS_WRITE_REVOKE, object: TestObject(uid: uid), user: user, rights: rights)
    }
    static func check(_ uid: String, revision: UInt64, batch: UInt32 = 0) -> TestWrite {
        TestWrite(
            op: KMS_WRITE_CHECK, object: TestObject(uid: uid), batch: batch,
            flags: KMS_IF_REVISION, expectedRevision: revision)
    }
}

struct TestGet {
    var uid: String
    var who: [String] = []
    var known: UInt64 = 0
    var parts: Int = Int(KMS_PART_OBJECT | KMS_PART_ATTRIBUTES | KMS_PART_TAGS)
}

struct TestQuery {
    var filter: TestFilter?
    var who: [String] = []
    var rights: UInt64 = 0
    var cursor: [UInt8] = []
    var limit = 1000
    var skip = 0
    var flags = 0
    var parts = 0
}

struct TestPage {
    var items: [TestObject] = []
    var cursor: [UInt8] = []
    var total: Int64 = -1
    var isInexact = false

    var uids: [String] { items.map(\.uid) }
}

struct TestGrant: Equatable {
    var uid: String
    var user: String
    var owner: String
    var rights: UInt64
    var state: UInt32
    var type: UInt32
}

/// What a C function returned instead of KMS_OK.
struct TestFailure: Error, Equatable {
    var status: Int
    var message = ""
    var flags: UInt32 = 0
    /// SQLSTATE.
    var state = ""
    var retryAfter_ns: UInt64 = 0
}
