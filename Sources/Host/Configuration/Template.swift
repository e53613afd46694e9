public import PluginLoader

/// A configuration file that lists every option with its explanation, all commented out.
///
/// `#name = value` shows a default: removing the `#` changes nothing. `# name = value`, with a space,
/// is an example of an option that has none.
public enum Template {
    /// - Parameters:
    ///   - databaseType: What `database-type` says in it; nil leaves the default.
    ///   - driverOptions: The options of that driver.
    public static func text(
        databaseType: String? = nil, driverOptions: [OptionDescription]
    ) -> String {
        let options =
            Settings.declarations.map(\.option)
            + driverOptions.map { ConfigurationOption($0, section: .database) }
        var blocks = [introduction]
        for section in ConfigurationOption.Section.allCases {
            let listed = options.filter {
                $0.section == section && !$0.description.flags.contains(.hidden)
            }
            guard !listed.isEmpty else { continue }
            if section != .top { blocks.append("[\(section.rawValue)]") }
            blocks += listed.map { block(for: $0, databaseType) }
        }
        blocks.append(plugins)
        return blocks.joined(separator: "\n\n") + "\n"
    }

    private static let introduction = """
        # Configuration of kmsd.
        #
        # Lines of the form #name = value show defaults; remove the # to set them. Lines of the form
        # # name = value are examples of options without default. Names may be written with - or _.
        # The command line (--name=value) and the environment (KMS_NAME) win over this file.
        """

    private static let plugins = """
        # A driver outside the plugin folders, or one that must have a certain digest. Such tables stand
        # at the end of the file.
        # [[plugin]]
        # path = "/opt/vendor/libkms-vendor.so"
        # sha256 = "64 hexadecimal digits, as sha256sum prints them"
        """

    private static func block(for option: ConfigurationOption, _ databaseType: String?) -> String {
        var lines = ["# \(Explanation.text(of: option))"]
        if option.isSecret {
            lines.append("# \(option.name)-file = \"/path/to/a/file\"")
            lines.append("# \(option.name) = \"\(Redaction.mask)\"")
        } else if option.name == "database-type", let databaseType {
            lines.append("\(option.name) = \(Display.quoted(databaseType))")
        } else if let value = Explanation.defaultValue(of: option) {
            lines.append("#\(option.name) = \(value)")
        } else {
            let example = option.isRepeated ? "[]" : Explanation.placeholder(of: option)
            lines.append("# \(option.name) = \(example)")
        }
        return lines.joined(separator: "\n")
    }
}

/// What the template and `--help` say about an option.
enum Explanation {
    /// Its help, choices, bounds and other names: one line.
    static func text(of option: ConfigurationOption) -> String {
        let description = option.description
        var notes: [String] = []
        if description.flags.contains(.required) { notes.append("required") }
        if description.flags.contains(.deprecated) { notes.append("deprecated") }
        if !description.choices.isEmpty {
            notes.append(description.choices.joined(separator: ", "))
        }
        if let bounds = description.bounds {
            let low = Display.number(bounds.lowerBound, as: description.type)
            let high = Display.number(bounds.upperBound, as: description.type)
            notes.append("\(low) to \(high)")
        }
        if !option.aliases.isEmpty {
            notes.append("also " + option.aliases.joined(separator: ", "))
        }
        if option.restrictions.contains(.noEnvironment) { notes.append("not from the environment") }
        return description.help + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))")
    }

    /// The right side of a line of TOML; nil when there is none.
    static func defaultValue(of option: ConfigurationOption) -> String? {
        guard let text = option.description.defaultValue else { return nil }
        if let first = text.first, "\"'[".contains(first) { return text }
        switch option.description.type {
        case .boolean, .integer: return text
        default: return Display.quoted(text)
        }
    }

    static func placeholder(of option: ConfigurationOption) -> String {
        switch option.description.type {
        case .text: "\"text\""
        case .integer: "0"
        case .boolean: "false"
        case .path: "\"/path\""
        case .url: "\"scheme://host/name\""
        case .duration: "\"30s\""
        case .size: "\"16MiB\""
        case .choice: Display.quoted(option.description.choices.first ?? "")
        }
    }
}
