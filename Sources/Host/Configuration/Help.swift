public import PluginLoader

/// The text of `kmsd --help`.
public enum Help {
    /// - Parameters:
    ///   - databaseType: Whose options `driver` holds.
    ///   - driver: The driver's options, or why they are not known.
    public static func text(
        databaseType: String, driver: Result<[OptionDescription], any Error>
    ) -> String {
        var parts = [introduction]
        for section in ConfigurationOption.Section.allCases {
            let options = Settings.declarations.map(\.option).filter { $0.section == section }
            if !options.isEmpty {
                let title = section == .top ? "General" : "[\(section.rawValue)]"
                parts.append(title + ":\n" + lines(options))
            }
        }
        switch driver {
        case .success(let described):
            parts.append(
                "[db], driver of database-type \(databaseType):\n" + options(described))
        case .failure(let error):
            parts.append("[db], driver of database-type \(databaseType):\n  not known: \(error)")
        }
        parts.append("Commands:\n" + lines(CommandLineOptions.all))
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// The options of a driver, two lines each.
    public static func options(_ described: [OptionDescription]) -> String {
        let options = described.map { ConfigurationOption($0, section: .database) }
        return options.isEmpty ? "  (none)" : lines(options)
    }

    private static let introduction = """
        Usage: kmsd [options]                    run the server
               kmsd config template [options]    print a configuration file with every option
               kmsd plugin list [options]        list the drivers that are found
               kmsd plugin inspect NAME|PATH     open a driver and print what it says of itself
               kmsd plugin new NAME ...          write the folder of a new driver:
                   --kind=database|hsm --language=c|swift [--directory=PATH]
               kmsd db check [options]           tell what state the database is in
               kmsd db plan [options]            print the SQL that an upgrade would run
               kmsd db migrate [options]         make or upgrade the database's schema
               kmsd db import --from SOURCE      copy the database of a Cosmian KMS 4.12 to 4.22
               kmsd audit verify FILE ...        check that audit logs are whole, oldest first

        Each option --some-name is some-name or some_name in the configuration file and KMS_SOME_NAME in
        the environment. The command line wins over the environment, which wins over the file.
        Options of other drivers: kmsd --help --database-type=TYPE
        """

    private static func lines(_ options: [ConfigurationOption]) -> String {
        options.filter { !$0.description.flags.contains(.hidden) }.map(lines).joined(
            separator: "\n")
    }

    private static func lines(_ option: ConfigurationOption) -> String {
        var text = ""
        if option.isSecret { text += "  \(Spelling.flag(option.name))-file=PATH\n" }
        text += "  " + Spelling.flag(option.name) + form(of: option)
        text += "\n      " + Explanation.text(of: option)
        if let value = Explanation.defaultValue(of: option), !value.isEmpty, value != "[]" {
            text += " [\(value.filter { $0 != "\"" })]"
        }
        let further = option.variables.dropFirst(option.names.count)
        if !further.isEmpty {
            text += "\n      Environment also: " + further.joined(separator: ", ")
        }
        return text
    }

    private static func form(of option: ConfigurationOption) -> String {
        switch option.description.type {
        case .boolean: ""
        case .text, .choice: "=TEXT"
        case .integer: "=NUMBER"
        case .path: "=PATH"
        case .url: "=URL"
        case .duration: "=DURATION"
        case .size: "=SIZE"
        }
    }
}
