import PluginLoader
import TOML

/// A configuration file, cut into the entries that options are matched with.
struct ConfigurationFile: Sendable {
    struct Entry: Sendable {
        var section: ConfigurationOption.Section
        /// As written.
        var key: String
        /// In kebab-case.
        var name: String
        var node: Node
    }

    var path: String
    var isReadableByOthers = false
    var entries: [Entry] = []
    var plugins: [PluginSearch.Entry] = []
    var issuers: [TokenIssuer] = []
    /// What is wrong with its shape; options are not looked at here.
    var errors: [ConfigurationError] = []

    /// A file without entries, such as one that could not be read.
    init(path: String) {
        self.path = path
    }

    /// Reads a file. What is wrong with it is in ``errors``.
    static func read(
        _ path: String, named place: ConfigurationError.Place
    ) -> ConfigurationFile {
        do throws(FileError) {
            let contents = try FileContents.read(path, sizeMax: Parser.sizeMax)
            var file = ConfigurationFile(path: path, contents.bytes)
            file.isReadableByOthers = contents.isReadableByOthers
            return file
        } catch {
            var file = ConfigurationFile(path: path)
            file.errors = [
                ConfigurationError(place, "cannot read \(path): \(error.message)", option: "config")
            ]
            return file
        }
    }

    init(path: String, _ bytes: [UInt8]) {
        self.init(path: path)
        do throws(SyntaxError) {
            for (key, node) in try Parser.parse(bytes).entries {
                take(key, node)
            }
        } catch {
            entries = []
            errors = [
                ConfigurationError(
                    .file(path: path, line: error.line), error.reason, option: "config")
            ]
        }
    }

    /// The place of an entry, as errors give it: `db.sqlite_path`.
    func place(of entry: Entry) -> ConfigurationError.Place {
        place(entry.node.line, [entry.section.rawValue, entry.key])
    }

    private func place(_ line: Int, _ steps: [String]) -> ConfigurationError.Place {
        .file(path: path, line: line, key: steps.filter { !$0.isEmpty }.joined(separator: "."))
    }

    private mutating func take(_ key: String, _ node: Node) {
        let name = Spelling.name(ofKey: key)
        if name == "plugin" {
            for (table, line) in tables(key, node, "library") { takePlugin(table, line: line) }
            return
        }
        if name == "issuer" {
            for (table, line) in tables(key, node, "issuer") { takeIssuer(table, line: line) }
            return
        }
        guard let section = ConfigurationOption.Section(rawValue: key), section != .top else {
            return takeTopLevel(key, name, node)
        }
        guard case .table(let table) = node.value else {
            errors.append(
                ConfigurationError(
                    place(node.line, [key]), "is a section, written [\(key)]", option: name))
            return
        }
        for (key, node) in table.entries {
            entries.append(
                Entry(section: section, key: key, name: Spelling.name(ofKey: key), node: node))
        }
    }

    private mutating func takeTopLevel(_ key: String, _ name: String, _ node: Node) {
        var isSection = false
        if case .table = node.value { isSection = true }
        if isSection, UnavailableOptions.reason(for: name) == nil {
            let sections = ConfigurationOption.Section.allCases.map(\.rawValue).filter {
                !$0.isEmpty
            }
            let hint = NearestName.hint(key, among: sections + ["plugin", "issuer"]) { "[\($0)]" }
            errors.append(ConfigurationError(place(node.line, [key]), "unknown section\(hint)"))
            return
        }
        entries.append(Entry(section: .top, key: key, name: name, node: node))
    }

    private mutating func tables(
        _ key: String, _ node: Node, _ kind: String
    ) -> [(table: Table, line: Int)] {
        guard case .array(let items) = node.value else {
            errors.append(
                ConfigurationError(
                    place(node.line, [key]), "must be written [[\(key)]], once for each \(kind)",
                    option: key))
            return []
        }
        var tables: [(table: Table, line: Int)] = []
        for item in items {
            guard case .table(let table) = item.value else {
                errors.append(
                    ConfigurationError(place(item.line, [key]), "must be a table", option: key))
                continue
            }
            tables.append((table, item.line))
        }
        return tables
    }

    private mutating func takeIssuer(_ table: Table, line: Int) {
        let read = IssuerTable(table, line: line)
        errors += read.mistakes.map {
            ConfigurationError(place($0.line, ["issuer", $0.key]), $0.message, option: "issuer")
        }
        if read.mistakes.isEmpty { issuers.append(read.issuer) }
    }

    private mutating func takePlugin(_ table: Table, line: Int) {
        var plugin = PluginSearch.Entry(path: "")
        func refuse(_ line: Int, _ key: String, _ message: String) {
            errors.append(
                ConfigurationError(place(line, ["plugin", key]), message, option: "plugin"))
        }
        for (key, node) in table.entries {
            switch (key, node.value) {
            case ("path", .string(let path)) where path.hasPrefix("/") && !path.utf8.contains(0):
                plugin.path = path
            case ("path", _): refuse(node.line, key, "must be the absolute path of a library")
            case ("sha256", .string(let digest))
            where digest.utf8.count == 64 && digest.allSatisfy(\.isHexDigit):
                plugin.sha256 = digest.lowercased()
            case ("sha256", _): refuse(node.line, key, "must be a string of 64 hexadecimal digits")
            case ("serves", .array(let names)):
                plugin.serves = names.compactMap {
                    if case .string(let name) = $0.value { name } else { nil }
                }
                if plugin.serves.count != names.count {
                    refuse(node.line, key, "must be an array of strings")
                }
            case ("serves", _): refuse(node.line, key, "must be an array of strings")
            default:
                let hint = NearestName.hint(key, among: ["path", "sha256", "serves"]) { $0 }
                refuse(node.line, key, "unknown key\(hint)")
            }
        }
        if table["path"] == nil { refuse(line, "path", "is missing") }
        plugins.append(plugin)
    }
}
