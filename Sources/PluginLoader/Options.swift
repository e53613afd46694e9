public import Secrets

/// The type of a driver's option: how its text is read and what bounds mean.
public enum OptionType: UInt32, Sendable {
    case text, integer, boolean, path, url, duration, size, choice
}

/// Properties of a driver's option (`KMS_OPTION_*`).
public struct OptionFlags: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The driver cannot open without it.
    public static let required = OptionFlags(rawValue: 1 << 0)
    /// Never printed; also read from `<name>-file`; handed over in secure memory.
    public static let secret = OptionFlags(rawValue: 1 << 1)
    /// A TOML array or a repeated flag: one ``Setting`` per value, in order.
    public static let repeated = OptionFlags(rawValue: 1 << 2)
    /// Left out of `--help`.
    public static let hidden = OptionFlags(rawValue: 1 << 3)
    /// Still read; its use is warned about.
    public static let deprecated = OptionFlags(rawValue: 1 << 4)
}

/// One option as the driver declares it: enough to parse, check, complete and document it.
///
/// Source: `kms_option` in `kms/plugin.h`.
public struct OptionDescription: Sendable, Equatable {
    /// Kebab-case and global: `sqlite-path`.
    public var name: String
    public var type: OptionType
    public var flags: OptionFlags
    /// As it would be written in TOML; nil when there is none.
    public var defaultValue: String?
    /// The values of a ``OptionType/choice``.
    public var choices: [String]
    /// Inclusive bounds of integers, durations (nanoseconds) and sizes (bytes); nil when unbounded.
    public var bounds: ClosedRange<Int64>?
    /// Environment variables beside `KMS_<NAME>`.
    public var environment: [String]
    /// One sentence without a final full stop.
    public var help: String

    public init(
        name: String, type: OptionType, flags: OptionFlags = [], defaultValue: String? = nil,
        choices: [String] = [], bounds: ClosedRange<Int64>? = nil, environment: [String] = [],
        help: String
    ) {
        self.name = name
        self.type = type
        self.flags = flags
        self.defaultValue = defaultValue
        self.choices = choices
        self.bounds = bounds
        self.environment = environment
        self.help = help
    }
}

/// A parsed, range-checked option, as `open` hands it to the driver.
public struct Setting: Sendable {
    /// What the text of the configuration became.
    public enum Value: Sendable {
        /// Text, choices, URLs, and paths, which are absolute.
        case text(String)
        /// Integers, durations in nanoseconds, sizes in bytes, booleans as 0 and 1.
        case number(Int64)
        /// Any textual option with ``OptionFlags/secret``, as UTF-8.
        case secret(SecretBytes)
    }

    public var option: OptionDescription
    public var value: Value

    public init(option: OptionDescription, value: Value) {
        self.option = option
        self.value = value
    }
}
