import PluginLoader

/// What `--from` names: the database of another system, and the driver that reads it.
public struct ImportSource: Sendable {
    /// The `database-type` whose driver reads it.
    public let databaseType: String
    private let form: Form
    private let text: String

    private enum Form { case path, url }

    /// Why `--from` cannot be used. Holds nothing of its value, which may have a password in it.
    public struct Refused: Error, CustomStringConvertible {
        public var description: String
    }

    /// - Parameter text: `sqlite:PATH`, `postgres://...`, `postgresql://...`, `mysql://...`,
    ///   `mariadb://...`.
    public init(_ text: String) throws(Refused) {
        let scheme = text.prefix { $0 != ":" }
        let rest = text.dropFirst(scheme.count + 1)
        switch scheme {
        case "sqlite" where !rest.isEmpty:
            databaseType = "sqlite"
            form = .path
            self.text = String(rest)
        case "postgres" where rest.hasPrefix("//"), "postgresql" where rest.hasPrefix("//"):
            databaseType = "postgresql"
            form = .url
            self.text = text
        case "mysql" where rest.hasPrefix("//"), "mariadb" where rest.hasPrefix("//"):
            databaseType = "mysql"
            form = .url
            self.text = text
        default:
            throw Refused(
                description: "--from must be sqlite:PATH, or a URL that begins with postgres:// or "
                    + "mysql://")
        }
    }

    /// The settings for the driver: the source, and the defaults of its other options.
    ///
    /// - Parameter options: As the driver describes them.
    func settings(_ options: [OptionDescription]) throws(Refused) -> [Setting] {
        let name = form == .path ? "\(databaseType)-path" : "database-url"
        guard options.contains(where: { $0.name == name }) else {
            throw Refused(description: "the driver for \(databaseType) has no option \(name)")
        }
        let reader = OptionReader(base: PathBase(folder: currentDirectory()))
        var settings: [Setting] = []
        for description in options {
            let option = ConfigurationOption(description, section: .database)
            do throws(InvalidValue) {
                let values =
                    description.name == name
                    ? [try reader.value(of: option, text: text)] : try reader.defaults(of: option)
                settings += values.map { Setting(option: description, value: $0) }
            } catch {
                throw Refused(description: "\(description.name) \(error.message)")
            }
        }
        return settings
    }
}
