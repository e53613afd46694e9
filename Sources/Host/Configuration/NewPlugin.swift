public import PluginLoader

/// The driver that `kmsd plugin new` is asked to begin.
public struct NewPlugin: Sendable, Equatable {
    public enum Language: String, Sendable { case c, swift }

    /// The `database-type` or `hsm-model` that it will serve: words of a-z and 0-9, joined by `-`.
    public var name: String
    public var kind: PluginKind
    public var language: Language
    /// Where to write it: the folder that is to be made.
    public var directory: String

    private static let usage =
        "kmsd plugin new NAME --kind=database|hsm --language=c|swift [--directory=PATH]"
    private static let options = [
        option("kind", .choice, ["database", "hsm"]), option("language", .choice, ["c", "swift"]),
        option("directory", .path),
    ]

    /// - Parameter words: Those after `plugin new`.
    init(words: [String], options: [String]) throws(ConfigurationErrors) {
        guard let name = words.first, words.count == 1 else {
            throw Self.refusal("kmsd plugin new", "needs one name: \(Self.usage)")
        }
        guard Self.isName(name) else {
            throw Self.refusal(
                "kmsd plugin new",
                "\"\(name)\" is no name for a driver: it has words of a-z and 0-9, joined by -, "
                    + "begins with a letter and has at most \(Self.nameMax) characters")
        }
        let scan = ArgumentScan(options, options: Self.options)
        guard scan.errors.isEmpty else { throw ConfigurationErrors(scan.errors) }
        if let unknown = scan.unknown.first {
            let hint = NearestName.hint(unknown, among: Self.options.map(\.name), as: Spelling.flag)
            throw Self.refusal(Spelling.flag(unknown), "unknown option\(hint)")
        }
        func value(_ name: String) -> String? {
            scan.occurrences.last { $0.name == name }?.value
        }
        guard let kind = value("kind").flatMap(Self.kind) else {
            throw Self.refusal("--kind", "is database or hsm: \(Self.usage)")
        }
        guard let language = value("language").flatMap(Language.init) else {
            throw Self.refusal("--language", "is c or swift: \(Self.usage)")
        }
        self.name = name
        self.kind = kind
        self.language = language
        directory = value("directory") ?? "kms-\(name)"
    }

    private static let nameMax = 40

    /// Stricter than what a library may serve: the name also begins that of an option.
    private static func isName(_ name: String) -> Bool {
        let words = name.split(separator: "-", omittingEmptySubsequences: false)
        return name.utf8.count <= nameMax && ("a"..."z").contains(name.first ?? "0")
            && words.allSatisfy { word in
                !word.isEmpty
                    && word.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) }
            }
    }

    private static func kind(_ name: String) -> PluginKind? {
        [.database, .hsm].first { $0.description == name }
    }

    private static func option(
        _ name: String, _ type: OptionType, _ choices: [String] = []
    ) -> ConfigurationOption {
        ConfigurationOption(
            OptionDescription(name: name, type: type, choices: choices, help: ""), section: .top,
            restrictions: .commandLineOnly)
    }

    private static func refusal(_ flag: String, _ message: String) -> ConfigurationErrors {
        ConfigurationErrors([ConfigurationError(.flag(flag), message)])
    }
}
