import PluginLoader

extension Configuration {
    /// The text of `kmsd --info`: every option with its value and where that comes from. It is TOML.
    /// Secrets are not in it.
    public var report: String {
        var parts = ["# Configuration file: \(file ?? "none")"]
        for section in ConfigurationOption.Section.allCases {
            let options = effective.filter { $0.option.section == section }
            guard !options.isEmpty else { continue }
            let title = section == .top ? [] : ["[\(section.rawValue)]"]
            parts.append((title + options.map(Configuration.line)).joined(separator: "\n"))
        }
        parts += settings.plugins.map { plugin in
            let pin = plugin.sha256.map { "\nsha256 = \(Display.quoted($0))" } ?? ""
            return "[[plugin]]\npath = \(Display.quoted(plugin.path))\(pin)"
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func line(_ effective: EffectiveOption) -> String {
        let name = effective.option.name
        guard !effective.values.isEmpty || effective.option.isRepeated else {
            return "# \(name) is not set"
        }
        return "\(name) = \(effective.displayed)  # \(effective.origin)"
    }

    /// The text of `kmsd --check-config`: which places had a say.
    public var sources: String {
        var lines: [String] = ["file: \(file ?? "none")"]
        let flags = effective.compactMap { option -> String? in
            if case .commandLine(let flag) = option.origin { flag } else { nil }
        }
        let variables = effective.compactMap { option -> String? in
            if case .environment(let variable) = option.origin { variable } else { nil }
        }
        lines.append(
            "environment: " + (variables.isEmpty ? "none" : variables.joined(separator: ", ")))
        lines.append("command line: " + (flags.isEmpty ? "none" : flags.joined(separator: ", ")))
        return lines.joined(separator: "\n")
    }
}
