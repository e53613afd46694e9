public import PluginLoader

/// An option and its place in the configuration. The host's own and those of drivers are alike.
public struct ConfigurationOption: Sendable, Equatable {
    /// Where an option stands in the file. The raw value is the header; empty for the top level.
    public enum Section: String, Sendable, CaseIterable {
        case top = ""
        case database = "db"
        case http, auth, workspace, telemetry

        /// As messages name it: `the top level`, `[db]`.
        var title: String { self == .top ? "the top level" : "[\(rawValue)]" }
    }

    /// Which places may not set it.
    public struct Restrictions: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// A command of the command line, such as `--help`: neither file nor environment know it.
        static let commandLineOnly = Restrictions(rawValue: 1 << 0)
        /// The environment may not change which code is loaded and trusted.
        static let noEnvironment = Restrictions(rawValue: 1 << 1)
    }

    public var description: OptionDescription
    public var section: Section
    /// Other names, in kebab-case like the first.
    public var aliases: [String]
    public var restrictions: Restrictions

    init(
        _ description: OptionDescription, section: Section, aliases: [String] = [],
        restrictions: Restrictions = []
    ) {
        self.description = description
        self.section = section
        self.aliases = aliases
        self.restrictions = restrictions
    }

    public var name: String { description.name }
    var isSecret: Bool { description.flags.contains(.secret) }
    var isRepeated: Bool { description.flags.contains(.repeated) }
    /// A flag that needs no value.
    var isSwitch: Bool { description.type == .boolean && !isRepeated }

    /// Every name that means this option.
    var names: [String] { [name] + aliases }
    /// The names under which a file that holds the value can be given; only secrets have them.
    var fileNames: [String] { isSecret ? names.map { $0 + "-file" } : [] }

    /// Environment variables in the order in which they count.
    var variables: [String] {
        let isBarred = !restrictions.isDisjoint(with: [.noEnvironment, .commandLineOnly])
        return isBarred ? [] : names.map(Spelling.variable) + description.environment
    }

    /// Variables that name a file with the value.
    var fileVariables: [String] { isSecret ? variables.map { $0 + "_FILE" } : [] }
}

/// One name, three spellings.
enum Spelling {
    /// `sqlite_path` and `sqlite-path` are the same key.
    static func name(ofKey key: String) -> String {
        String(key.map { $0 == "_" ? "-" : $0 })
    }

    static func flag(_ name: String) -> String { "--" + name }

    static func variable(_ name: String) -> String {
        "KMS_" + String(name.map { $0 == "-" ? "_" : $0 }).uppercased()
    }
}
