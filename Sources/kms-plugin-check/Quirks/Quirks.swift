import TOML

/// What a backend truly cannot do, as its author declares it.
///
/// ```toml
/// [[quirk]]
/// case = "query.newest"
/// reason = "the index holds no creation time; results come back in index order"
/// ```
struct Quirks {
    struct Quirk {
        var id: String
        var reason: String
    }

    private(set) var declared: [Quirk] = []

    static let none = Quirks()
    private init() {}

    /// - Parameter known: The ids of all cases: a quirk that names none is a mistake.
    init(path: String, known: Set<String>) throws(FileProblem) {
        let document = try TOMLFile.read(path)
        for (key, node) in document.entries {
            guard key == "quirk", case .array(let items) = node.value else {
                throw FileProblem(path: path, line: node.line, reason: "write each as [[quirk]]")
            }
            for item in items { declared.append(try Self.quirk(item, path, known)) }
        }
        for (index, quirk) in declared.enumerated()
        where declared[..<index].contains(where: { $0.id == quirk.id }) {
            throw FileProblem(path: path, line: nil, reason: "\(quirk.id) is declared twice")
        }
    }

    func reason(for id: String) -> String? { declared.first { $0.id == id }?.reason }

    private static func quirk(
        _ item: Node, _ path: String, _ known: Set<String>
    ) throws(FileProblem) -> Quirk {
        guard case .table(let table) = item.value,
            case .string(let id)? = table["case"]?.value,
            case .string(let reason)? = table["reason"]?.value,
            !reason.allSatisfy(\.isWhitespace), table.entries.count == 2
        else {
            throw FileProblem(
                path: path, line: item.line, reason: "a quirk has a case and a reason, both texts")
        }
        guard known.contains(id) else {
            throw FileProblem(path: path, line: item.line, reason: "there is no case \(id)")
        }
        return Quirk(id: id, reason: reason)
    }
}
