/// What a plugin is for (`kms_plugin_kind`).
public enum PluginKind: UInt32, Sendable, CustomStringConvertible {
    case database = 1
    case hsm = 2

    public var description: String {
        switch self {
        case .database: "database"
        case .hsm: "hsm"
        }
    }

    /// As it stands in a manifest.
    init?(manifestName: String) {
        switch manifestName {
        case "database": self = .database
        case "hsm": self = .hsm
        default: return nil
        }
    }
}

/// Who a plugin says it is, checked and copied (`kms_plugin_info`).
public struct PluginInfo: Sendable {
    /// Reverse DNS, never reused: `org.example.kms.sqlite`.
    public var id: String
    /// For people: `SQLite`.
    public var name: String
    /// Of the driver.
    public var version: String
    public var vendor: String, url: String
    /// SPDX expression.
    public var license: String
    /// One line.
    public var summary: String
    /// The `database-type` or `hsm-model` names that select it.
    public var serves: [String]
    public var kind: PluginKind
    public var options: [OptionDescription]
    /// Of the header that it was compiled with.
    public var abiMajor: Int, abiMinor: Int
    /// Keeps nothing beyond `close`: for tests and trials.
    public var isVolatile: Bool
    /// Its backend serves one process at a time.
    public var isSingleProcess: Bool
}
