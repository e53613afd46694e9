import PluginLoader

extension Inspection {
    /// What the library says about itself once it is loaded.
    init(plugin: Plugin) {
        let info = plugin.info
        check(true, "loads and describes itself", or: "")
        check(info.version.isSemanticVersion, "its version is a semantic one", or: info.version)
        check(
            LicenseExpression.isWellFormed(info.license), "its licence is an SPDX expression",
            or: info.license.isEmpty ? "it names none" : "\"\(info.license)\" is none")
        check(
            !info.summary.isEmpty && !info.summary.contains("\\n"), "has a summary of one line",
            or: "\"\(info.summary)\"")
        check(
            info.url.isEmpty || info.url.contains("://"), "its url is one", or: "\"\(info.url)\"")
        for option in info.options {
            let problems = Self.problems(with: option, of: info)
            check(
                problems.isEmpty, "option \(option.name)", or: problems.joined(separator: "; "))
        }
        describe(plugin)
    }

    /// Names that several drivers share.
    ///
    /// Source: driver guide, "Description and options".
    private static let sharedOptions: Set<String> = [
        "database-url", "max-connections", "connect-timeout",
    ]

    private static func problems(with option: OptionDescription, of info: PluginInfo) -> [String] {
        var problems: [String] = []
        let prefixes = info.serves + [info.name.lowercased()]
        let isOwn = prefixes.contains { prefix in
            let word = prefix.prefix { $0 != "-" }
            return option.name.hasPrefix(word + "-")
        }
        if !isOwn && !sharedOptions.contains(option.name) {
            problems.append("begin its name with that of the driver")
        }
        if option.help.isEmpty { problems.append("it has no help") }
        if option.help.hasSuffix(".") { problems.append("its help ends with a full stop") }
        if option.flags.contains(.required) && option.defaultValue != nil {
            problems.append("it is required and has a default")
        }
        if let text = option.defaultValue, let problem = DefaultValue.problem(text, of: option) {
            problems.append("its default \(problem)")
        }
        return problems
    }

    private mutating func describe(_ plugin: Plugin) {
        let info = plugin.info
        facts += [
            "",
            "\(info.name) \(info.version) (\(info.id))",
            "  \(info.summary)",
            "  vendor   \(info.vendor) \(info.url)",
            "  licence  \(info.license)",
            "  serves   \(info.serves.joined(separator: ", ")) (\(info.kind))",
            "  ABI      \(info.abiMajor).\(info.abiMinor)",
            "  sha256   \(plugin.sha256)",
        ]
        if info.isVolatile { facts.append("  volatile: keeps nothing when it is closed") }
        if info.isSingleProcess { facts.append("  single process: one server per backend") }
        if !info.options.isEmpty { facts += ["", "Options"] + info.options.flatMap(Self.lines) }
    }

    private static func lines(_ option: OptionDescription) -> [String] {
        var traits = ["\(option.type)"]
        if option.flags.contains(.required) { traits.append("required") }
        if option.flags.contains(.secret) { traits.append("secret") }
        if option.flags.contains(.repeated) { traits.append("repeated") }
        if option.flags.contains(.deprecated) { traits.append("deprecated") }
        if !option.choices.isEmpty {
            traits.append("one of " + option.choices.joined(separator: ", "))
        }
        if let bounds = option.bounds {
            traits.append("\(bounds.lowerBound) to \(bounds.upperBound)")
        }
        if let value = option.defaultValue { traits.append("default \(value)") }
        if !option.environment.isEmpty {
            traits.append("also from " + option.environment.joined(separator: ", "))
        }
        return ["  \(option.name)  (\(traits.joined(separator: "; ")))", "      \(option.help)"]
    }
}

/// Whether a default can be a value of its option.
enum DefaultValue {
    static func problem(_ text: String, of option: OptionDescription) -> String? {
        let number: Int64?
        switch option.type {
        case .text, .url, .path, .choice: return nil  // the loader compares choices
        case .boolean: return text == "true" || text == "false" ? nil : "is not true or false"
        case .integer: number = Int64(text)
        case .duration: number = Quantity.nanoseconds(text.unquoted)
        case .size: number = Quantity.bytes(text.unquoted)
        }
        if option.flags.contains(.repeated) { return nil }  // an array, which `run` reads
        guard let number else { return "is not of its type" }
        if let bounds = option.bounds, !bounds.contains(number) { return "is out of its bounds" }
        return nil
    }
}

extension String {
    fileprivate var unquoted: String {
        count >= 2 && hasPrefix("\"") && hasSuffix("\"") ? String(dropFirst().dropLast()) : self
    }

    /// Three numbers, then perhaps what follows a `-` or `+`.
    ///
    /// Source: Semantic Versioning 2.0.0.
    fileprivate var isSemanticVersion: Bool {
        let core = prefix { $0 != "-" && $0 != "+" }
        let numbers = core.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 3
            && numbers.allSatisfy { number in
                !number.isEmpty && number.allSatisfy { $0.isASCII && $0.isNumber }
                    && (number == "0" || !number.hasPrefix("0"))
            }
    }
}
