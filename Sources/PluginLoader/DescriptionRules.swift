/// What a description must keep to, beside being readable.
///
/// Source: driver guide, "Description and options".
enum DescriptionRules {
    /// Names that the host keeps for itself.
    static let reserved: Set<String> = [
        "database-type", "clear-database", "hsm-model", "hsm-admin", "hsm-slot", "hsm-password",
    ]

    /// The first rule that the description breaks.
    static func problem(with info: PluginInfo) -> String? {
        guard isReverseDNS(info.id) else { return "id \"\(info.id)\" is not a reverse DNS name" }
        guard !info.serves.isEmpty else { return "it serves nothing" }
        for name in info.serves where !PluginLocation.isDriverName(name) {
            return "it serves \"\(name)\", which is not made of a-z, 0-9 and '-'"
        }
        var seen: Set<String> = []
        for option in info.options {
            guard seen.insert(option.name).inserted else {
                return "option \(option.name) occurs twice"
            }
            if let problem = problem(with: option) { return "option \(option.name) \(problem)" }
        }
        return nil
    }

    private static func problem(with option: OptionDescription) -> String? {
        guard isKebabCase(option.name) else { return "is not in kebab-case" }
        guard !reserved.contains(option.name) else { return "belongs to the host" }
        if option.type == .choice && option.choices.isEmpty { return "has no choices" }
        if option.type != .choice && !option.choices.isEmpty {
            return "has choices but another type"
        }
        let isText = [.text, .path, .url, .choice].contains(option.type)
        if option.flags.contains(.secret) && !isText { return "is secret but not text" }
        if option.flags.contains(.secret) && option.defaultValue != nil {
            return "is secret but has a default"
        }
        if option.bounds != nil && isText { return "has bounds but is text" }
        if let value = option.defaultValue, option.type == .choice, !option.choices.contains(value)
        {
            return "has a default that is not among its choices"
        }
        for name in option.environment where !isEnvironmentName(name) {
            return "names the environment variable \"\(name)\""
        }
        return nil
    }

    private static func isReverseDNS(_ id: String) -> Bool {
        let labels = id.split(separator: ".", omittingEmptySubsequences: false)
        return labels.count >= 2 && id.utf8.count <= 255 && labels.allSatisfy(isLabel)
    }

    private static func isLabel(_ label: Substring) -> Bool {
        !label.isEmpty
            && label.utf8.allSatisfy { isLowerCase($0) || isDigit($0) || $0 == 0x2D || $0 == 0x5F }
    }

    private static func isKebabCase(_ name: String) -> Bool {
        let words = name.split(separator: "-", omittingEmptySubsequences: false)
        return name.utf8.count <= 128 && name.utf8.first.map(isLowerCase) == true
            && words.allSatisfy {
                !$0.isEmpty && $0.utf8.allSatisfy { isLowerCase($0) || isDigit($0) }
            }
    }

    private static func isEnvironmentName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { $0 == 0x5F || isDigit($0) || (0x41...0x5A).contains($0) }
    }

    private static func isLowerCase(_ character: UInt8) -> Bool {
        (0x61...0x7A).contains(character)
    }
    private static func isDigit(_ character: UInt8) -> Bool { (0x30...0x39).contains(character) }
}
