import PluginKit

/// A filter as a condition on the row `o` of `objects`, and the fact to start the search from.
struct CompiledFilter {
    /// A set of objects that contains every match, found by key.
    enum Start {
        /// All objects with this term.
        case term([UInt8])
        /// All objects with a term in these bounds.
        case range(TermKey.Bounds)
    }

    /// Empty when everything matches.
    var condition = SQLText()
    var start: Start?
    /// The condition on objects that `start` has found.
    var rest = SQLText()
    /// The condition was too large to be handed to the engine: the page is a superset.
    var isInexact = false
}

/// Translates the host's prefix array in one loop; depth costs an array element, never stack.
///
/// Trees beyond the limits are left to the host (`KMS_OBJECTS_INEXACT`), because parsers of engines
/// have limits of their own: SQLite's stack of 100 states, and its 999 parameters.
struct FilterCompiler {
    static let nodesMax = 200
    static let depthMax = 20

    /// An operator whose operands are still to come.
    private struct Frame {
        let operation: FilterNode.Operation
        var remaining: Int
        /// Every operator above and this one are AND, so each operand narrows the whole search.
        let isConjunction: Bool
    }

    private var compiled = CompiledFilter()
    private var frames: [Frame] = []
    /// The node being added.
    private var index = 0
    /// The node of `compiled.start`, and its rank; ranges rank behind all single terms.
    private var startIndex = -1
    private var startRank = Int.max
    /// A node that is known to hold.
    private let holds: Int?
    /// See ``Dialect``.
    private let keyMax: Int
    private let termsOfObject: StaticString

    private init(_ dialect: Dialect, holds: Int? = nil) {
        keyMax = dialect.keyMax
        termsOfObject = dialect.termsOfObject
        self.holds = holds
    }

    static func compile(
        _ filters: Filters, for dialect: Dialect
    ) throws(DriverFailure) -> CompiledFilter {
        guard !filters.isEmpty else { return CompiledFilter() }
        guard filters.count <= nodesMax else { return CompiledFilter(isInexact: true) }
        var compiler = FilterCompiler(dialect)
        guard try compiler.addAll(filters) else { return CompiledFilter(isInexact: true) }
        guard compiler.compiled.start != nil else { return compiler.compiled }
        var second = FilterCompiler(dialect, holds: compiler.startIndex)
        _ = try second.addAll(filters)
        compiler.compiled.rest = second.compiled.condition
        return compiler.compiled
    }

    /// False when the tree is left to the host: what is too deep, and what a newer host asks.
    private mutating func addAll(_ filters: Filters) throws(DriverFailure) -> Bool {
        for node in filters {
            if index > 0, frames.isEmpty {
                throw .invalid("filter: node \(index) belongs to no operator")
            }
            guard try add(node), frames.count <= Self.depthMax else { return false }
            index += 1
        }
        guard frames.isEmpty else { throw .invalid("filter: operands are missing") }
        return true
    }

    /// False when this version cannot express the node.
    private mutating func add(_ node: FilterNode) throws(DriverFailure) -> Bool {
        guard let operation = node.operation else { return false }
        guard index != holds else {
            compiled.condition.add("1 = 1")
            closeOperand(after: operation, arity: 0)
            return true
        }
        switch operation {
        case .and, .or, .not:
            try open(operation, arity: node.arity)
        case .uid: compiled.condition.add("o.uid = ", .text(BorrowedText(utf8: node.value.bytes)))
        case .owner:
            compiled.condition.add("o.owner = ", .text(BorrowedText(utf8: node.value.bytes)))
        case .type: compiled.condition.add("o.otype = ", .integer(node.value.number))
        case .state: compiled.condition.add("o.state = ", .integer(node.value.number))
        case .tag:
            addTerm(TermKey.tag(node.value.bytes).bytes, rank: node.value.rank)
        case .hasPath:
            addRange(TermKey.all(of: node.path), rank: node.value.rank)
        case .equal, .atMost, .atLeast, .prefix, .hasBits:
            guard let key = TermKey(path: node.path, value: node.value),
                operation != .prefix || key.isPrefix(within: keyMax)
            else { return false }
            try addComparison(operation, key, node)
        }
        closeOperand(after: operation, arity: node.arity)
        return true
    }

