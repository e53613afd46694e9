import PluginKit

/// A filter that is known to be a tree. Valid as long as the host's query.
struct FilterTree {
    private let filters: Filters

    /// Throws ``Status/invalid`` for what is no tree, or compares what cannot be compared.
    init(_ filters: Filters) throws(DriverFailure) {
        self.filters = filters
        guard !filters.isEmpty else { return }
        var depth = 0
        for node in filters.reversed() {
            try Self.check(node)
            let arity = node.isOperator ? node.arity : 0
            guard arity <= depth else { throw .invalid("filter: operands are missing") }
            depth += 1 - arity
        }
        guard depth == 1 else { throw .invalid("filter: a node belongs to no operator") }
    }

    private static func check(_ node: FilterNode) throws(DriverFailure) {
        switch node.operation {
        case .not? where node.arity != 1: throw .invalid("filter: NOT of \(node.arity)")
        case .prefix?:
            if case .integer = node.value.content { throw .invalid("filter: prefix of a number") }
        case .hasBits?:
            switch node.value.content {
            case .text, .bytes: throw .invalid("filter: bits of a text")
            default: break
            }
        default: break
        }
    }

    /// Folds the tree from its leaves, without recursion: prefix order read backwards has the operands
    /// of each operator at hand, the first one on top.
    private func fold<Value>(
        _ everything: Value, leaf: (FilterNode) -> Value,
        join: (FilterNode.Operation, [Value]) -> Value
    ) -> Value {
        var stack: [Value] = []
        for node in filters.reversed() {
            guard let operation = node.operation, node.isOperator else {
                stack.append(leaf(node))
                continue
            }
            let operands = Array(stack.suffix(node.arity).reversed())
            stack.removeLast(operands.count)
            stack.append(join(operation, operands))
        }
        return stack.last ?? everything
    }

    /// A node that this version does not know counts as true and, below a NOT, the whole NOT does.
    private struct Truth {
        var holds: Bool
        var isExact = true
    }

    func matches(_ object: StoredObject) -> Bool {
        fold(
            Truth(holds: true),
            leaf: { node in
                guard let holds = node.holds(for: object) else {
                    return Truth(holds: true, isExact: false)
                }
                return Truth(holds: holds)
            },
            join: { operation, operands in
                let isExact = operands.allSatisfy(\.isExact)
                switch operation {
                case .and: return Truth(holds: operands.allSatisfy(\.holds), isExact: isExact)
                case .or: return Truth(holds: operands.contains(where: \.holds), isExact: isExact)
                default:
                    let holds = operands.first?.holds ?? true
                    return isExact ? Truth(holds: !holds) : Truth(holds: true, isExact: false)
                }
            }
        ).holds
    }

    /// Some node is not known: the page is a superset.
    var isInexact: Bool { filters.contains { !$0.isKnown } }

    /// Sets of candidates, each of which contains every match; none: all objects are candidates.
    var sources: [CandidateSource] {
        fold(
            [], leaf: { $0.source.map { [$0] } ?? [] },
            join: { operation, operands in
                switch operation {
                case .and: return operands.flatMap(\.self)
                case .or:
                    // Only when each operand narrows; of an operand's sources the first is taken.
                    var union = CandidateSource()
                    for operand in operands {
                        guard let source = operand.first else { return [] }
                        union.formUnion(source)
                    }
                    return [union]
                default: return []
                }
            })
    }
}

extension FilterNode {
    fileprivate var isOperator: Bool {
        switch operation {
        case .and?, .or?, .not?: true
        default: false
        }
    }

    fileprivate var isKnown: Bool {
        guard let operation else { return false }
        switch operation {
        case .equal, .atMost, .atLeast, .prefix, .hasBits:
            return StoredTerm.Content(value) != nil
        default: return true
        }
    }

    /// Nil for what this version does not know.
    fileprivate func holds(for object: StoredObject) -> Bool? {
        guard let operation else { return nil }
        switch operation {
        case .and, .or, .not: return nil
        case .uid: return value.bytes.elementsEqual(object.uid)
        case .owner: return value.bytes.elementsEqual(object.owner)
        case .type: return value.number == Int64(object.type)
        case .state: return value.number == Int64(object.state)
        case .tag: return object.tags.contains { value.bytes.elementsEqual($0) }
        case .hasPath: return object.terms.contains { path.utf8.elementsEqual($0.path) }
        case .equal, .atMost, .atLeast, .prefix, .hasBits:
            guard let wanted = StoredTerm.Content(value) else { return nil }
            return object.terms.contains { term in
                path.utf8.elementsEqual(term.path) && compares(operation, term.content, wanted)
            }
        }
    }

    private func compares(
        _ operation: Operation, _ stored: StoredTerm.Content, _ wanted: StoredTerm.Content
    ) -> Bool {
        switch (operation, stored, wanted) {
        case (.equal, _, _): stored == wanted
        case (.prefix, .text(let text), .text(let start)): text.starts(with: start)
        case (.prefix, .bytes(let bytes), .bytes(let start)): bytes.starts(with: start)
        case (.hasBits, .integer(let number), .integer(let bits)): number & bits == bits
        case (.atMost, .integer(let l), .integer(let r)): l <= r
        case (.atLeast, .integer(let l), .integer(let r)): l >= r
        case (.atMost, .text(let l), .text(let r)), (.atMost, .bytes(let l), .bytes(let r)):
            !r.lexicographicallyPrecedes(l)
        case (.atLeast, .text(let l), .text(let r)), (.atLeast, .bytes(let l), .bytes(let r)):
            !l.lexicographicallyPrecedes(r)
        default: false
        }
    }

    /// What the index has of the objects for which this node holds; nil: it does not have it.
    fileprivate var source: CandidateSource? {
        switch operation {
        case .uid?: return CandidateSource(uids: [Array(value.bytes)])
        case .owner?:
            return value.bytes.isEmpty
                ? nil : CandidateSource(keywords: [.owner(Array(value.bytes))])
        case .tag?: return CandidateSource(keywords: [.tag(Array(value.bytes))])
        case .equal?:
            guard value.rank < .common, let content = StoredTerm.Content(value) else { return nil }
            let path = Array(path.utf8)
            return CandidateSource(
                keywords: [.term(path, content)], unlessIncomplete: [.incomplete(path)])
        default: return nil
        }
    }
}
