/// A library that may be a driver: where it lies and what was said about it. Nothing was opened.
public struct PluginLocation: Sendable, Equatable {
    /// How far up the folders are checked.
    public enum Ancestry: Sendable, Equatable {
        /// The file and each folder up to the root.
        case every
        /// The file and its folder: for the executable's own folder, which is as trusted as the
        /// executable.
        case folder
    }

    /// Absolute.
    public var path: String
    /// nil when nobody said.
    public var kind: PluginKind?
    /// The names that select it, as far as known without opening it.
    public var serves: [String]
    /// The manifest that said so.
    public var manifest: String?
    /// Hexadecimal digest that the file must have.
    public var sha256: String?
    public var ancestry: Ancestry
    /// The name that was asked for: the library must serve it.
    public var name: String?
    /// Why ``PluginSearch/locate(_:kind:)`` would refuse it.
    public var problem: PluginRefused?

    public init(
        path: String, kind: PluginKind? = nil, serves: [String] = [], manifest: String? = nil,
        sha256: String? = nil, ancestry: Ancestry = .every, name: String? = nil,
        problem: PluginRefused? = nil
    ) {
        self.path = path
        self.kind = kind
        self.serves = serves
        self.manifest = manifest
        self.sha256 = sha256
        self.ancestry = ancestry
        self.name = name
        self.problem = problem
    }

    /// The name in `libkms-<name>.so`; nil for other file names.
    static func driverName(inPath path: String) -> String? {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        guard file.hasPrefix("libkms-"), file.hasSuffix(".so") else { return nil }
        let name = String(file.dropFirst("libkms-".count).dropLast(".so".count))
        return isDriverName(name) ? name : nil
    }

    /// Whether `name` can select a driver: a `database-type` or an `hsm-model`. It becomes part
    /// of a file name, so it has neither `/` nor `.`.
    static func isDriverName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { character in
                switch character {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
