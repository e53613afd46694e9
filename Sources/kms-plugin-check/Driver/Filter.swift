import PluginABI

/// A filter tree, which is sent in prefix order. `arity` overrides the number of operands, to make
/// what is no tree.
struct Filter: Sendable {
    var op: UInt32
    var arity: UInt32?
    var path = ""
    var value: Value?
    var operands: [Filter] = []

    init(
        op: UInt32, arity: UInt32? = nil, path: String = "", value: Value? = nil,
        operands: [Filter] = []
    ) {
        self.op = op
        self.arity = arity
        self.path = path
        self.value = value
        self.operands = operands
    }

    static func all(_ operands: [Filter]) -> Filter { tree(KMS_FILTER_AND, operands) }
    static func any(_ operands: [Filter]) -> Filter { tree(KMS_FILTER_OR, operands) }
    static func not(_ operand: Filter) -> Filter { tree(KMS_FILTER_NOT, [operand]) }

    static func equal(_ path: String, _ value: Value) -> Filter {
        leaf(KMS_FILTER_EQUAL, path, value)
    }
    static func atMost(_ path: String, _ number: Int64) -> Filter {
        leaf(KMS_FILTER_AT_MOST, path, .integer(number))
    }
    static func atLeast(_ path: String, _ number: Int64) -> Filter {
        leaf(KMS_FILTER_AT_LEAST, path, .integer(number))
    }
    static func prefix(_ path: String, _ value: Value) -> Filter {
        leaf(KMS_FILTER_PREFIX, path, value)
    }
    static func hasBits(_ path: String, _ bits: Int64) -> Filter {
        leaf(KMS_FILTER_HAS_BITS, path, .integer(bits))
    }
    static func hasPath(_ path: String) -> Filter { leaf(KMS_FILTER_HAS_PATH, path, nil) }
    static func uid(_ uid: String) -> Filter { leaf(KMS_FILTER_UID, "", .text(uid)) }
    static func owner(_ owner: String) -> Filter { leaf(KMS_FILTER_OWNER, "", .text(owner)) }
    static func type(_ type: Int64) -> Filter { leaf(KMS_FILTER_TYPE, "", .integer(type)) }
    static func state(_ state: Int64) -> Filter { leaf(KMS_FILTER_STATE, "", .integer(state)) }
    static func tag(_ tag: String, _ rank: Value.Rank = .group) -> Filter {
        leaf(KMS_FILTER_TAG, "", Value.text(tag).ranked(rank))
    }

    /// In prefix order, without recursion: trees of cases may be deep.
    var flattened: [Filter] {
        var nodes: [Filter] = []
        var left = [self]
        while let node = left.popLast() {
            nodes.append(node)
            left += node.operands.reversed()
        }
        return nodes
    }

    private static func tree(_ op: kms_filter_op, _ operands: [Filter]) -> Filter {
        Filter(op: op.rawValue, operands: operands)
    }
    private static func leaf(_ op: kms_filter_op, _ path: String, _ value: Value?) -> Filter {
        Filter(op: op.rawValue, path: path, value: value)
    }
}

/// A search for objects (`kms_query`).
struct Query: Sendable {
    /// `KMS_QUERY_*`.
    struct Flags: OptionSet, Sendable {
        let rawValue: UInt32
        static let owned = Flags(rawValue: 1 << 0)
        static let granted = Flags(rawValue: 1 << 1)
        static let count = Flags(rawValue: 1 << 2)
        static let newest = Flags(rawValue: 1 << 3)
    }

    var filter: Filter?
    var parts: Parts = []
    var who: [String] = []
    var rights: UInt64 = 0
    var cursor: [UInt8] = []
    var limit: UInt32 = 1000
    var skip: UInt32 = 0
    var flags: Flags = []

    init(
        _ filter: Filter? = nil, parts: Parts = [], who: [String] = [], rights: UInt64 = 0,
        cursor: [UInt8] = [], limit: UInt32 = 1000, skip: UInt32 = 0, flags: Flags = []
    ) {
        self.filter = filter
        self.parts = parts
        self.who = who
        self.rights = rights
        self.cursor = cursor
        self.limit = limit
        self.skip = skip
        self.flags = flags
    }
}