    private mutating func open(_ operation: FilterNode.Operation, arity: Int) throws(DriverFailure)
    {
        guard operation != .not || arity == 1 else { throw .invalid("filter: NOT of \(arity)") }
        guard arity > 0 else {
            // No operands: all of none hold, one of none does not.
            return compiled.condition.add(operation == .and ? "(1 = 1)" : "(1 = 0)")
        }
        compiled.condition.add(operation == .not ? "(NOT " : "(")
        let inConjunction = frames.last?.isConjunction ?? true
        frames.append(
            Frame(
                operation: operation, remaining: arity,
                isConjunction: inConjunction && operation == .and))
    }

    /// A node is complete: separate it from the next operand, or close what it completes.
    private mutating func closeOperand(after operation: FilterNode.Operation, arity: Int) {
        if case .and = operation, arity > 0 { return }
        if case .or = operation, arity > 0 { return }
        if case .not = operation { return }
        while let top = frames.indices.last {
            frames[top].remaining -= 1
            if frames[top].remaining > 0 {
                compiled.condition.add(frames[top].operation == .and ? " AND " : " OR ")
                return
            }
            compiled.condition.add(")")
            frames.removeLast()
        }
    }

    private mutating func addComparison(
        _ operation: FilterNode.Operation, _ key: TermKey, _ node: FilterNode
    ) throws(DriverFailure) {
        switch operation {
        case .equal:
            addTerm(key.fitting(keyMax).bytes, rank: node.value.rank)
        case .atMost:
            addRange(key.andBelow(path: node.path), rank: node.value.rank)
        case .atLeast:
            addRange(key.andAbove(path: node.path), rank: node.value.rank)
        case .prefix:
            guard key.number == nil else { throw .invalid("filter: prefix of a number") }
            addRange(key.andLonger(), rank: node.value.rank)
        default:
            guard let bits = key.number else { throw .invalid("filter: bits of a text") }
            addBits(bits, path: node.path)
        }
    }

    /// Begins a search among the terms of the object; the next condition and a bracket end it.
    private mutating func addSearch() {
        compiled.condition.add("EXISTS (SELECT 1 FROM ")
        compiled.condition.add(termsOfObject)
        compiled.condition.add(" WHERE t.oid = o.oid")
    }

    private mutating func addTerm(_ key: [UInt8], rank: Value.Rank) {
        addSearch()
        compiled.condition.add(" AND t.term = ", .bytes(key))
        compiled.condition.add(")")
        consider(.term(key), rank: Int(rank.rawValue))
    }

    private mutating func addRange(_ bounds: TermKey.Bounds, rank: Value.Rank) {
        addSearch()
        compiled.condition.add(" AND t.term >= ", .bytes(bounds.lower))
        compiled.condition.add(" AND t.term < ", .bytes(bounds.upper))
        compiled.condition.add(")")
        consider(.range(bounds), rank: 10 + Int(rank.rawValue))
    }

    private mutating func addBits(_ bits: Int64, path: BorrowedText) {
        let bounds = TermKey.integers(of: path)
        addSearch()
        compiled.condition.add(" AND t.term >= ", .bytes(bounds.lower))
        compiled.condition.add(" AND t.term < ", .bytes(bounds.upper))
        compiled.condition.add(" AND (t.number & ", .integer(bits))
        compiled.condition.add(") = ", .integer(bits))
        compiled.condition.add(")")
    }

    private mutating func consider(_ start: CompiledFilter.Start, rank: Int) {
        guard frames.last?.isConjunction ?? true, rank < startRank else { return }
        compiled.start = start
        startIndex = index
        startRank = rank
    }
}
