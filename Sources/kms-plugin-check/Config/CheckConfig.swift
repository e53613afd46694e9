import FoundationEssentials
import TOML

/// Why a file of the kit cannot be used: the place, and what is wrong there. Never a value.
struct FileProblem: Error, CustomStringConvertible {
    var path: String
    var line: Int?
    var reason: String

    var description: String { path + (line.map { ":\($0)" } ?? "") + ": " + reason }
}

/// What the kit is told about a driver: its options under their names, and a table `[check]`.
///
/// ```toml
/// sqlite-path = "{{scratch}}"
///
/// [check]
/// time-limit = "20s"
///
/// [check.ahead]            # a database that is too new for the driver
/// copy = "databases/ahead" # its files, which are copied to {{scratch}} first
/// ```
struct CheckConfig {
    /// A backend in a state of ``Preparation``.
    struct Prepared {
        /// A folder whose contents are copied into the scratch folder first; absolute.
        var copy: String?
        /// Options that differ.
        var options: [(key: String, node: Node)]
    }

    /// Stands for a folder that is new and empty for each case.
    static let scratchMark = "{{scratch}}"

    let path: String
    /// The driver's options as written.
    let options: [(key: String, node: Node)]
    /// For each case; doubled and more for cases that say so.
    var timeLimit: Duration = .seconds(20)
    /// What the median of inline calls may be: ten times what the header grants them.
    var quickLimit: Duration = .microseconds(500)
    /// The cases may delete everything in the database.
    var mayErase = false
    var prepared: [Preparation: Prepared] = [:]
    /// Where the backend listens, if an option names its place.
    private(set) var backend: Endpoint?
    /// Where the cases for HSMs may make keys.
    var hsm: HSMAccess?

    /// Whether every case has a database of its own, by its place.
    var usesScratch: Bool {
        options.contains {
            Self.texts(in: $0.node.value).contains { $0.contains(Self.scratchMark) }
        }
    }

    /// The folder that relative paths are relative to.
    var folder: String { String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }

    init(path: String) throws(FileProblem) {
        self.path = LibraryPath.absolute(path)
        let document = try TOMLFile.read(path)
        options = document.entries.filter { $0.key != "check" }
        for (_, node) in options {
            for text in Self.texts(in: node.value) { try readPlace(in: text, node) }
        }
        guard let check = document["check"] else { return }
        guard case .table(let table) = check.value else {
            throw FileProblem(path: path, line: check.line, reason: "check must be a table")
        }
        for (key, node) in table.entries { try read(key, node) }
    }

    private mutating func readPlace(in text: String, _ node: Node) throws(FileProblem) {
        guard let mark = ProxyMark(in: text) else { return }
        guard let place = Endpoint(mark.place) else {
            throw problem(node, "\(mark.place) is no place of a backend: \(ProxyMark.example)")
        }
        guard backend == nil, ProxyMark(in: ProxyMark.resolved(text, to: "")) == nil else {
            throw problem(node, "there is a proxy for one place, and options name several")
        }
        backend = place
    }

    private mutating func read(_ key: String, _ node: Node) throws(FileProblem) {
        switch (key.replacing("_", with: "-"), node.value) {
        case ("time-limit", .string(let text)):
            guard let limit = DriverOptions.duration(text) else {
                throw problem(node, "time-limit must be a duration such as \"20s\"")
            }
            timeLimit = limit
        case ("quick-limit", .string(let text)):
            guard let limit = DriverOptions.duration(text) else {
                throw problem(node, "quick-limit must be a duration such as \"500us\"")
            }
            quickLimit = limit
        case ("erase", .boolean(let isSet)): mayErase = isSet
        case ("hsm", .table(let table)): hsm = try HSMAccess(table, self)
        case (let name, .table(let table)):
            guard let state = Preparation(rawValue: name) else {
                let known = Preparation.allCases.map(\.rawValue).joined(separator: ", ")
                throw problem(node, "there is no table [check.\(name)]; there are \(known)")
            }
            prepared[state] = try preparation(table)
        case (let name, _):
            throw problem(node, "check.\(name) is unknown or of another type")
        }
    }

    private func preparation(_ table: Table) throws(FileProblem) -> Prepared {
        var copy: String?
        if let node = table["copy"] {
            guard case .string(let text) = node.value else {
                throw problem(node, "copy must be a string: a folder")
            }
            copy = text.hasPrefix("/") ? text : folder + "/" + text
        }
        return Prepared(copy: copy, options: table.entries.filter { $0.key != "copy" })
    }

    func problem(_ node: Node, _ reason: String) -> FileProblem {
        FileProblem(path: path, line: node.line, reason: reason)
    }

    private static func texts(in value: TOML.Value) -> [String] {
        switch value {
        case .string(let text): [text]
        case .array(let items): items.flatMap { texts(in: $0.value) }
        default: []
        }
    }
}

/// Reads a file of the kit.
enum TOMLFile {
    static func read(_ path: String) throws(FileProblem) -> Table {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw FileProblem(path: path, line: nil, reason: "cannot be read")
        }
        do throws(SyntaxError) {
            return try Parser.parse([UInt8](data))
        } catch {
            throw FileProblem(path: path, line: error.line, reason: error.reason)
        }
    }
}
