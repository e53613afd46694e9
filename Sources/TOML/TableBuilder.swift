/// A table while its document is read: knows how it came to be, which decides what may be added.
///
/// Source: TOML 1.0.0, "Keys", "Table", "Inline Table", "Array of Tables".
final class TableBuilder {
    enum Origin {
        /// The document itself, or an element of an array of tables: always open.
        case root
        /// Has its own `[header]`.
        case header
        /// Only named on the way to another header: its own may still come.
        case implied
        /// Made by a dotted key: only further dotted keys may add to it.
        case dotted
        /// Closed by its brace.
        case inline
    }

    enum Member {
        case value(Node)
        case table(TableBuilder)
        case tables([TableBuilder])
    }

    var origin: Origin
    let line: Int
    /// Steps from the document's root; bounded by ``Parser/nestingMax``.
    let depth: Int
    private var order: [String] = []
    private var members: [String: Member] = [:]

    init(_ origin: Origin, line: Int, depth: Int) {
        self.origin = origin
        self.line = line
        self.depth = depth
    }

    private func insert(_ member: Member, at key: String) {
        if members.updateValue(member, forKey: key) == nil { order.append(key) }
    }

    private func child(_ origin: Origin, at key: String, line: Int) throws(SyntaxError)
        -> TableBuilder
    {
        let child = try makeChild(origin, line: line)
        insert(.table(child), at: key)
        return child
    }

    private func makeChild(_ origin: Origin, line: Int) throws(SyntaxError) -> TableBuilder {
        guard depth < Parser.nestingMax else {
            throw SyntaxError(line: line, reason: "tables are nested too deeply")
        }
        return TableBuilder(origin, line: line, depth: depth + 1)
    }

    /// The table that `[path]` opens.
    func open(_ path: [String], line: Int) throws(SyntaxError) -> TableBuilder {
        let (parent, last) = try parentOfHeader(path, line: line)
        switch parent.members[last] {
        case nil:
            return try parent.child(.header, at: last, line: line)
        case .table(let table) where table.origin == .implied:
            table.origin = .header
            return table
        case .table(let table):
            throw given(path, before: table.line, line)
        case .tables(let tables):
            throw given(path, before: tables.first?.line ?? line, line)
        case .value(let node):
            throw given(path, before: node.line, line)
        }
    }

    /// The table that `[[path]]` appends.
    func append(_ path: [String], line: Int) throws(SyntaxError) -> TableBuilder {
        let (parent, last) = try parentOfHeader(path, line: line)
        let element = try parent.makeChild(.root, line: line)
        switch parent.members[last] {
        case nil: parent.insert(.tables([element]), at: last)
        case .tables(let tables): parent.insert(.tables(tables + [element]), at: last)
        case .table(let table): throw given(path, before: table.line, line)
        case .value(let node): throw given(path, before: node.line, line)
        }
        return element
    }

    private func parentOfHeader(
        _ path: [String], line: Int
    ) throws(SyntaxError) -> (TableBuilder, String) {
        guard let last = path.last else { throw SyntaxError(line: line, reason: "empty header") }
        var table = self
        for key in path.dropLast() {
            switch table.members[key] {
            case nil: table = try table.child(.implied, at: key, line: line)
            case .table(let next) where next.origin != .inline: table = next
            case .tables(let tables): table = tables.last ?? table
            case .table(let next): throw given(path, before: next.line, line)
            case .value(let node): throw given(path, before: node.line, line)
            }
        }
        return (table, last)
    }

    /// Sets `path = value` below this table.
    func set(_ path: [String], to node: Node) throws(SyntaxError) {
        guard let last = path.last else { throw SyntaxError(line: node.line, reason: "empty key") }
        var table = self
        for key in path.dropLast() {
            switch table.members[key] {
            case nil: table = try table.child(.dotted, at: key, line: node.line)
            case .table(let next) where next.origin == .dotted: table = next
            case .table(let next): throw given(path, before: next.line, node.line)
            case .tables(let tables):
                throw given(path, before: tables.first?.line ?? node.line, node.line)
            case .value(let other): throw given(path, before: other.line, node.line)
            }
        }
        switch table.members[last] {
        case nil: table.insert(.value(node), at: last)
        case .value(let other): throw given(path, before: other.line, node.line)
        case .table(let other): throw given(path, before: other.line, node.line)
        case .tables(let others):
            throw given(path, before: others.first?.line ?? node.line, node.line)
        }
    }

    private func given(_ path: [String], before: Int, _ line: Int) -> SyntaxError {
        let name = path.joined(separator: ".")
        return SyntaxError(line: line, reason: "\(name) was already given on line \(before)")
    }

    /// The finished table. Recursion is bounded by ``Parser/nestingMax``.
    func finished() -> Table {
        Table(
            entries: order.compactMap { key in
                switch members[key] {
                case .value(let node): (key, node)
                case .table(let table): (key, Node(.table(table.finished()), line: table.line))
                case .tables(let tables):
                    (
                        key,
                        Node(
                            .array(tables.map { Node(.table($0.finished()), line: $0.line) }),
                            line: tables.first?.line ?? line)
                    )
                case nil: nil
                }
            })
    }
}
