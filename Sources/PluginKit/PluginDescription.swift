/// Who a plugin is (`kms_plugin_info`). All texts are literals, because the host may read them at
/// any time and nobody frees them.
public struct PluginDescription: Sendable {
    /// `kms_plugin_kind`.
    public enum Kind: UInt32, Sendable {
        case database = 1
        case hsm
    }

    /// `KMS_PLUGIN_*`.
    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Keeps nothing beyond `close`.
        public static let volatile = Flags(rawValue: 1 << 0)
        /// A backend serves one process at a time.
        public static let singleProcess = Flags(rawValue: 1 << 1)
    }

    /// Reverse DNS, never reused: `org.example.kms.oracle`.
    public var id: StaticString
    public var name: StaticString
    /// Semantic version of the driver.
    public var version: StaticString
    public var vendor: StaticString
    public var url: StaticString
    /// SPDX expression.
    public var license: StaticString
    /// One line for `kmsd plugin list`.
    public var summary: StaticString
    /// The `database-type` or `hsm-model` names that it serves.
    public var serves: [StaticString]
    public var options: [PluginOption]
    public var flags: Flags

    public init(
        id: StaticString, name: StaticString, version: StaticString, vendor: StaticString,
        url: StaticString, license: StaticString, summary: StaticString, serves: [StaticString],
        options: [PluginOption] = [], flags: Flags = []
    ) {
        self.id = id
        self.name = name
        self.version = version
        self.vendor = vendor
        self.url = url
        self.license = license
        self.summary = summary
        self.serves = serves
        self.options = options
        self.flags = flags
    }
}

/// One configuration option (`kms_option`).
public struct PluginOption: Sendable {
    /// `kms_option_type`; durations are nanoseconds, sizes bytes.
    public enum Kind: UInt32, Sendable {
        case text, integer, boolean, path, url, duration, size, choice
    }

    /// `KMS_OPTION_*`.
    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        public static let required = Flags(rawValue: 1 << 0)
        public static let secret = Flags(rawValue: 1 << 1)
        public static let repeated = Flags(rawValue: 1 << 2)
        public static let hidden = Flags(rawValue: 1 << 3)
        public static let deprecated = Flags(rawValue: 1 << 4)
    }

    /// Kebab-case, begins with the name of the driver.
    public var name: StaticString
    public var kind: Kind
    public var flags: Flags
    /// As it would be written in TOML.
    public var defaultValue: StaticString?
    public var choices: [StaticString]
    /// For integers, durations and sizes; nil: no bounds.
    public var range: ClosedRange<Int64>?
    /// Further environment variables.
    public var environment: [StaticString]
    /// One sentence without a final full stop.
    public var help: StaticString

    public init(
        _ name: StaticString, _ kind: Kind, help: StaticString, default value: StaticString? = nil,
        flags: Flags = [], choices: [StaticString] = [], range: ClosedRange<Int64>? = nil,
        environment: [StaticString] = []
    ) {
        self.name = name
        self.kind = kind
        self.flags = flags
        self.defaultValue = value
        self.choices = choices
        self.range = range
        self.environment = environment
        self.help = help
    }
}
